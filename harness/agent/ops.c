/* The ops of a `play` line. */
#include "operands.h"
#include <sys/mman.h>

/* SLOT,PAGE,FLAGS of m, of which the page and the flags may be left out. */
static const char *page(struct reader *r, struct op *op)
{
  uint64_t flags;
  const char *reason = slot(r, &op->slot);

  if (reason || !take(r, ','))
    return reason;
  op->len = MAP_SHARED;
  if (!number(r, 8, &op->arg))
    return "a page has up to 32 bits";
  if (!take(r, ','))
    return NULL;
  if (!number(r, 1, &flags) || (flags != MAP_SHARED && flags != MAP_PRIVATE))
    return "a mapping is 1, shared, or 2, private";
  op->len = (uint32_t)flags;
  return NULL;
}

/* SLOT,NR,ARG,INTO of i and h; j and b make no descriptor. */
static const char *ioctl_call(struct reader *r, struct op *op)
{
  uint64_t nr;
  const char *reason = slot(r, &op->slot);

  if (reason)
    return reason;
  if (!take(r, ',') || !number(r, 8, &nr) || !take(r, ','))
    return "an ioctl number has up to 32 bits";
  op->nr = (uint32_t)nr;
  reason = argument(r, op);
  return reason || op->kind == 'j' || op->kind == 'b' || !take(r, ',') ? reason : slot(r, &op->into);
}

/* SLOT,NR,ARG,ADDR of b: the u32 at ADDR, in area v, tells when the call is under way. */
static const char *begin(struct reader *r, struct op *op)
{
  const char *reason = ioctl_call(r, op);

  if (reason)
    return reason;
  if (!take(r, ',') || r->at == r->end || *r->at != 'v')
    return "b is b,SLOT,NR,ARG,ADDR, of area v";
  if ((reason = own_address(r, op, 4, 0)))
    return reason;
  return op->addr % 4 ? "a word is aligned" : NULL;
}

static const char *read_file(struct reader *r, struct op *op)
{
  const char *reason = slot(r, &op->slot);

  if (reason)
    return reason;
  if (!take(r, ',') || (r->at < r->end && *r->at != 'd' && *r->at != 'g'))
    return "r reads into d or g";
  if ((reason = sized_address(r, op, area_size(AREA_G), 1, "r is r,SLOT,ADDR,LEN,OFFSET")))
    return reason;
  return take(r, ',') && number(r, 16, &op->arg) ? NULL : "r is r,SLOT,ADDR,LEN,OFFSET";
}

static const char *allocate(struct reader *r, struct op *op)
{
  uint64_t mode;
  const char *reason = slot(r, &op->slot);

  if (reason)
    return reason;
  if (!take(r, ',') || !number(r, 8, &mode) || !take(r, ',') || !number(r, 16, &op->arg) || !take(r, ',')
      || !number(r, 16, &op->addr))
    return "a is a,SLOT,MODE,OFFSET,LEN";
  op->nr = (uint32_t)mode;
  return NULL;
}

static const char *look_at(struct reader *r, struct op *op)
{
  const char *reason;

  if (r->at < r->end && *r->at != 'd' && *r->at != 'g')
    return "l reads into d or g";
  if ((reason = sized_address(r, op, area_size(AREA_G), 1, "l is l,ADDR,LEN,PATH")))
    return reason;
  if (!take(r, ','))
    return "l is l,ADDR,LEN,PATH";
  op->nr = hex_pairs(r, op);
  return op->nr && op->nr <= MAX_PATH ? NULL : "a path is 1 to ff pairs of hex digits";
}

static const char *read_back(struct reader *r, struct op *op)
{
  const char *reason;

  if (!r->list->calls)
    return "x needs a call before it";
  if ((reason = sized_address(r, op, MAX_READ, 0, "x is x,ADDR,LEN, of at most 1000 bytes")))
    return reason;
  r->list->read_back += op->len;
  return r->list->read_back <= MAX_READ_BACK ? NULL : "a list reads back at most 1ff000 bytes";
}

static const char *event(struct reader *r, struct op *op)
{
  uint64_t n;
  const char *reason = own_address(r, op, 4, 1);

  if (reason)
    return reason;
  if (!take(r, ',') || !number(r, 1, &n) || n >= EVENTFDS)
    return "e is e,ADDR,N, of eventfds 0 to 7";
  op->slot = (uint8_t)n;
  return NULL;
}

static const char *pointer(struct reader *r, struct op *op)
{
  const char *reason = own_address(r, op, 8, 1);

  if (reason)
    return reason;
  return take(r, ',') ? argument(r, op) : "p is p,ADDR,ARG";
}

/* ADDR,SLOT of d, which writes a descriptor there, and of f, which takes one from there. */
static const char *descriptor(struct reader *r, struct op *op)
{
  const char *reason = own_address(r, op, 4, op->kind == 'd');

  if (reason || take(r, ','))
    return reason ? reason : slot(r, &op->slot);
  return op->kind == 'd' ? "d is d,ADDR,SLOT" : "f is f,ADDR,SLOT";
}

/* Which letters are ops; ops that make a call, and those that may leave a descriptor in this process. */
enum { OP = 1, CALL = 2, OPENS = 4 };
static const uint8_t kinds[256] = {
  ['k'] = OP | CALL | OPENS, ['i'] = OP | CALL | OPENS, ['h'] = OP | CALL | OPENS,
  ['b'] = OP | CALL | OPENS, ['q'] = OP | CALL,
  ['j'] = OP | CALL, ['c'] = OP | CALL, ['l'] = OP | CALL, ['m'] = OP | CALL, ['r'] = OP | CALL, ['a'] = OP | CALL,
  ['e'] = OP | OPENS,
  ['f'] = OP, ['w'] = OP, ['p'] = OP, ['d'] = OP, ['x'] = OP, ['t'] = OP, ['n'] = OP,
};

const char *one_op(struct reader *r, struct op *op)
{
  op->kind = r->at < r->end ? (uint8_t)*r->at++ : 0;
  if (!kinds[op->kind] || !take(r, ','))
    return "no such op";
  op->into = op->addr_slot = op->arg_slot = NO_SLOT;
  op->len = 0;
  r->list->calls += !!(kinds[op->kind] & CALL);
  r->list->opens += !!(kinds[op->kind] & OPENS);
  switch (op->kind) {
  case 'k':
  case 'c':
  case 'q':
    return slot(r, &op->slot);
  case 'm':
    return page(r, op);
  case 'i':
  case 'j':
  case 'h':
    return ioctl_call(r, op);
  case 'b':
    return begin(r, op);
  case 'r':
    return read_file(r, op);
  case 'a':
    return allocate(r, op);
  case 'l':
    return look_at(r, op);
  case 'x':
    return read_back(r, op);
  case 'w':
    return bytes(r, op);
  case 'p':
    return pointer(r, op);
  case 'e':
    return event(r, op);
  case 'd':
  case 'f':
    return descriptor(r, op);
  case 'n':
    return number(r, 8, &op->arg) ? NULL : "a limit has up to 32 bits";
  default:
    return decimal(r, &op->len) ? NULL : "t takes 1 to 999999999 milliseconds";
  }
}
