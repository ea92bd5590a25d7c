/*
 * A target of libFuzzer: the player over arbitrary lines, on a kernel that answers whatever the input says. The input is
 * text for the agent up to a byte 0xff, then draws; in the text 0xfe, N, C stands for C repeated 260 * N
 * times, a newline N times.
 */
#include "fuzz.h"
#include <sanitizer/asan_interface.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MOST_TEXT = 1 << 17, REPEATED = 260 };
enum { BEGINS, DIED, ENDED };

struct shared *shared;
char *in_ring, *out_ring;

static char text[MOST_TEXT];
static uint32_t text_len, fed;
static const uint8_t *draws, *draws_end;
static jmp_buf back;

uint32_t draw(uint32_t below)
{
  uint32_t value = 0;

  for (uint32_t most = 1; most < below && draws < draws_end; most <<= 8)
    value = value << 8 | *draws++;
  return value % below;
}

/* So much of the input ring may be looked at; it is mapped twice. */
static void open_ring(uint32_t from, uint32_t len)
{
  uint32_t wrapped = from + len > IN_SIZE ? from + len - IN_SIZE : 0;

  ASAN_POISON_MEMORY_REGION(in_ring, 2 * IN_SIZE);
  ASAN_UNPOISON_MEMORY_REGION(in_ring, wrapped);
  ASAN_UNPOISON_MEMORY_REGION(in_ring + from, len);
}

/* The supervisor's part: some bytes more, or the end of input. */
void feed(void)
{
  uint32_t waiting = shared->in_head - consumed();
  uint32_t some = text_len - fed;

  if (shared->finished)
    longjmp(back, ENDED);
  if (shared->in_end)
    broken("the player waits after the end of its input");
  if (waiting == IN_SIZE)
    broken("the player waits while its ring is full");
  if (draws < draws_end && some > 1)
    some = 1 + draw(some);
  if (some > IN_SIZE - waiting)
    some = IN_SIZE - waiting;
  open_ring(0, IN_SIZE);
  for (uint32_t i = 0; i < some; i++)
    in_ring[(shared->in_head + i) & (IN_SIZE - 1)] = text[fed + i];
  fed += some;
  shared->in_head += some;
  shared->in_end = some == 0;
  shared->in_event++;
  open_ring(consumed() & (IN_SIZE - 1), waiting + some);
}

/* The other part: what was said is written out. */
void drain(void)
{
  uint32_t waiting = produced() - shared->out_tail;

  shared->out_tail += draws < draws_end && waiting > 1 ? 1 + draw(waiting) : waiting;
}

void player_dies(void)
{
  longjmp(back, DIED);
}

static void read_input(const uint8_t *input, size_t size)
{
  const uint8_t *end = size ? memchr(input, 0xff, size) : NULL;

  draws = end ? end + 1 : input + size;
  draws_end = input + size;
  end = end ? end : draws_end;
  for (text_len = 0; input < end && text_len < MOST_TEXT; input++) {
    uint32_t times = 1;

    if (*input == 0xfe && end - input > 2) {
      times = input[2] == '\n' ? input[1] : REPEATED * input[1];
      input += 2;
    }
    for (; times && text_len < MOST_TEXT; times--)
      text[text_len++] = (char)*input;
  }
}

static void set_up(void)
{
  map_areas();
  in_ring = map_twice(IN_SIZE);
  out_ring = map_twice(OUT_SIZE);
  shared = malloc(sizeof *shared); /* not mapped: so that a byte too far is seen */
  memset(shared, 0, sizeof *shared);
}

/* Where the rings begin: their seam is where the positions overflow. */
static void begin(void)
{
  uint32_t in_at = 0 - draw(MAX_LINE), out_at = 0 - draw(FLUSH_BYTES);

  shared->in_head = shared->line_end = in_at;
  shared->out_tail = out_at;
  shared->done = (uint64_t)in_at << 32 | out_at;
  shared->in_event = shared->in_end = shared->skipping = shared->want_room = shared->finished = 0;
  shared->idle_event = shared->in_event - 1;
  fed = 0;
  open_ring(0, 0);
  expect_lines(text, text_len);
}

/* What the supervisor does for a player that is gone. */
static void replace(void)
{
  if (shared->line_end != consumed()) {
    line_is_lost();
    out_publish(out_ring + (produced() & (OUT_SIZE - 1)), shared->line_end);
  }
  end_calls();
  for (int slot = 0; slot < SLOTS; slot++)
    drop_mappings(slot);
  shared->idle_event = shared->in_event - 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
  if (!shared)
    set_up();
  read_input(input, size);
  begin();
  switch (setjmp(back)) {
  case ENDED:
    check_end();
    return 0;
  case DIED:
    replace();
  }
  kernel_begins();
  player();
}
