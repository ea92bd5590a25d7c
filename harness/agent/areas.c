/* The memory that lists work on. All of it is mapped before the first player is forked, so addresses never change. */
#include "agent.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DATA_SIZE = 0x10000, GUEST_SIZE = 0x400000, OTHER_SIZE = 0x1000, HUGE_PAGE = 0x200000 };

static char *base;           /* g, its guard, then d r u v0 v1 ... o0 o1 ... */
static char *d_area;

static void die(const char *what)
{
  complain(what);
  _exit(1);
}

static int memory_file(uint32_t size)
{
  int fd = memfd_create("kvm-arm64-abi", MFD_CLOEXEC);

  if (fd < 0 || ftruncate(fd, size))
    die("memfd_create");
  return fd;
}

/* Shared memory followed by itself, so that a ring has no seam. */
void *map_twice(uint32_t size)
{
  int fd = memory_file(size);
  char *at = mmap(NULL, 2 * (size_t)size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  for (int i = 0; i < 2; i++)
    if (at == MAP_FAILED ||
        mmap(at + (size_t)i * size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
      die("mmap");
  close(fd);
  return at;
}

uint64_t area_address(int area, int slot)
{
  if (area == AREA_G)
    return (uint64_t)base;
  return (uint64_t)(d_area + SPAN * (area == AREA_V || area == AREA_O ? AREA_V - 1 + slot : area));
}

uint32_t area_size(int area)
{
  return area == AREA_G ? GUEST_SIZE : area == AREA_V ? RUN_SIZE : area == AREA_O ? OTHER_SIZE : DATA_SIZE;
}

/* d and r. A player that could not be killed keeps the old memory, the next one gets new. */
void map_data(void)
{
  int fd = memory_file(DATA_SIZE);

  if (mmap(d_area, DATA_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ||
      mmap(d_area + SPAN, DATA_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
    die("mmap");
  close(fd);
}

void map_areas(void)
{
  size_t size = GUEST_SIZE + HUGE_PAGE + SPAN * (AREA_V - 1 + 2 * SLOTS);
  /* A hint that fits into 39 bits: where it is free, pointers that are read back are the same in every run. */
  char *at = mmap((void *)0x2000000000, size + HUGE_PAGE, PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (at == MAP_FAILED)
    die("mmap");
  base = (char *)(((uintptr_t)at + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1));
  d_area = base + GUEST_SIZE + HUGE_PAGE;
  if (mmap(base, GUEST_SIZE, PROT_READ | PROT_WRITE,
           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
    die("mmap");
  map_data();
}

/*
 * Makes bytes what a guest fetches. It begins with its caches off, and KVM cleans only pages that it maps for the guest:
 * not one that the guest has had since before it was written to.
 */
void show_guest(const char *bytes, uint32_t len)
{
#ifdef __aarch64__
  uint64_t type, line;

  __asm__("mrs %0, ctr_el0" : "=r"(type));
  line = UINT64_C(4) << (type >> 16 & 15);
  for (uint64_t at = (uint64_t)bytes & ~(line - 1); at < (uint64_t)bytes + len; at += line)
    __asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
  __asm__ volatile("dsb ish" : : : "memory");
#endif
  __builtin___clear_cache((char *)bytes, (char *)bytes + len);
}

int clear_areas(uint32_t d_used, int g_used)
{
  memset(d_area, 0, d_used);
  return g_used ? madvise(base, GUEST_SIZE, MADV_DONTNEED) : 0;
}
