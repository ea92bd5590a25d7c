/* The lists that are kept to be timed, and what they cost without the agent: their calls, and nothing else. */
#include "loop.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 512 };

/* The bytes of an op w, decoded before the clock starts. */
struct bare {
  struct list list;
  char *bytes[MAX_OPS];
  char *line;
  uint32_t len;
};

static struct bare *kept[MOST];
unsigned kept_lists;
long failed;

void keep(const char *line, uint32_t len)
{
  struct bare *one = calloc(1, sizeof *one);
  uint32_t op;

  one->line = malloc(len);
  one->len = len;
  memcpy(one->line, line, len);
  if (kept_lists == MOST || parse_play(one->line, len, &one->list, &op))
    power_off("the loop cannot keep a list");
  for (uint32_t i = 0; i < one->list.ops; i++) {
    const struct op *w = &one->list.op[i];

    one->bytes[i] = w->kind == 'w' ? malloc(w->len) : NULL;
    for (uint32_t at = 0; one->bytes[i] && at < w->len; at++) {
      char digits[3] = { w->hex[2 * at], w->hex[2 * at + 1], 0 };

      one->bytes[i][at] = (char)strtoul(digits, NULL, 16);
    }
  }
  kept[kept_lists++] = one;
}

/* As in call.c and play.c, without answers, and without anything that guards one list from another. */
void play_bare(unsigned number)
{
  const struct bare *one = kept[number];
  const struct list *list = &one->list;
  int fds[SLOTS], run[SLOTS] = { 0 };
  long result = -1;

  memset(fds, 0xff, sizeof fds);
  for (uint32_t i = 0; i < list->ops; i++) {
    const struct op *op = &list->op[i];
    /* The vcpu whose kvm_run the op touches. */
    int v = op->kind == 'i' ? op->arg_slot : op->kind == 'w' || op->kind == 'p' ? op->addr_slot : NO_SLOT;

    if (v != NO_SLOT && !run[v])
      run[v] = fds[v] >= 0 && mmap((void *)area_address(AREA_V, v), area_size(AREA_V), PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_FIXED, fds[v], 0) != MAP_FAILED;
    switch (op->kind) {
    case 'k':
      result = fds[op->slot] = open("/dev/kvm", O_RDWR | O_CLOEXEC);
      break;
    case 'i':
      result = syscall(SYS_ioctl, fds[op->slot], op->nr, op->arg);
      if (result >= FIRST_FD && op->into != NO_SLOT)
        fds[op->into] = (int)result;
      break;
    case 'c':
      result = close(fds[op->slot]);
      fds[op->slot] = -1;
      break;
    case 'w':
      if (v == NO_SLOT || run[v])
        memcpy((void *)op->addr, one->bytes[i], op->len);
      continue;
    case 'p':
      if (v == NO_SLOT || run[v])
        memcpy((void *)op->addr, &op->arg, 8);
      continue;
    case 'f':
      if (result >= 0)
        memcpy(&fds[op->slot], (void *)op->addr, 4);
      continue;
    default:
      continue;
    }
    failed += result < 0;
  }
  for (int slot = 0; slot < SLOTS; slot++)
    if (run[slot])
      munmap((void *)area_address(AREA_V, slot), area_size(AREA_V));
  close_fds(FIRST_FD, FIRST_FD + list->opens - 1);
}

const struct list *kept_list(unsigned number)
{
  return &kept[number]->list;
}

void parse_kept(unsigned number)
{
  static struct list again;
  uint32_t op;

  parse_play(kept[number]->line, kept[number]->len, &again, &op);
}
