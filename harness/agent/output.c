/* The output ring, numbers and text in it, and how the two processes wake each other. */
#include "agent.h"
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void (*make_room)(void);

int64_t now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

char *put_text(char *to, const char *text)
{
  size_t len = strlen(text);

  memcpy(to, text, len);
  return to + len;
}

char *put_decimal(char *to, int64_t value)
{
  char digits[20];
  int n = 0;
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

  if (value < 0)
    *to++ = '-';
  do
    digits[n++] = (char)('0' + rest % 10);
  while (rest /= 10);
  while (n)
    *to++ = digits[--n];
  return to;
}

char *put_encoded(char *to, const char *text, size_t len)
{
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)text[i];

    if (c > ' ' && c < 0x7f && c != '%') {
      *to++ = (char)c;
    } else {
      *to++ = '%';
      *to++ = "0123456789ABCDEF"[c >> 4];
      *to++ = "0123456789ABCDEF"[c & 15];
    }
  }
  return to;
}

uint32_t consumed(void)
{
  return (uint32_t)(__atomic_load_n(&shared->done, __ATOMIC_ACQUIRE) >> 32);
}

uint32_t produced(void)
{
  return (uint32_t)__atomic_load_n(&shared->done, __ATOMIC_ACQUIRE);
}

/* Where a line of up to len bytes may be written; waits for room. The ring is mapped twice, so nothing wraps. */
char *out_begin(uint32_t len)
{
  while (OUT_SIZE - (produced() - __atomic_load_n(&shared->out_tail, __ATOMIC_ACQUIRE)) < len)
    make_room();
  return out_ring + (produced() & (OUT_SIZE - 1));
}

/* Output up to `end`, and the input that it answers, count from here on: one store, so a kill falls before or after. */
void out_publish(const char *end, uint32_t in_consumed)
{
  uint32_t from = produced();
  uint32_t to = from + (uint32_t)(end - (out_ring + (from & (OUT_SIZE - 1))));

  __atomic_store_n(&shared->done, (uint64_t)in_consumed << 32 | to, __ATOMIC_SEQ_CST);
}

/* Says on stderr what could not be done, and errno. Not by perror: where the agent is a library, its caller's threads may
   have held libc's locks when this process was copied from theirs, and hold them in the copy for ever. */
void complain(const char *what)
{
  char text[256], *to = put_text(put_text(text, "agent: "), what);

  to = put_text(put_decimal(put_text(to, " (errno "), errno), ")\n");
  if (write(2, text, (size_t)(to - text)) < 0)
    return; /* nobody is told */
}

void wait_on(uint32_t *word, uint32_t value)
{
  syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

void wake(uint32_t *word)
{
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void nudge_supervisor(void)
{
  if (write(FD_WAKE, "", 1) < 0)
    return; /* a full pipe wakes as well */
}
