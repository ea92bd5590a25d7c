/* How much this process holds: what a list has left behind shows as a difference between two audits. */
#include "agent.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t count_maps(void)
{
  static char text[65536];
  int64_t lines = 0;
  int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  ssize_t len;

  while (fd >= 0 && (len = read(fd, text, sizeof text)) > 0)
    for (ssize_t at = 0; at < len; at++)
      lines += text[at] == '\n';
  if (fd >= 0)
    close(fd);
  return lines;
}

/* Signals that are pending, blocked, ignored or caught. */
static int64_t count_signals(void)
{
  static const char *const masks[] = { "SigPnd:\t", "ShdPnd:\t", "SigBlk:\t", "SigIgn:\t", "SigCgt:\t" };
  char status[8192];
  int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  ssize_t len = fd < 0 ? 0 : read(fd, status, sizeof status - 1);
  int64_t bits = 0;

  if (fd >= 0)
    close(fd);
  status[len < 0 ? 0 : len] = 0;
  for (int i = 0; i < 5; i++) {
    const char *at = strstr(status, masks[i]);

    if (at)
      bits += __builtin_popcountll(strtoull(at + strlen(masks[i]), NULL, 16));
  }
  return bits;
}

static int64_t count_fds(void)
{
  char entries[4096];
  int64_t fds = -1; /* the directory itself */
  int fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  long len;

  while (fd >= 0 && (len = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
    for (long at = 0; at < len; at += *(uint16_t *)(entries + at + 16))
      fds += entries[at + 19] != '.';
  if (fd >= 0)
    close(fd);
  return fds;
}

/* The answer to `audit`. */
char *put_audit(char *to)
{
  siginfo_t info;
  int64_t children = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0; /* j and h make one at a time */
  int64_t counts[] = { count_fds(), count_maps(), count_signals(), children };

  to = put_text(to, "audit");
  for (int i = 0; i < 4; i++) {
    *to++ = ' ';
    to = put_decimal(to, counts[i]);
  }
  *to++ = '\n';
  return to;
}
