/* The memory that lists work on. All of it is mapped before the first player is forked, so addresses never change. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#define FUTEX_WAIT_PRIVATE 128

enum {
  DATA_SIZE = 0x10000, GUEST_SIZE = 0x400000, RUN_SIZE = 0x2000, OTHER_SIZE = 0x1000,
  HUGE_PAGE = 0x200000,
  SPAN = 0x20000,            /* distance of d, r, u, v and o areas: size and guard, with pages of up to 64 KiB */
};

#define KVM_GET_VCPU_MMAP_SIZE 0xae04

static char *base;           /* g, its guard, then d r u v0 v1 ... o0 o1 ... */
static char *d_area;
static uint32_t run_size;
static uint8_t run_mapped[SLOTS], page_mapped[SLOTS];

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

/* Once per player: how much of a vcpu can be mapped. */
void learn_run_size(void)
{
  int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  int size = kvm < 0 ? -1 : ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

  if (kvm >= 0)
    close(kvm);
  run_size = size < 0 ? 0 : size > SPAN / 2 ? SPAN / 2 : (uint32_t)size;
}

/* The kvm_run of the vcpu in a slot, mapped at first use; NULL and errno where fd is no vcpu. */
char *run_of(int slot, int fd)
{
  char *at = (char *)area_address(AREA_V, slot);
  struct stat file;

  if (run_mapped[slot])
    return at;
  if (fd < 0) {
    errno = EBADF;
    return NULL;
  }
  /* Of the descriptors of KVM guest_memfd can be mapped too; it is a file, and past its end it is SIGBUS. */
  if (run_size < RUN_SIZE || fstat(fd, &file) || S_ISREG(file.st_mode)) {
    errno = ENODEV;
    return NULL;
  }
  if (mmap(at, run_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
    return NULL;
  run_mapped[slot] = 1;
  return at;
}

static int unmap(char *at, size_t size)
{
  return mmap(at, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int drop_page(int slot)
{
  if (page_mapped[slot] && unmap((char *)area_address(AREA_O, SLOTS + slot), (size_t)sysconf(_SC_PAGESIZE)))
    return -1;
  page_mapped[slot] = 0;
  return 0;
}

/* Whether anything is behind a page that is mapped; before 5.14 futex(2) tells, which reads a word of it. */
static int is_there(char *at, size_t size)
{
  static const struct timespec now;

  if (!madvise(at, size, MADV_POPULATE_WRITE))
    return 1;
  return errno == EINVAL && (!syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, 0, &now, NULL, 0) || errno != EFAULT);
}

/* One page of what a descriptor maps, in the place of the one before; 0, or -1 and errno. */
int map_page(int slot, int fd, uint64_t page, int flags)
{
  char *at = (char *)area_address(AREA_O, SLOTS + slot);
  size_t size = (size_t)sysconf(_SC_PAGESIZE);

  if (drop_page(slot))
    return -1;
  if (fd < 0) {
    errno = EBADF;
    return -1;
  }
  if (mmap(at, size, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, (off_t)(page * size)) == MAP_FAILED)
    return -1;
  page_mapped[slot] = 1;
  if (is_there(at, size))
    return 0;
  if (!drop_page(slot)) /* nothing is behind the page: it would be SIGBUS */
    errno = EFAULT;
  return -1;
}

/* Where a v or o area is; NULL where there is nothing. */
char *mapped(int slot, const int *fds)
{
  if (slot < SLOTS)
    return run_of(slot, fds[slot]);
  return page_mapped[slot - SLOTS] ? (char *)area_address(AREA_O, slot) : NULL;
}

/* 0, or -1 if something of the slot is still mapped. */
int drop_mappings(int slot)
{
  if (drop_page(slot) || (run_mapped[slot] && unmap((char *)area_address(AREA_V, slot), run_size)))
    return -1;
  run_mapped[slot] = 0;
  return 0;
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
