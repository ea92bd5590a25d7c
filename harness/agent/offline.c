/*
 * Plays the lists of a file, where no controller listens: several times, onto a console that may lose bytes and on which
 * others write, too. PROTOCOL.md says what the frames are.
 */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAYLOAD = 80, LONGEST = ANSWERS_SIZE };

static uint32_t crc32(uint32_t crc, const char *bytes, size_t len)
{
  crc = ~crc;
  for (size_t i = 0; i < len; i++) {
    crc ^= (unsigned char)bytes[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

static void write_all(int fd, const char *bytes, size_t len)
{
  while (len) {
    ssize_t written = write(fd, bytes, len);

    if (written < 0 && errno != EINTR && errno != EAGAIN)
      _exit(1);
    if (written > 0) {
      bytes += written;
      len -= (size_t)written;
    }
  }
}

/* A line of the agent as frames, each with the sum of its own and that of the line. */
static void put_frames(int out, uint32_t lists, int pass, uint32_t number, const char *line, size_t len)
{
  uint32_t sum = crc32(0, line, len);
  size_t parts = len ? (len + PAYLOAD - 1) / PAYLOAD : 1;

  for (size_t part = 0; part < parts; part++) {
    size_t from = part * PAYLOAD, rest = len - from < PAYLOAD ? len - from : PAYLOAD;
    char frame[PAYLOAD + 112], body[PAYLOAD + 88];
    int head = snprintf(body, sizeof body, "%08x.%d.%x.%08x.%zx.%zx ", lists, pass, number, sum, part, parts);

    memcpy(body + head, line + from, rest);
    int all = snprintf(frame, sizeof frame, "\n#%08x ", crc32(0, body, (size_t)head + rest));
    memcpy(frame + all, body, (size_t)head + rest);
    frame[all + head + (int)rest] = '\n';
    write_all(out, frame, (size_t)(all + head) + rest + 1);
  }
}

/* The sum of a file, by which frames of one are told from those of another; 0 where it cannot be read. */
static uint32_t sum_of(const char *path)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char buffer[4096];
  uint32_t sum = 0;
  ssize_t len;

  while (fd >= 0 && (len = read(fd, buffer, sizeof buffer)) > 0)
    sum = crc32(sum, buffer, (size_t)len);
  if (fd >= 0)
    close(fd);
  return sum;
}

/* One pass in a process of its own; gives where its answers are read. */
static int start_pass(const char *path, pid_t *pid)
{
  int ends[2];

  if (pipe2(ends, O_CLOEXEC) || (*pid = fork()) < 0)
    return -1;
  if (*pid == 0) {
    int lists = open(path, O_RDONLY);

    if (lists < 0 || dup2(lists, 0) < 0 || dup2(ends[1], 1) < 0)
      _exit(1);
    close_fds(3, ~0u);
    supervise(0, 1, 0, NULL);
  }
  close(ends[1]);
  return ends[0];
}

/* Plays the lists of the file so many times, and says the answers on `out`. Gives the exit status. */
int play_file(const char *path, int passes, int out)
{
  static char line[LONGEST];
  uint32_t lists = sum_of(path);
  char end[32];

  for (int pass = 1; pass <= passes; pass++) {
    char buffer[4096];
    uint32_t number = 0;
    size_t have = 0;
    pid_t pid;
    ssize_t len;
    int status = 0, answers = start_pass(path, &pid);

    if (answers < 0)
      return 1;
    while ((len = read(answers, buffer, sizeof buffer)) > 0 || (len < 0 && errno == EINTR))
      for (ssize_t i = 0; i < len; i++)
        if (buffer[i] == '\n') {
          put_frames(out, lists, pass, number++, line, have);
          have = 0;
        } else if (have < sizeof line) {
          line[have++] = buffer[i];
        }
    close(answers);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
      ;
    if (status)
      return 1;
    put_frames(out, lists, pass, number, end, (size_t)snprintf(end, sizeof end, "end %d %d", pass, passes));
  }
  return 0;
}
