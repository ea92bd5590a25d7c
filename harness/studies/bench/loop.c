/*
 * What lists of calls cost without the agent: runs as process 1 of a guest that has the agent as /init, linked with the
 * agent's own parser. It reads the agent's channel until its controller wants the agent there, and takes these lines:
 *
 *   play ...     keeps the list; answers nothing
 *   drop         forgets the lists; answers nothing
 *   time HOW N   plays all lists kept, N times; answers nanoseconds and how many calls failed
 *   agent        runs the agent on the channel until it ends; then answers `back`
 *
 * HOW is what is done for each list: `bare` makes its calls and closes what they opened; `played` is the agent's play
 * and clean-up, `logged` these and its look at the kernel log, `parsed` its parser alone; `forked` starts an empty
 * process and waits for it.
 */
#include "../../agent/agent.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 512 };

struct shared *shared;
char *in_ring, *out_ring;

/* The bytes of an op w, decoded before the clock starts. */
struct bare {
  struct list list;
  char *bytes[MAX_OPS];
  char *line;
  uint32_t len;
};

static struct bare *kept[MOST];
static unsigned count;
static long failed;

static void keep(const char *line, uint32_t len)
{
  struct bare *one = calloc(1, sizeof *one);
  uint32_t op;

  one->line = malloc(len);
  one->len = len;
  memcpy(one->line, line, len);
  if (count == MOST || parse_play(one->line, len, &one->list, &op))
    power_off("the loop cannot keep a list");
  for (uint32_t i = 0; i < one->list.ops; i++) {
    const struct op *w = &one->list.op[i];

    one->bytes[i] = w->kind == 'w' ? malloc(w->len) : NULL;
    for (uint32_t at = 0; one->bytes[i] && at < w->len; at++) {
      char digits[3] = { w->hex[2 * at], w->hex[2 * at + 1], 0 };

      one->bytes[i][at] = (char)strtoul(digits, NULL, 16);
    }
  }
  kept[count++] = one;
}

/* As in call.c and play.c, without answers, and without anything that guards one list from another. */
static void play_bare(const struct bare *one)
{
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

static void play_all(char how)
{
  static struct list again;
  uint32_t op;

  for (unsigned i = 0; i < count; i++) {
    const struct bare *one = kept[i];

    if (how == 'b') {
      play_bare(one);
    } else if (how == 'f') {
      pid_t child = fork();

      if (!child)
        _exit(0);
      waitpid(child, NULL, 0);
    } else if (how == 'p' || how == 'l') {
      shared->answers_len = 0;
      play(&one->list);
      clean_up(&one->list);
      if (how == 'l')
        report_log("a", 1);
    } else {
      parse_play(one->line, one->len, &again, &op);
    }
  }
}

static int64_t now_ns(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* In a process like the agent's player: its descriptors are the same, and nothing is there before the first turn. */
static _Noreturn void timed(char how, long turns, int answer)
{
  int null = open("/dev/null", O_RDWR);

  for (int fd = 0; fd < 3; fd++)
    dup2(null, fd);
  dup2(answer, FD_WAKE);
  close_fds(FIRST_FD, ~0u);
  prepare_player();
  play_all(how);
  failed = 0;

  int64_t from = now_ns();

  while (turns-- > 0)
    play_all(how);
  dprintf(FD_WAKE, "%lld %ld\n", (long long)(now_ns() - from), failed);
  _exit(0);
}

static void time_it(const char *how, int out)
{
  char *turns = strchr(how, ' '), text[64];
  int ends[2];

  if (!turns || pipe2(ends, O_CLOEXEC))
    power_off("the loop cannot be timed");

  pid_t child = fork();

  if (!child)
    timed(*how == 'p' && how[1] == 'a' ? 'r' : *how, strtol(turns, NULL, 10), ends[1]);
  close(ends[1]);

  ssize_t len = read(ends[0], text, sizeof text);

  close(ends[0]);
  waitpid(child, NULL, 0);
  if (len <= 0 || write(out, text, (size_t)len) < 0)
    power_off("the loop died");
}

static void run_agent(int in, int out)
{
  pid_t child = fork();

  if (!child) {
    dup2(in, 0);
    dup2(out, 1);
    execl("/init", "/init", (char *)NULL);
    _exit(127);
  }
  waitpid(child, NULL, 0);
  dprintf(out, "back\n");
}

int main(void)
{
  static char line[MAX_LINE + 1];
  uint32_t len = 0;
  int in, out;

  become_init(&in, &out);
  in = fcntl(in, F_DUPFD_CLOEXEC, 16); /* out of the way of FD_KMSG and FD_WAKE, as in the agent */
  out = fcntl(out, F_DUPFD_CLOEXEC, 16);
  open_log();
  map_areas();
  out_ring = map_twice(OUT_SIZE);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  dprintf(out, "ready\n");
  /* A byte at a time: what follows `agent` is the agent's. */
  while (read(in, line + len, 1) == 1) {
    if (line[len] != '\n') {
      len += len < MAX_LINE;
      continue;
    }
    line[len] = 0;
    if (!strncmp(line, "play ", 5))
      keep(line, len);
    else if (!strncmp(line, "time ", 5))
      time_it(line + 5, out);
    else if (!strcmp(line, "agent"))
      run_agent(in, out);
    else if (!strcmp(line, "drop"))
      count = 0;
    len = 0;
  }
  power_off(NULL);
}
