/* Reads a `play` line. All of it is checked before anything is played; the reasons are what `bad` answers. */
#include "operands.h"
#include <string.h>

static int id_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/*
 * Reads a line that begins with "play". NULL, or why it is bad; *bad_op is then the op's number from 1, or 0.
 * The id is set wherever one could be read.
 */
const char *parse_play(const char *line, uint32_t len, struct list *list, uint32_t *bad_op)
{
  static char whole[MAX_LINE];
  struct reader reader = { line + 4, line + len, list }, *r = &reader;
  const char *reason;

  list->id_len = list->ops = list->calls = list->opens = list->d_used = list->read_back = 0;
  list->g_used = 0;
  *bad_op = 0;
  if (!take(r, ' '))
    return "play needs an id";
  list->id = r->at;
  while (r->at < r->end && r->at - list->id <= MAX_ID && id_char(*r->at))
    r->at++;
  if (r->at == list->id || r->at - list->id > MAX_ID || (r->at < r->end && *r->at != ' '))
    return "an id is 1 to 16 of A-Z a-z 0-9 _ -";
  list->id_len = (uint32_t)(r->at - list->id);
  if (len > MAX_LINE)
    return "the line is longer than 65536 bytes";
  if (memchr(r->at, '~', (size_t)(r->end - r->at))) {
    len = expand(r->at, (uint32_t)(r->end - r->at), whole);
    if (!len)
      return "~LEN,BACK; is LEN bytes that began BACK before, and there are 65536 at most";
    r->at = whole;
    r->end = whole + len;
  }
  if (!take(r, ' ') || !decimal(r, &list->deadline_ms))
    return "a deadline is 1 to 999999999 milliseconds";
  while (r->at < r->end) {
    *bad_op = list->ops + 1;
    if (!take(r, ' '))
      return "ops are separated by one space";
    if (list->ops == MAX_OPS)
      return "more than 4096 ops";
    if ((reason = one_op(r, &list->op[list->ops++])))
      return reason;
  }
  return NULL;
}
