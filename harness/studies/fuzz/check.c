/* What PROTOCOL.md promises of every answer, checked as it is published; the input's lines are read apart from the agent. */
#include "fuzz.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *next, *text_end;
static char *copy;
static size_t copy_size;

static const char *line_of(const char **end)
{
  *end = next < text_end ? memchr(next, '\n', (size_t)(text_end - next)) : NULL;
  return next;
}

void broken(const char *promise)
{
  const char *end, *line = line_of(&end);
  int len = (int)((end ? end : text_end) - line);

  fprintf(stderr, "PROMISE BROKEN: %s; line: %.*s\n", promise, len > 200 ? 200 : len, line);
  abort();
}

static void hold(int held, const char *promise)
{
  if (!held)
    broken(promise);
}

void expect_lines(const char *text, size_t len)
{
  next = text;
  text_end = text + len;
}

static void go_on(const char *end)
{
  next = end ? end + 1 : text_end;
}

/* Its player was killed; the supervisor answers. */
void line_is_lost(void)
{
  const char *end;

  line_of(&end);
  go_on(end);
}

void check_end(void)
{
  hold(next == text_end, "every line has an answer");
}

/* The id of a line, or - where it has none. */
static size_t id_of(const char *line, const char *end, const char **id)
{
  size_t len = 0;

  *id = "-";
  if (end - line < 6 || memcmp(line, "play ", 5))
    return 1;
  while (line + 5 + len < end && line[5 + len] && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", line[5 + len]))
    len++;
  if (len == 0 || len > MAX_ID || (line + 5 + len < end && line[5 + len] != ' '))
    return 1;
  *id = line + 5;
  return len;
}

/* WORD ID and a space or the end. Gives what follows, or NULL. */
static const char *after(const char *answer, const char *word, const char *id, size_t id_len)
{
  size_t len = strlen(word);

  if (strncmp(answer, word, len) || strncmp(answer + len, id, id_len))
    return NULL;
  answer += len + id_len;
  return *answer == ' ' || *answer == '\n' ? answer : NULL;
}

/* The answers of a list against its ops and what the kernel answered. */
static void check_answers(const char *answer, const char *line, const char *end)
{
  const int64_t *values;
  uint32_t calls = results(&values), seen = 0;
  static char whole[MAX_LINE];
  const char *rest = memchr(line + 5, ' ', (size_t)(end - line - 5));

  end = whole + expand(rest, (uint32_t)(end - rest), whole);
  for (const char *op = whole; (op = memchr(op, ' ', (size_t)(end - op))); ) {
    op++;
    if (*op == 'x') {
      hold(*answer++ == ':', "each x has its data");
      answer += strspn(answer, "0123456789abcdef");
    } else if (*op == 'l') {
      hold(!strncmp(answer, " -2", 3), "a file that is not there is ENOENT");
      answer += 3;
    } else if (*op == 'm' || *op == 'b' || *op == 'q') {
      hold(*answer++ == ' ', "each mapping, beginning and end has its answer");
      answer += strspn(answer, "-0123456789");
    } else if (strchr("kijhcra", *op)) {
      char wanted[32];
      int len = snprintf(wanted, sizeof wanted, " %lld", seen < calls ? (long long)values[seen] : 0);

      hold(seen++ < calls && !strncmp(answer, wanted, (size_t)len), "each call has the kernel's answer");
      answer += len;
    }
  }
  hold(*answer == '\n', "nothing else is answered");
}

static void check_line(const char *answer)
{
  const char *end, *line = line_of(&end), *id, *rest;
  size_t len = (size_t)((end ? end : text_end) - line);
  size_t id_len = id_of(line, line + len, &id);
  int is_play = len >= 5 && !memcmp(line, "play ", 5);

  if (after(answer, "log ", "-", 1))
    return;
  hold(line < text_end, "no answer without a line");
  if (!strncmp(answer, "log ", 4)) {
    hold(is_play && end && after(answer, "log ", id, id_len), "a log line is one of the list that is played");
    return;
  }
  if (!end && len <= MAX_LINE)
    hold(!strcmp(answer, "bad - the last line has no newline\n"), "half a line is bad");
  else if (after(answer, "done ", id, id_len)) {
    hold(is_play && end && len <= MAX_LINE, "a list that is played was asked for");
    check_answers(answer + 5 + id_len, line, end);
    hold(!left_behind(), left_behind());
  } else if (is_play || len > MAX_LINE)
    hold((rest = after(answer, "bad ", id, id_len)) && rest[1] != '\n', "a bad line keeps its id and has a reason");
  else if (len == 7 && !memcmp(line, "hello 1", 7))
    hold(!strncmp(answer, "agent 1 ", 8), "hello is answered by the greeting");
  else if (len == 5 && !memcmp(line, "audit", 5))
    hold(!strncmp(answer, "audit ", 6), "audit is answered");
  else if (len == 3 && !memcmp(line, "bye", 3))
    hold(!strcmp(answer, "bye\n"), "bye is answered");
  else
    hold(!strncmp(answer, "bad - ", 6), "what is no line of the protocol is bad");
  go_on(end);
  if (!strcmp(answer, "bye\n"))
    next = text_end;
}

/* In place of out_publish() for the player and the log. */
void fuzz_out_publish(const char *end, uint32_t in_consumed)
{
  const char *from = out_ring + (produced() & (OUT_SIZE - 1));
  size_t len = (size_t)(end - from);

  if (len) {
    if (len >= copy_size)
      copy = realloc(copy, copy_size = 2 * len + 1);
    memcpy(copy, from, len);
    copy[len] = 0;
    hold(memchr(copy, '\n', len) == copy + len - 1, "an answer is one line");
    for (size_t i = 0; i < len - 1; i++)
      hold(copy[i] >= ' ' && copy[i] <= '~', "an answer is printable");
    check_line(copy);
  }
  out_publish(end, in_consumed);
}

/* In place of parse_play() for the player: the line in memory that ends where it ends, so that a byte too far is seen. */
const char *fuzz_parse_play(const char *line, uint32_t len, struct list *list, uint32_t *bad_op)
{
  static char *exact;

  free(exact);
  exact = malloc(len);
  memcpy(exact, line, len);
  begin_list();
  return parse_play(exact, len, list, bad_op);
}
