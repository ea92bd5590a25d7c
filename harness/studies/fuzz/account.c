/* What the drawn kernel keeps account of: descriptors, mappings, and what the calls of a list returned. */
#include "kernel.h"
#include "fuzz.h"
#include <errno.h>
#include <string.h>

static uint8_t is_open[MOST_FDS];
static int64_t answers[MAX_OPS + 2];
static uint32_t made;
static int mappings;

int has_begun;

/* The kernel of a fresh player. */
void kernel_begins(void)
{
  memset(is_open, 0, sizeof is_open);
  has_begun = 1;
}

void begin_list(void)
{
  made = 0;
}

/* What the calls of the list returned, as its answer has to say. */
uint32_t results(const int64_t **values)
{
  *values = answers;
  return made;
}

/* What a list that is over has left, or NULL. */
const char *left_behind(void)
{
  const char *data = (const char *)area_address(AREA_D, NO_SLOT);

  for (int fd = FIRST_FD; fd < MOST_FDS; fd++)
    if (is_open[fd])
      return "a descriptor is left open";
  if (mappings)
    return "a kvm_run is left mapped";
  if (data[0] || memcmp(data, data + 1, area_size(AREA_D) - 1))
    return "data is left";
  return NULL;
}

void note_answer(int64_t value)
{
  if (made < MAX_OPS)
    answers[made++] = value;
}

int64_t answered(int64_t result)
{
  note_answer(result < 0 ? -errno : result);
  return result;
}

int fails(int error)
{
  errno = error;
  return -1;
}

int new_fd(void)
{
  for (int fd = FIRST_FD; fd < MOST_FDS; fd++)
    if (!is_open[fd]) {
      is_open[fd] = 1;
      return fd;
    }
  return fails(EMFILE);
}

int known(int64_t fd)
{
  return fd >= FIRST_FD && fd < MOST_FDS && is_open[fd];
}

void close_from_to(unsigned first, unsigned last)
{
  for (unsigned fd = first; fd <= last && fd < MOST_FDS; fd++)
    is_open[fd] = 0;
}

void count_mapping(int is_made)
{
  mappings += is_made ? 1 : -1;
}
