/* What the files of the bare loop share. */
#ifndef LOOP_H
#define LOOP_H

#include "../../agent/agent.h"

/* How many lists are kept; 0 forgets them. */
extern unsigned kept_lists;
/* Calls that failed while lists were played by play_bare(). */
extern long failed;

/* Keeps the list of a line `play ...`. */
void keep(const char *line, uint32_t len);
const struct list *kept_list(unsigned number);
/* Makes its calls, and closes what they opened. */
void play_bare(unsigned number);
/* Reads its line once more. */
void parse_kept(unsigned number);

#endif
