/* What the files of the agent share: limits, the memory between supervisor and player, the functions of each file. */
#ifndef AGENT_H
#define AGENT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

enum {
  SLOTS = 0x18,
  EVENTFDS = 8,
  MAX_OPS = 4096,
  MAX_LINE = 65536,          /* bytes before the newline */
  MAX_ID = 16,
  MAX_READ = 0x1000,
  MAX_READ_BACK = 0x1ff000,  /* by one list */
  MAX_PATH = 0xff,
  IN_SIZE = 1 << 18,         /* both rings: a power of two */
  OUT_SIZE = 1 << 23,        /* holds the longest answer: MAX_READ_BACK bytes in hex */
  ANSWERS_SIZE = 5 << 20,
  FLUSH_BYTES = 4096,
  FLUSH_MS = 50,
  NAP_MS = 2,
};

/* The player's own descriptors. What a list opens begins at FIRST_FD; a smaller number never enters a slot. */
enum { FD_KMSG = 3, FD_WAKE = 4, FIRST_FD = 5 };

/* Positions in the rings count bytes modulo 2^32. `done` holds two of them, so that one store ends a list. */
struct shared {
  uint32_t in_head;          /* supervisor: input up to here is in the ring */
  uint32_t in_event;         /* supervisor: futex, counts reads and the end of input */
  uint32_t in_end;           /* supervisor: no more input will come */
  uint32_t out_tail;         /* supervisor: output up to here is written; futex */
  uint64_t done;             /* player: input consumed << 32 | output produced */
  uint32_t line_end;         /* player: where the line at work ends; equals "consumed" between lines */
  uint32_t skipping;         /* player: inside a line that was too long and is answered already */
  uint32_t idle_event;       /* player: waits since it has seen this in_event */
  uint32_t want_room;        /* player: waits for room in the output ring */
  uint32_t finished;         /* player: bye, or all input is answered */
  int64_t deadline;          /* player: when the list at work is overdue, in now_ms(); 0 outside a list */
  int32_t forked_answer;     /* child of op j, thread of op h */
  uint32_t answers_len;
  uint32_t id_len;
  char id[MAX_ID];
  char answers[ANSWERS_SIZE];
};

extern struct shared *shared;
extern char *in_ring, *out_ring;

/* The slot of a v area is its number, that of an o area is SLOTS more. */
enum { AREA_D, AREA_R, AREA_U, AREA_G, AREA_V, AREA_O, NO_SLOT = 0xff };

struct op {
  uint8_t kind, slot, into;    /* slot: of e, which eventfd */
  uint8_t addr_slot, arg_slot; /* the v or o area that ADDR or ARG is in, or NO_SLOT */
  uint32_t nr, len;          /* of l: bytes of its path, and to read; of m: flags, 0 where it has no page; of a: nr is the mode */
  uint64_t addr, arg;        /* of m: the page; of r and a: where in the file, addr of a: how much; of n: the limit */
  const char *hex;
};

struct list {
  const char *id;
  uint32_t id_len, ops, calls;
  uint32_t read_back;        /* bytes that its x ops read back */
  uint32_t opens;            /* ops that may leave a descriptor in this process */
  uint32_t deadline_ms;
  uint32_t d_used;           /* bytes of area d, from its start, that may be written while it is played */
  int g_used;
  struct op op[MAX_OPS];
};

/* areas.c */
enum {
  RUN_SIZE = 0x2000,         /* of a v area */
  SPAN = 0x20000,            /* distance of d, r, u, v and o areas: size and guard, with pages of up to 64 KiB */
};

void map_areas(void);
void map_data(void);
uint64_t area_address(int area, int slot);
uint32_t area_size(int area);
void show_guest(const char *bytes, uint32_t len);
int clear_areas(uint32_t d_used, int g_used);
void *map_twice(uint32_t size);

/* mappings.c */
void learn_run_size(void);
char *run_of(int slot, int fd);
int map_page(int slot, int fd, uint64_t page, int flags);
char *mapped(int v_or_o_slot, const int *fds);
int drop_mappings(int slot);

/* parse.c */
const char *parse_play(const char *line, uint32_t len, struct list *list, uint32_t *bad_op);

/* expand.c */
uint32_t expand(const char *text, uint32_t len, char *to);

/* descriptors.c */
extern int fds[SLOTS];
void put_fd(int slot, long fd);
int eventfd_of(int n);
uint64_t limit_fds(uint64_t soft);
void close_fds(unsigned first, unsigned last);
int clean_up(const struct list *list);
void prepare_fds(void);

/* call.c */
long make_call(const struct op *op, uint32_t timer_ms);
int has_ended(pid_t child, int flags);
pid_t start_process(void);
void catch_alarm(void);

/* background.c */
long begin_call(const struct op *op);
long end_call(const struct op *op);
void end_calls(void);

/* play.c */
void play(const struct list *list);
void prepare_player(void);

/* audit.c */
char *put_audit(char *to);

/* look.c */
long look(const char *path, char *to, uint32_t len);

/* log.c */
void open_log(void);
void report_log(const char *id, uint32_t id_len);

/* output.c */
int64_t now_ms(void);
char *put_text(char *to, const char *text);
char *put_decimal(char *to, int64_t value);
char *put_encoded(char *to, const char *text, size_t len);
void complain(const char *what);
char *out_begin(uint32_t len);
void out_publish(const char *end, uint32_t consumed);
uint32_t consumed(void);
uint32_t produced(void);
void wait_on(uint32_t *word, uint32_t value);
void wake(uint32_t *word);
void nudge_supervisor(void);
extern void (*make_room)(void);

/* player.c */
_Noreturn void player(void);

/* replace.c */
extern int wake_fd; /* readable when the player nudges, and when it is gone */
void start_player(void);
void kill_player(void);
void kill_hung_player(int64_t deadline);
void reap(void);

/* supervisor.c */
_Noreturn void leave(int status);
_Noreturn void supervise(int in, int out, int greets, void (*end)(int out));

/* offline.c */
int play_file(const char *path, int passes, int out);

/* init.c */
int become_init(int *in, int *out);
_Noreturn void power_off(const char *why);

#endif
