/*
 * What the agent's files call in place of the C library while they are fuzzed: a kernel that answers whatever the input
 * draws. Here are the calls on descriptors and memory.
 */
#include "kernel.h"
#include "fuzz.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_WRITTEN = 64 };

static int own_fd;

int fuzz_open(const char *path, int flags)
{
  if (flags & O_NONBLOCK) /* op l: of what may be looked at nothing is there */
    return fails(ENOENT);
  if (!strncmp(path, "/proc/", 6)) {
    int fd = open(path, flags);

    if (fd < 0)
      return fd;
    own_fd = fcntl(fd, F_DUPFD_CLOEXEC, MOST_FDS); /* out of the way of what lists open */
    close(fd);
    return own_fd;
  }
  if (strcmp(path, "/dev/kvm"))
    return fails(ENOENT);
  return (int)answered(draw(8) == 1 ? fails(EACCES) : new_fd());
}

int fuzz_close(int fd)
{
  if (fd == own_fd || !has_begun) {
    own_fd = 0;
    return close(fd);
  }
  if (!known(fd))
    return (int)answered(fails(EBADF));
  close_from_to((unsigned)fd, (unsigned)fd);
  return (int)answered(0);
}

int fuzz_eventfd(unsigned value, int flags)
{
  (void)value;
  (void)flags;
  return draw(8) == 1 ? fails(EMFILE) : new_fd();
}

/* What a call writes behind its pointer, where it may. */
static void write_behind(uint64_t arg)
{
  static const int areas[] = { AREA_D, AREA_G };

  for (int i = 0; i < 2; i++) {
    uint64_t from = area_address(areas[i], NO_SLOT), end = from + area_size(areas[i]);

    if (arg >= from && arg < end)
      for (uint32_t left = draw(MOST_WRITTEN); left && arg < end; left--)
        *(char *)arg++ = (char)draw(256);
  }
}

static int answer_ioctl(int fd, uint64_t arg)
{
  if (!known(fd))
    return fails(EBADF);
  write_behind(arg);
  switch (draw(6)) {
  case 0:
    return new_fd();
  case 1:
    new_fd(); /* as a failed KVM_CREATE_DEVICE leaves one open */
    return fails(EINVAL);
  case 2:
    return (int)draw(FIRST_FD + 2);
  case 3:
    return (int)draw(UINT32_MAX) & INT32_MAX;
  case 4:
    return fails(1 + (int)draw(4095));
  default:
    return 0;
  }
}

/* KVM_GET_VCPU_MMAP_SIZE alone is asked so. */
int fuzz_ioctl(int fd, unsigned long nr, ...)
{
  (void)fd, (void)nr;
  return draw(2) ? 0x3000 : (int)draw(0x20000) - 1;
}

/* The child's call of op j: nobody forks here. */
static long forked(void)
{
  if (draw(4) == 1)
    return answered(fails(EAGAIN));
  shared->forked_answer = (int32_t)draw(256) - 128;
  note_answer(shared->forked_answer);
  return 1;
}

/* The thread of op h or b: there is none, either; what op b began comes back at once. */
int fuzz_clone(int (*start)(void *), void *stack, int flags, void *of, ...)
{
  (void)start, (void)stack, (void)of;
  if (!(flags & CLONE_VFORK))
    return draw(4) == 1 ? fails(EAGAIN) : 1;
  return (int)forked();
}

long fuzz_syscall(long number, ...)
{
  va_list rest;
  long arg[3];

  va_start(rest, number);
  for (int i = 0; i < 3; i++)
    arg[i] = va_arg(rest, long);
  va_end(rest);
  switch (number) {
  case SYS_ioctl:
    return answered(answer_ioctl((int)arg[0], (uint64_t)arg[2]));
  case SYS_futex:
    if ((int)arg[1] == FUTEX_WAIT && *(uint32_t *)arg[0] == (uint32_t)arg[2])
      (uint32_t *)arg[0] == &shared->in_event ? feed() : drain();
    return 0;
  case SYS_clone:
    return forked();
  case SYS_close_range:
    if (draw(8) == 1)
      return fails(ENOSYS);
    close_from_to((unsigned)arg[0], (unsigned)arg[1]);
    return 0;
  default:
    return syscall(number, arg[0], arg[1], arg[2]);
  }
}

void *fuzz_mmap(void *at, size_t size, int access, int flags, int fd, off_t offset)
{
  if (!has_begun)
    return mmap(at, size, access, flags, fd, offset);
  if (fd >= 0 && draw(4) == 1)
    return errno = ENODEV, MAP_FAILED;
  count_mapping(fd >= 0);
  return mmap(at, size, access, flags | MAP_ANONYMOUS, -1, 0);
}

int fuzz_madvise(void *at, size_t size, int advice)
{
  if (advice == MADV_DONTNEED)
    return madvise(at, size, advice);
  return draw(4) == 1 ? fails(EFAULT) : 0;
}

ssize_t fuzz_pread(int fd, void *to, size_t size, off_t offset)
{
  size_t len = draw((uint32_t)(size < MOST_WRITTEN ? size : MOST_WRITTEN) + 1);

  (void)offset;
  if (!known(fd))
    return answered(fails(EBADF));
  memset(to, 0x5a, len);
  return (ssize_t)answered((int64_t)len);
}

int fuzz_fallocate(int fd, int mode, off_t offset, off_t size)
{
  (void)mode, (void)offset, (void)size;
  return (int)answered(known(fd) ? 0 : fails(EBADF));
}

int fuzz_fstat(int fd, struct stat *file)
{
  memset(file, 0, sizeof *file);
  file->st_mode = draw(4) == 1 ? S_IFREG : S_IFCHR;
  return known(fd) ? 0 : fails(EBADF);
}
