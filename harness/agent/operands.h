/* How a `play` line is read, op by op. */
#ifndef OPERANDS_H
#define OPERANDS_H

#include "agent.h"

struct reader {
  const char *at, *end;
  struct list *list;   /* learns what the ops will use */
};

/* operands.c: take what is here; 0 where something else is. */
int take(struct reader *r, char c);
int number(struct reader *r, int hex_digits, uint64_t *value);
int decimal(struct reader *r, uint32_t *value);
uint32_t hex_pairs(struct reader *r, struct op *op);

/* NULL, or why the operand, or the op, is bad. */
const char *slot(struct reader *r, uint8_t *value);
const char *own_address(struct reader *r, struct op *op, uint64_t len, int writes);
const char *sized_address(struct reader *r, struct op *op, uint64_t most, int writes, const char *why);
const char *argument(struct reader *r, struct op *op);
const char *bytes(struct reader *r, struct op *op);

/* ops.c */
const char *one_op(struct reader *r, struct op *op);

#endif
