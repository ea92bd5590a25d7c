/* What ops of a `play` line are made of. Each function that gives a text gives NULL, or why the operand is bad. */
#include "operands.h"
#include <string.h>

static const int8_t hex_value[256] = {
  ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
  ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
  ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

int take(struct reader *r, char c)
{
  if (r->at == r->end || *r->at != c)
    return 0;
  r->at++;
  return 1;
}

int number(struct reader *r, int digits, uint64_t *value)
{
  const char *from = r->at;
  int digit;

  for (*value = 0; r->at < r->end && (digit = hex_value[(uint8_t)*r->at]); r->at++) {
    if (r->at - from == digits)
      return 0;
    *value = *value << 4 | (uint64_t)(digit - 1);
  }
  return r->at > from;
}

int decimal(struct reader *r, uint32_t *value)
{
  const char *from = r->at;

  for (*value = 0; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
    if (r->at - from == 9)
      return 0;
    *value = *value * 10 + (uint32_t)(*r->at - '0');
  }
  return r->at > from && *value > 0;
}

const char *slot(struct reader *r, uint8_t *value)
{
  uint64_t n;

  if (!number(r, 2, &n) || n >= SLOTS)
    return "a slot is 0 to 17";
  *value = (uint8_t)n;
  return NULL;
}

/* AREA:OFFSET with room for len bytes behind it; gives the area and where in it. */
static const char *address(struct reader *r, uint64_t len, int *area, uint64_t *offset, uint64_t *where, uint8_t *v_slot)
{
  static const char names[] = "drugvo";
  const char *name = r->at < r->end ? memchr(names, *r->at, 6) : NULL;
  const char *reason;

  *v_slot = NO_SLOT;
  if (!name)
    return "an area is d, r, u, g, v or o";
  r->at++;
  *area = (int)(name - names);
  if ((*area == AREA_V || *area == AREA_O) && (reason = slot(r, v_slot)))
    return reason;
  if (*area == AREA_O)
    *v_slot += SLOTS;
  if (!take(r, ':') || !number(r, 16, offset))
    return "an address is AREA:OFFSET";
  if (*offset > area_size(*area) || len > area_size(*area) - *offset)
    return "outside the area";
  *where = area_address(*area, *v_slot) + *offset;
  r->list->g_used |= *area == AREA_G;
  return NULL;
}

/* The address that w, p, e, d, x, r, l or f works on. */
const char *own_address(struct reader *r, struct op *op, uint64_t len, int writes)
{
  int area;
  uint64_t offset;
  const char *reason = address(r, len, &area, &offset, &op->addr, &op->addr_slot);

  if (reason)
    return reason;
  if (area == AREA_U)
    return "area u is never mapped";
  if (area == AREA_R && writes)
    return "area r is read-only";
  if (writes && area == AREA_D && offset + len > r->list->d_used)
    r->list->d_used = (uint32_t)(offset + len);
  return NULL;
}

/* A number, or @ADDR with bits to flip in it. */
const char *argument(struct reader *r, struct op *op)
{
  int area;
  uint64_t offset, flipped;
  const char *reason;

  op->arg_slot = NO_SLOT;
  if (!take(r, '@'))
    return number(r, 16, &op->arg) ? NULL : "an argument is a number of up to 64 bits or @ADDR";
  if ((reason = address(r, 0, &area, &offset, &op->arg, &op->arg_slot)))
    return reason;
  if (area == AREA_D) /* what the kernel writes through it has no bound that we know */
    r->list->d_used = area_size(AREA_D);
  if (take(r, '^')) {
    if (!number(r, 16, &flipped))
      return "@ADDR^BITS has up to 16 hex digits of bits";
    op->arg ^= flipped;
  }
  return NULL;
}

/* How many bytes the hex digits here are, which become op->hex; 0 where they are none. */
uint32_t hex_pairs(struct reader *r, struct op *op)
{
  op->hex = r->at;
  while (r->at < r->end && hex_value[(uint8_t)*r->at])
    r->at++;
  return (r->at - op->hex) % 2 ? 0 : (uint32_t)(r->at - op->hex) / 2;
}

/* ADDR,HEX */
const char *bytes(struct reader *r, struct op *op)
{
  const char *address_at = r->at, *comma = memchr(r->at, ',', (size_t)(r->end - r->at));
  const char *reason;

  if (!comma)
    return "w is w,ADDR,HEX";
  r->at = comma + 1;
  if (!(op->len = hex_pairs(r, op)))
    return "bytes are pairs of hex digits";
  comma = r->at;
  r->at = address_at;
  reason = own_address(r, op, op->len, 1);
  if (!reason && !take(r, ','))
    return "an address is AREA:OFFSET";
  r->at = comma;
  return reason;
}

/* ADDR,LEN, of at most `most` bytes; `why` is what is wrong with another. */
const char *sized_address(struct reader *r, struct op *op, uint64_t most, int writes, const char *why)
{
  const char *from = r->at, *comma = memchr(r->at, ',', (size_t)(r->end - r->at));
  uint64_t len;
  const char *reason;

  if (!comma)
    return why;
  r->at = comma + 1;
  if (!number(r, 16, &len) || len > most)
    return why;
  op->len = (uint32_t)len;
  comma = r->at;
  r->at = from;
  reason = own_address(r, op, len, writes);
  if (!reason && !take(r, ','))
    return "an address is AREA:OFFSET";
  r->at = comma;
  return reason;
}
