/* What the files of the fuzzer share. One process is player, supervisor and kernel; the input says what each does. */
#ifndef FUZZ_H
#define FUZZ_H

#include "../../agent/agent.h"

/* player.c: the drawn bytes, used up in order; 0 for ever when there are no more. */
uint32_t draw(uint32_t below);
void feed(void);
void drain(void);
_Noreturn void player_dies(void);

/* account.c */
void kernel_begins(void);
void begin_list(void);
uint32_t results(const int64_t **values);
const char *left_behind(void);

/* check.c */
void expect_lines(const char *text, size_t len);
void line_is_lost(void);
void check_end(void);
_Noreturn void broken(const char *promise);

#endif
