/* The same for the kernel log, the supervisor's pipes, and what a process does with itself and its children. */
#include "kernel.h"
#include "fuzz.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { KILLED = 9 };

/* A record of the kernel log, well-formed up to its text. */
static ssize_t next_log(char *to, size_t size)
{
  size_t len;

  if (draw(4) != 1)
    return draw(8) == 1 ? fails(EPIPE) : fails(EAGAIN);
  memcpy(to, "12,7,9,-;", 9);
  len = 9 + (draw(2) ? draw((uint32_t)size - 9) : draw(64));
  for (size_t i = 9; i < len; i++)
    to[i] = (char)draw(256);
  if (draw(4) != 1)
    to[len - 1] = '\n';
  return (ssize_t)len;
}

ssize_t fuzz_read(int fd, void *to, size_t size)
{
  return fd == FD_KMSG ? next_log(to, size) : read(fd, to, size);
}

ssize_t fuzz_write(int fd, const void *from, size_t size)
{
  (void)from;
  if (fd == FD_WAKE)
    drain();
  return (ssize_t)size;
}

pid_t fuzz_waitpid(pid_t pid, int *status, int flags)
{
  (void)flags;
  if (status)
    *status = draw(8) == 1 ? KILLED : 0;
  return draw(8) == 1 ? fails(EINTR) : pid;
}

int fuzz_kill(pid_t pid, int signal)
{
  if (pid != getpid()) /* a thread of op b */
    return 0;
  (void)signal;
  player_dies();
}

void fuzz_exit(int status)
{
  (void)status;
  broken("the player ends, though nothing is left behind");
}

/* libFuzzer has its own alarm. */
int fuzz_setitimer(int which, const void *set, void *was)
{
  (void)which, (void)set, (void)was;
  return 0;
}

/* libFuzzer goes on with what a player that dies has left. */
int fuzz_getrlimit(int resource, void *limit)
{
  (void)resource, (void)limit;
  return 0;
}

int fuzz_setrlimit(int resource, const void *limit)
{
  (void)resource, (void)limit;
  return 0;
}

int fuzz_sigaction(int signal, const void *set, void *was)
{
  (void)signal, (void)set, (void)was;
  return 0;
}

void *fuzz_signal(int signal, void *handler)
{
  (void)signal, (void)handler;
  return NULL;
}
