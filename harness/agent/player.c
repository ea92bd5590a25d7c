/* The player: takes lines from the input ring, plays them, puts answers into the output ring. */
#include "agent.h"
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static struct list list;
static uint32_t nudged; /* output up to here is known to the supervisor */

static void wait_for_room(void)
{
  uint32_t tail = __atomic_load_n(&shared->out_tail, __ATOMIC_SEQ_CST);

  __atomic_store_n(&shared->want_room, 1, __ATOMIC_SEQ_CST);
  nudge_supervisor();
  wait_on(&shared->out_tail, tail);
  __atomic_store_n(&shared->want_room, 0, __ATOMIC_SEQ_CST);
}

static void bad(const char *reason, uint32_t op, uint32_t next)
{
  char *to = put_text(out_begin(256), "bad ");

  if (list.id_len) {
    memcpy(to, list.id, list.id_len);
    to += list.id_len;
  } else {
    *to++ = '-';
  }
  *to++ = ' ';
  if (op)
    to = put_text(put_decimal(put_text(to, "op "), op), ": ");
  to = put_text(to, reason);
  *to++ = '\n';
  out_publish(to, next);
}

static void greet(uint32_t next)
{
  struct utsname u;
  char *to = put_text(out_begin(4096), "agent 1 agent.c ");

  uname(&u);
  to = put_encoded(to, u.release, strlen(u.release));
  *to++ = ' ';
  to = put_encoded(to, u.version, strlen(u.version));
  *to++ = ' ';
  to = put_encoded(to, u.machine, strlen(u.machine));
  *to++ = '\n';
  out_publish(to, next);
}

/* The player's part of a list, and the answer. The deadline covers the clean-up too: closing can hang as well. */
static void play_line(uint32_t next)
{
  int left;
  char *to;

  memcpy(shared->id, list.id, list.id_len);
  shared->answers_len = 0;
  shared->id_len = list.id_len;
  __atomic_store_n(&shared->deadline, now_ms() + list.deadline_ms, __ATOMIC_RELEASE);
  play(&list);
  left = clean_up(&list);
  __atomic_store_n(&shared->deadline, 0, __ATOMIC_RELEASE);
  report_log(list.id, list.id_len);
  to = put_text(out_begin(64 + shared->answers_len), "done ");
  memcpy(to, list.id, list.id_len);
  to += list.id_len;
  memcpy(to, shared->answers, shared->answers_len);
  to += shared->answers_len;
  *to++ = '\n';
  out_publish(to, next);
  if (left)
    _exit(3);
}

static int is(const char *line, uint32_t len, const char *word)
{
  return len == strlen(word) && !memcmp(line, word, len);
}

static void one_line(const char *line, uint32_t len, uint32_t next)
{
  const char *reason;
  uint32_t op = 0;

  list.id_len = 0;
  if (len >= 5 && !memcmp(line, "play ", 5)) {
    reason = parse_play(line, len, &list, &op);
    if (reason)
      bad(reason, op, next);
    else
      play_line(next);
  } else if (len > MAX_LINE) {
    bad("the line is longer than 65536 bytes", 0, next);
  } else if (is(line, len, "hello 1")) {
    greet(next);
  } else if (len > 5 && !memcmp(line, "hello", 5)) {
    bad("only version 1 is spoken: hello 1", 0, next);
  } else if (is(line, len, "audit")) {
    out_publish(put_audit(out_begin(256)), next);
  } else if (is(line, len, "bye")) {
    out_publish(put_text(out_begin(16), "bye\n"), next);
    __atomic_store_n(&shared->finished, 1, __ATOMIC_SEQ_CST);
  } else {
    bad("a line begins with hello, play, audit or bye", 0, next);
  }
}

static void begin_line(uint32_t from, uint32_t len, uint32_t next)
{
  shared->id_len = shared->answers_len = 0;
  __atomic_store_n(&shared->line_end, next, __ATOMIC_RELEASE);
  one_line(in_ring + (from & (IN_SIZE - 1)), len, next);
  if (produced() - nudged >= FLUSH_BYTES) {
    nudged = produced();
    nudge_supervisor();
  }
}

/* Everything in [consumed, head) that is complete. Gives how far it has looked for a newline. */
static uint32_t some_lines(uint32_t head, uint32_t looked)
{
  while (!shared->finished) {
    uint32_t from = consumed();
    char *start = in_ring + (from & (IN_SIZE - 1));
    char *newline = memchr(start + (looked - from), '\n', head - looked);
    uint32_t len = newline ? (uint32_t)(newline - start) : head - from;

    looked = newline ? from + len + 1 : head;
    if (shared->skipping) {
      shared->skipping = !newline;
      __atomic_store_n(&shared->line_end, looked, __ATOMIC_RELEASE);
      out_publish(out_begin(0), looked);
    } else if (newline) {
      begin_line(from, len, looked);
      continue;
    } else if (len > MAX_LINE) {
      shared->skipping = 1;
      begin_line(from, len, looked);
    }
    if (!newline)
      break;
  }
  return looked;
}

/* The last line had no newline: it may be a part of one, so it is not played. */
static void end_of_input(void)
{
  uint32_t head = shared->in_head;

  list.id_len = 0;
  if (head != consumed() && !shared->skipping)
    bad("the last line has no newline", 0, head);
  __atomic_store_n(&shared->line_end, head, __ATOMIC_RELEASE);
  __atomic_store_n(&shared->finished, 1, __ATOMIC_SEQ_CST);
}

_Noreturn void player(void)
{
  uint32_t looked = consumed();

  make_room = wait_for_room;
  nudged = produced();
  prepare_player();
  for (;;) {
    uint32_t event = __atomic_load_n(&shared->in_event, __ATOMIC_SEQ_CST);
    uint32_t end = __atomic_load_n(&shared->in_end, __ATOMIC_SEQ_CST);

    looked = some_lines(__atomic_load_n(&shared->in_head, __ATOMIC_SEQ_CST), looked);
    if (end && !shared->finished)
      end_of_input();
    __atomic_store_n(&shared->idle_event, event, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&shared->in_event, __ATOMIC_SEQ_CST) == event) {
      if (produced() != nudged || shared->finished)
        nudge_supervisor();
      nudged = produced();
      wait_on(&shared->in_event, event);
      report_log("-", 1); /* what was logged while nothing was played belongs to no list */
    }
  }
}
