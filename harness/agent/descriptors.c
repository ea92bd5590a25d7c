/* The descriptors of a list: those in its slots, its eventfds, and how they are taken back. */
#include "agent.h"
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

int fds[SLOTS];
static int eventfds[EVENTFDS];
static int unclean;

void put_fd(int slot, long fd)
{
  unclean |= drop_mappings(slot);
  fds[slot] = fd >= FIRST_FD ? (int)fd : -1;
}

int eventfd_of(int n)
{
  if (eventfds[n] < 0)
    eventfds[n] = eventfd(0, EFD_CLOEXEC);
  return eventfds[n];
}

/* The soft limit, which the kernel asks whenever it gives a descriptor; gives the one before. */
uint64_t limit_fds(uint64_t soft)
{
  struct rlimit limit;
  rlim_t was;

  getrlimit(RLIMIT_NOFILE, &limit);
  was = limit.rlim_cur;
  limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return was;
}

/* Closes what is open from first to last; kernels before 5.9 have no call for it. */
void close_fds(unsigned first, unsigned last)
{
  if (!syscall(SYS_close_range, first, last, 0))
    return;
  for (unsigned fd = first; fd <= last && fd < 4096; fd++)
    close((int)fd);
}

/* 0, or -1 if something is left that only the end of the process removes. */
int clean_up(const struct list *list)
{
  /* Descriptors get the lowest free number and an op makes one at most, so none lies higher: not even
     those that no slot knows, and those that a failed KVM_CREATE_DEVICE leaves open. */
  unsigned last = FIRST_FD + list->opens - 1;

  end_calls();
  for (int slot = 0; slot < SLOTS; slot++)
    put_fd(slot, -1);
  memset(eventfds, 0xff, sizeof eventfds);
  if (list->opens)
    close_fds(FIRST_FD, last);
  unclean |= clear_areas(list->d_used, list->g_used);
  return unclean;
}

void prepare_fds(void)
{
  memset(fds, 0xff, sizeof fds);
  memset(eventfds, 0xff, sizeof eventfds);
}
