/* What the files of the drawn kernel share. */
#ifndef KERNEL_H
#define KERNEL_H

#include "../../agent/agent.h"

enum { MOST_FDS = FIRST_FD + MAX_OPS + 2 };

/* A player has begun; before that, calls are those of the fuzzer's own process. */
extern int has_begun;

/* What the answer of the list has to say of a call. */
void note_answer(int64_t value);
/* The same of what a call returns, or of errno where that is negative; gives the result. */
int64_t answered(int64_t result);
int fails(int error);
int new_fd(void);
int known(int64_t fd);
void close_from_to(unsigned first, unsigned last);
void count_mapping(int is_made);

#endif
