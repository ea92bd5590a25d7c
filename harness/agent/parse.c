/* Reads a `play` line. All of it is checked before anything is played; the reasons are what `bad` answers. */
#include "agent.h"
#include <string.h>
#include <sys/mman.h>

static const char *at, *end;
static struct list *list;

static const int8_t hex_value[256] = {
  ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
  ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
  ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int take(char c)
{
  if (at == end || *at != c)
    return 0;
  at++;
  return 1;
}

static int number(int digits, uint64_t *value)
{
  const char *from = at;
  int digit;

  for (*value = 0; at < end && (digit = hex_value[(uint8_t)*at]); at++) {
    if (at - from == digits)
      return 0;
    *value = *value << 4 | (uint64_t)(digit - 1);
  }
  return at > from;
}

static int decimal(uint32_t *value)
{
  const char *from = at;

  for (*value = 0; at < end && *at >= '0' && *at <= '9'; at++) {
    if (at - from == 9)
      return 0;
    *value = *value * 10 + (uint32_t)(*at - '0');
  }
  return at > from && *value > 0;
}

static const char *slot(uint8_t *value)
{
  uint64_t n;

  if (!number(2, &n) || n >= SLOTS)
    return "a slot is 0 to 17";
  *value = (uint8_t)n;
  return NULL;
}

/* AREA:OFFSET with room for len bytes behind it; gives the area and where in it. */
static const char *address(uint64_t len, int *area, uint64_t *offset, uint64_t *where, uint8_t *v_slot)
{
  static const char names[] = "drugvo";
  const char *name = at < end ? memchr(names, *at, 6) : NULL;
  const char *reason;

  *v_slot = NO_SLOT;
  if (!name)
    return "an area is d, r, u, g, v or o";
  at++;
  *area = (int)(name - names);
  if ((*area == AREA_V || *area == AREA_O) && (reason = slot(v_slot)))
    return reason;
  if (*area == AREA_O)
    *v_slot += SLOTS;
  if (!take(':') || !number(16, offset))
    return "an address is AREA:OFFSET";
  if (*offset > area_size(*area) || len > area_size(*area) - *offset)
    return "outside the area";
  *where = area_address(*area, *v_slot) + *offset;
  list->g_used |= *area == AREA_G;
  return NULL;
}

/* The address that w, p, e, d, x, r, l or f works on. */
static const char *own_address(struct op *op, uint64_t len, int writes)
{
  int area;
  uint64_t offset;
  const char *reason = address(len, &area, &offset, &op->addr, &op->addr_slot);

  if (reason)
    return reason;
  if (area == AREA_U)
    return "area u is never mapped";
  if (area == AREA_R && writes)
    return "area r is read-only";
  if (writes && area == AREA_D && offset + len > list->d_used)
    list->d_used = (uint32_t)(offset + len);
  return NULL;
}

static const char *argument(struct op *op)
{
  int area;
  uint64_t offset, flipped;
  const char *reason;

  op->arg_slot = NO_SLOT;
  if (!take('@'))
    return number(16, &op->arg) ? NULL : "an argument is a number of up to 64 bits or @ADDR";
  if ((reason = address(0, &area, &offset, &op->arg, &op->arg_slot)))
    return reason;
  if (area == AREA_D) /* what the kernel writes through it has no bound that we know */
    list->d_used = area_size(AREA_D);
  if (take('^')) {
    if (!number(16, &flipped))
      return "@ADDR^BITS has up to 16 hex digits of bits";
    op->arg ^= flipped;
  }
  return NULL;
}

static const char *bytes(struct op *op)
{
  const char *address_at = at, *comma = memchr(at, ',', (size_t)(end - at));
  const char *reason;

  if (!comma)
    return "w is w,ADDR,HEX";
  op->hex = at = comma + 1;
  while (at < end && hex_value[(uint8_t)*at])
    at++;
  op->len = (uint32_t)(at - op->hex) / 2;
  if (!op->len || (at - op->hex) % 2)
    return "bytes are pairs of hex digits";
  comma = at;
  at = address_at;
  reason = own_address(op, op->len, 1);
  if (!reason && !take(','))
    return "an address is AREA:OFFSET";
  at = comma;
  return reason;
}

/* ADDR,LEN, of at most `most` bytes; `why` is what is wrong with another. */
static const char *sized_address(struct op *op, uint64_t most, int writes, const char *why)
{
  const char *from = at, *comma = memchr(at, ',', (size_t)(end - at));
  uint64_t len;
  const char *reason;

  if (!comma)
    return why;
  at = comma + 1;
  if (!number(16, &len) || len > most)
    return why;
  op->len = (uint32_t)len;
  comma = at;
  at = from;
  reason = own_address(op, len, writes);
  if (!reason && !take(','))
    return "an address is AREA:OFFSET";
  at = comma;
  return reason;
}

static const char *look_at(struct op *op)
{
  const char *reason;

  if (at < end && *at != 'd' && *at != 'g')
    return "l reads into d or g";
  if ((reason = sized_address(op, area_size(AREA_G), 1, "l is l,ADDR,LEN,PATH")))
    return reason;
  if (!take(','))
    return "l is l,ADDR,LEN,PATH";
  op->hex = at;
  while (at < end && hex_value[(uint8_t)*at])
    at++;
  op->nr = (uint32_t)(at - op->hex) / 2;
  return op->nr && op->nr <= MAX_PATH && (at - op->hex) % 2 == 0 ? NULL : "a path is 1 to ff pairs of hex digits";
}

static const char *one_op(struct op *op)
{
  const char *reason;
  uint64_t nr;

  op->kind = at < end ? (uint8_t)*at++ : 0;
  if (!op->kind || !memchr("kijhclmrafwpedxtn", op->kind, 17) || !take(','))
    return "no such op";
  op->into = op->arg_slot = NO_SLOT;
  op->len = 0;
  switch (op->kind) {
  case 'k':
  case 'c':
  case 'm':
    list->calls++;
    list->opens += op->kind == 'k';
    reason = slot(&op->slot);
    if (reason || op->kind != 'm' || !take(','))
      return reason;
    op->len = MAP_SHARED;
    if (!number(8, &op->arg))
      return "a page has up to 32 bits";
    if (!take(','))
      return NULL;
    if (!number(1, &nr) || (nr != MAP_SHARED && nr != MAP_PRIVATE))
      return "a mapping is 1, shared, or 2, private";
    op->len = (uint32_t)nr;
    return NULL;
  case 'i':
  case 'j':
  case 'h':
    list->calls++;
    list->opens += op->kind != 'j';
    if ((reason = slot(&op->slot)))
      return reason;
    if (!take(',') || !number(8, &nr) || !take(','))
      return "an ioctl number has up to 32 bits";
    op->nr = (uint32_t)nr;
    reason = argument(op);
    return reason || op->kind == 'j' || !take(',') ? reason : slot(&op->into);
  case 'f':
    if ((reason = own_address(op, 4, 0)))
      return reason;
    return take(',') ? slot(&op->slot) : "f is f,ADDR,SLOT";
  case 'w':
    return bytes(op);
  case 'p':
    if ((reason = own_address(op, 8, 1)))
      return reason;
    return take(',') ? argument(op) : "p is p,ADDR,ARG";
  case 'e':
    list->opens++;
    if ((reason = own_address(op, 4, 1)))
      return reason;
    if (!take(',') || !number(1, &nr) || nr >= EVENTFDS)
      return "e is e,ADDR,N, of eventfds 0 to 7";
    op->slot = (uint8_t)nr;
    return NULL;
  case 'd':
    if ((reason = own_address(op, 4, 1)))
      return reason;
    return take(',') ? slot(&op->slot) : "d is d,ADDR,SLOT";
  case 'r':
    list->calls++;
    if ((reason = slot(&op->slot)))
      return reason;
    if (!take(',') || (at < end && *at != 'd' && *at != 'g'))
      return "r reads into d or g";
    if ((reason = sized_address(op, area_size(AREA_G), 1, "r is r,SLOT,ADDR,LEN,OFFSET")))
      return reason;
    return take(',') && number(16, &op->arg) ? NULL : "r is r,SLOT,ADDR,LEN,OFFSET";
  case 'a':
    list->calls++;
    if ((reason = slot(&op->slot)))
      return reason;
    if (!take(',') || !number(8, &nr) || !take(',') || !number(16, &op->arg) || !take(',') || !number(16, &op->addr))
      return "a is a,SLOT,MODE,OFFSET,LEN";
    op->nr = (uint32_t)nr;
    op->addr_slot = NO_SLOT;
    return NULL;
  case 'x':
    if (!list->calls)
      return "x needs a call before it";
    if ((reason = sized_address(op, MAX_READ, 0, "x is x,ADDR,LEN, of at most 1000 bytes")))
      return reason;
    list->read_back += op->len;
    return list->read_back <= MAX_READ_BACK ? NULL : "a list reads back at most 1ff000 bytes";
  case 'l':
    list->calls++;
    return look_at(op);
  case 'n':
    return number(8, &op->arg) ? NULL : "a limit has up to 32 bits";
  default:
    return decimal(&op->len) ? NULL : "t takes 1 to 999999999 milliseconds";
  }
}

static int id_char(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/*
 * Reads a line that begins with "play". NULL, or why it is bad; *bad_op is then the op's number from 1, or 0.
 * The id is set wherever one could be read.
 */
const char *parse_play(const char *line, uint32_t len, struct list *into, uint32_t *bad_op)
{
  static char whole[MAX_LINE];
  const char *reason;

  list = into;
  list->id_len = list->ops = list->calls = list->opens = list->d_used = list->read_back = 0;
  list->g_used = 0;
  *bad_op = 0;
  at = line + 4;
  end = line + len;
  if (!take(' '))
    return "play needs an id";
  list->id = at;
  while (at < end && at - list->id <= MAX_ID && id_char(*at))
    at++;
  if (at == list->id || at - list->id > MAX_ID || (at < end && *at != ' '))
    return "an id is 1 to 16 of A-Z a-z 0-9 _ -";
  list->id_len = (uint32_t)(at - list->id);
  if (len > MAX_LINE)
    return "the line is longer than 65536 bytes";
  if (memchr(at, '~', (size_t)(end - at))) {
    len = expand(at, (uint32_t)(end - at), whole);
    if (!len)
      return "~LEN,BACK; is LEN bytes that began BACK before, and there are 65536 at most";
    at = whole;
    end = whole + len;
  }
  if (!take(' ') || !decimal(&list->deadline_ms))
    return "a deadline is 1 to 999999999 milliseconds";
  while (at < end) {
    *bad_op = list->ops + 1;
    if (!take(' '))
      return "ops are separated by one space";
    if (list->ops == MAX_OPS)
      return "more than 4096 ops";
    if ((reason = one_op(&list->op[list->ops++])))
      return reason;
  }
  return NULL;
}
