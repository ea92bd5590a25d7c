/* The kernel log: what appeared since the last look. The position is the open file's, which both processes share. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { RECORD = 8192, MAX_LINES = 256 };

/* Opens /dev/kmsg at its end as FD_KMSG. Without it reads fail and no log lines come. */
void open_log(void)
{
  int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0)
    fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  lseek(fd, 0, SEEK_END);
  if (fd != FD_KMSG) {
    dup3(fd, FD_KMSG, O_CLOEXEC);
    close(fd);
  }
}

static ssize_t next_record(char *record)
{
  ssize_t len;

  do
    len = read(FD_KMSG, record, RECORD);
  while (len < 0 && (errno == EPIPE || errno == EINTR)); /* EPIPE: some were overwritten, the next read goes on */
  return len;
}

static void log_line(const char *id, uint32_t id_len, const char *priority, size_t priority_len,
                     const char *text, size_t len)
{
  char *to = out_begin(3 * RECORD + 64);

  to = put_text(to, "log ");
  memcpy(to, id, id_len);
  to += id_len;
  *to++ = ' ';
  memcpy(to, priority, priority_len);
  to += priority_len;
  *to++ = ',';
  to = put_encoded(to, text, len);
  *to++ = '\n';
  out_publish(to, consumed());
}

/* WARN_ONCE and its kind speak once per boot; the next list that brings one about shall see it too. */
static void rearm_warnings(void)
{
  int fd = open("/sys/kernel/debug/clear_warn_once", O_WRONLY | O_CLOEXEC);

  if (fd < 0)
    return; /* no debugfs, or not for this user */
  while (write(fd, "1", 1) < 0 && errno == EINTR)
    ;
  close(fd);
}

/* A record is PRIORITY,SEQUENCE,TIME,FLAGS;TEXT and a newline, then lines of details. */
void report_log(const char *id, uint32_t id_len)
{
  char record[RECORD], more[64];
  uint32_t lines = 0;
  int warned = 0;
  ssize_t len;

  while ((len = next_record(record)) > 0) {
    char *comma = memchr(record, ',', (size_t)len);
    char *text = memchr(record, ';', (size_t)len);
    char *newline = text ? memchr(text, '\n', (size_t)(record + len - text)) : NULL;

    warned |= memmem(record, (size_t)len, "WARNING:", 8) != NULL;
    if (comma && newline && comma < text && lines++ < MAX_LINES)
      log_line(id, id_len, record, (size_t)(comma - record), text + 1, (size_t)(newline - text - 1));
  }
  if (lines > MAX_LINES) {
    char *end = put_text(put_decimal(more, lines - MAX_LINES), " more lines");

    log_line(id, id_len, "6", 1, more, (size_t)(end - more));
  }
  if (warned)
    rearm_warnings();
}
