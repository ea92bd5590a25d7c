/* What descriptors map, in the v and o areas: the kvm_run of vcpus, and other pages one at a time. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
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
#define KVM_GET_VCPU_MMAP_SIZE 0xae04

static uint32_t run_size;
static uint8_t run_mapped[SLOTS], page_mapped[SLOTS];

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
