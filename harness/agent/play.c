/* Plays one list. */
#include "agent.h"
#include <string.h>

static char *answer;

static void answered(void)
{
  __atomic_store_n(&shared->answers_len, (uint32_t)(answer - shared->answers), __ATOMIC_RELEASE);
}

static int nibble(char c)
{
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static void put_bytes(const char *hex, uint32_t len, char *to)
{
  for (uint32_t i = 0; i < len; i++)
    to[i] = (char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
}

static long look_at(const struct op *op)
{
  char path[MAX_PATH + 1] = "";

  put_bytes(op->hex, op->nr, path);
  return look(path, (char *)op->addr, op->len);
}

static void read_bytes(uint32_t len, const char *from)
{
  *answer++ = ':';
  while (from && len && !from[len - 1])
    len--;
  for (uint32_t i = 0; from && i < len; i++) {
    uint8_t byte = (uint8_t)from[i];

    *answer++ = "0123456789abcdef"[byte >> 4];
    *answer++ = "0123456789abcdef"[byte & 15];
  }
  answered();
}

void play(const struct list *list)
{
  uint32_t timer_ms = 0;
  const struct op *limit = NULL;
  uint64_t most = 0;
  long result = -1;
  int32_t fd;

  answer = shared->answers;
  for (const struct op *op = list->op; op < list->op + list->ops; op++) {
    char *where = (char *)op->addr;

    switch (op->kind) {
    case 'k':
    case 'i':
    case 'j':
    case 'h':
    case 'b':
    case 'q':
    case 'c':
    case 'm':
    case 'r':
    case 'l':
    case 'a':
      if (limit)
        most = limit_fds(limit->arg);
      result = op->kind == 'l' ? look_at(op) : make_call(op, timer_ms);
      if (limit)
        limit_fds(most);
      timer_ms = 0;
      limit = NULL;
      *answer++ = ' ';
      answer = put_decimal(answer, result);
      answered();
      continue;
    case 't':
      timer_ms = op->len;
      continue;
    case 'n':
      limit = op;
      continue;
    }
    if (op->addr_slot != NO_SLOT && !mapped(op->addr_slot, fds))
      where = NULL;
    if (op->kind == 'x')
      read_bytes(op->len, where);
    if (!where)
      continue;
    if (op->kind == 'w') {
      put_bytes(op->hex, op->len, where);
      if (op->addr - area_address(AREA_G, 0) < area_size(AREA_G))
        show_guest(where, op->len);
    } else if (op->kind == 'p') {
      if (op->arg_slot != NO_SLOT)
        mapped(op->arg_slot, fds);
      memcpy(where, &op->arg, 8);
    } else if (op->kind == 'e') {
      fd = eventfd_of(op->slot);
      memcpy(where, &fd, 4);
    } else if (op->kind == 'd') {
      memcpy(where, &fds[op->slot], 4);
    } else if (op->kind == 'f' && result >= 0) {
      memcpy(&fd, where, 4);
      if (fd >= 0)
        put_fd(op->slot, fd);
    }
  }
}

void prepare_player(void)
{
  catch_alarm();
  prepare_fds();
  clear_areas(area_size(AREA_D), 0);
  learn_run_size();
}
