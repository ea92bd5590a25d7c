/*
 * What lists of calls cost without the agent: runs as process 1 of a guest that has the agent as /init, linked with the
 * agent's own parser. It reads the agent's channel until its controller wants the agent there, and takes these lines:
 *
 *   play ...     keeps the list; answers nothing
 *   drop         forgets the lists; answers nothing
 *   time HOW N   plays all lists kept, N times; answers nanoseconds and how many calls failed
 *   agent        runs the agent on the channel until it ends; then answers `back`
 *
 * HOW is what is done for each list: `bare` makes its calls and closes what they opened; `played` is the agent's play
 * and clean-up, `logged` these and its look at the kernel log, `parsed` its parser alone; `forked` starts an empty
 * process and waits for it.
 */
#include "loop.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
char *in_ring, *out_ring;

static void play_all(char how)
{
  for (unsigned i = 0; i < kept_lists; i++) {
    if (how == 'b') {
      play_bare(i);
    } else if (how == 'f') {
      pid_t child = fork();

      if (!child)
        _exit(0);
      waitpid(child, NULL, 0);
    } else if (how == 'p' || how == 'l') {
      shared->answers_len = 0;
      play(kept_list(i));
      clean_up(kept_list(i));
      if (how == 'l')
        report_log("a", 1);
    } else {
      parse_kept(i);
    }
  }
}

static int64_t now_ns(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* In a process like the agent's player: its descriptors are the same, and nothing is there before the first turn. */
static _Noreturn void timed(char how, long turns, int answer)
{
  int null = open("/dev/null", O_RDWR);

  for (int fd = 0; fd < 3; fd++)
    dup2(null, fd);
  dup2(answer, FD_WAKE);
  close_fds(FIRST_FD, ~0u);
  prepare_player();
  play_all(how);
  failed = 0;

  int64_t from = now_ns();

  while (turns-- > 0)
    play_all(how);
  dprintf(FD_WAKE, "%lld %ld\n", (long long)(now_ns() - from), failed);
  _exit(0);
}

static void time_it(const char *how, int out)
{
  char *turns = strchr(how, ' '), text[64];
  int ends[2];

  if (!turns || pipe2(ends, O_CLOEXEC))
    power_off("the loop cannot be timed");

  pid_t child = fork();

  if (!child)
    timed(*how == 'p' && how[1] == 'a' ? 'r' : *how, strtol(turns, NULL, 10), ends[1]);
  close(ends[1]);

  ssize_t len = read(ends[0], text, sizeof text);

  close(ends[0]);
  waitpid(child, NULL, 0);
  if (len <= 0 || write(out, text, (size_t)len) < 0)
    power_off("the loop died");
}

static void run_agent(int in, int out)
{
  pid_t child = fork();

  if (!child) {
    dup2(in, 0);
    dup2(out, 1);
    execl("/init", "/init", (char *)NULL);
    _exit(127);
  }
  waitpid(child, NULL, 0);
  dprintf(out, "back\n");
}

int main(void)
{
  static char line[MAX_LINE + 1];
  uint32_t len = 0;
  int in, out;

  become_init(&in, &out);
  in = fcntl(in, F_DUPFD_CLOEXEC, 16); /* out of the way of FD_KMSG and FD_WAKE, as in the agent */
  out = fcntl(out, F_DUPFD_CLOEXEC, 16);
  open_log();
  map_areas();
  out_ring = map_twice(OUT_SIZE);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  dprintf(out, "ready\n");
  /* A byte at a time: what follows `agent` is the agent's. */
  while (read(in, line + len, 1) == 1) {
    if (line[len] != '\n') {
      len += len < MAX_LINE;
      continue;
    }
    line[len] = 0;
    if (!strncmp(line, "play ", 5))
      keep(line, len);
    else if (!strncmp(line, "time ", 5))
      time_it(line + 5, out);
    else if (!strcmp(line, "agent"))
      run_agent(in, out);
    else if (!strcmp(line, "drop"))
      kept_lists = 0;
    len = 0;
  }
  power_off(NULL);
}
