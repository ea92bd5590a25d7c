/* Plays one list and takes back everything it did to this process. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static int fds[SLOTS], eventfds[EVENTFDS];
static int unclean;
static char *answer;

static void put_fd(int slot, long fd)
{
  unclean |= drop_mappings(slot);
  fds[slot] = fd >= FIRST_FD ? (int)fd : -1;
}

static void answered(void)
{
  __atomic_store_n(&shared->answers_len, (uint32_t)(answer - shared->answers), __ATOMIC_RELEASE);
}

static void set_timer(uint32_t ms)
{
  /* Repeated, because a signal that comes before the call has begun to block is lost. */
  struct itimerval timer = { { 0, ms ? 10000 : 0 }, { ms / 1000, ms % 1000 * 1000 } };

  setitimer(ITIMER_REAL, &timer, NULL);
}

static long call(const struct op *op)
{
  long result;

  if (op->kind == 'k')
    result = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  else if (op->kind == 'c')
    result = close(fds[op->slot]);
  else if (op->kind == 'm' && op->len)
    result = map_page(op->slot, fds[op->slot], op->arg, (int)op->len);
  else if (op->kind == 'm')
    result = run_of(op->slot, fds[op->slot]) ? 0 : -1;
  else if (op->kind == 'r')
    result = pread(fds[op->slot], (char *)op->addr, op->len, (off_t)op->arg);
  else if (op->kind == 'a')
    result = fallocate(fds[op->slot], (int)op->nr, (off_t)op->arg, (off_t)op->addr);
  else
    result = syscall(SYS_ioctl, fds[op->slot], op->nr, op->arg);
  return result < 0 ? -errno : (int)result;
}

/*
 * What a child or a thread does. KVM may have given it threads, which have to go with it: of x86, at a first KVM_RUN. Not
 * _exit(), before which AddressSanitizer would look for the stack of the player.
 */
static int call_apart(void *of_op)
{
  const struct op *op = of_op;

  if (op->len)
    set_timer(op->len);
  shared->forked_answer = (int32_t)call(op);
  syscall(SYS_exit_group, 0);
  return 0;
}

/*
 * A task of its own that shares memory and descriptors. The player stands still meanwhile, as it does in vfork(2), so that
 * what the C library keeps for a thread can be shared, too.
 */
static pid_t start_thread(struct op *op)
{
  static char stack[1 << 16] __attribute__((aligned(16)));

  return clone(call_apart, stack + sizeof stack,
               CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | SIGCHLD, op);
}

static long call_by_other(const struct op *op, uint32_t timer_ms)
{
  struct op timed = *op;
  int status;
  pid_t child;

  timed.len = timer_ms;
  child = op->kind == 'j' ? start_process() : start_thread(&timed);
  if (child < 0)
    return -errno;
  if (!child)
    call_apart(&timed);
  while (waitpid(child, &status, 0) < 0)
    ;
  if (WIFSIGNALED(status)) { /* reported as if it had happened here */
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status)); /* not raise(): musl's takes the thread id from before start_process */
  }
  return shared->forked_answer;
}

static long make_call(const struct op *op, uint32_t timer_ms)
{
  long result;

  if (op->arg_slot != NO_SLOT && (op->kind == 'i' || op->kind == 'j' || op->kind == 'h'))
    mapped(op->arg_slot, fds);
  if (op->kind == 'j')
    return call_by_other(op, timer_ms);
  if (timer_ms && op->kind != 'h')
    set_timer(timer_ms);
  result = op->kind == 'h' ? call_by_other(op, timer_ms) : call(op);
  if (timer_ms && op->kind != 'h')
    set_timer(0);
  if (op->kind == 'c')
    put_fd(op->slot, -1);
  else if (result >= 0 && op->kind == 'k')
    put_fd(op->slot, result);
  else if (result >= 0 && op->into != NO_SLOT)
    put_fd(op->into, result);
  return result;
}

static int nibble(char c)
{
  return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static void put_bytes(const char *hex, uint32_t len, char *to)
{
  for (uint32_t i = 0; i < len; i++)
    to[i] = (char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
}

static long look_at(const struct op *op)
{
  char path[MAX_PATH + 1] = "";

  put_bytes(op->hex, op->nr, path);
  return look(path, (char *)op->addr, op->len);
}

/* The soft limit, which the kernel asks whenever it gives a descriptor; gives the one before. */
static rlim_t limit_fds(rlim_t soft)
{
  struct rlimit limit;
  rlim_t was;

  getrlimit(RLIMIT_NOFILE, &limit);
  was = limit.rlim_cur;
  limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return was;
}

static int eventfd_of(int n)
{
  if (eventfds[n] < 0)
    eventfds[n] = eventfd(0, EFD_CLOEXEC);
  return eventfds[n];
}

static void read_bytes(uint32_t len, const char *from)
{
  *answer++ = ':';
  while (from && len && !from[len - 1])
    len--;
  for (uint32_t i = 0; from && i < len; i++) {
    uint8_t byte = (uint8_t)from[i];

    *answer++ = "0123456789abcdef"[byte >> 4];
    *answer++ = "0123456789abcdef"[byte & 15];
  }
  answered();
}

void play(const struct list *list)
{
  uint32_t timer_ms = 0;
  const struct op *limit = NULL;
  rlim_t most = 0;
  long result = -1;
  int32_t fd;

  answer = shared->answers;
  for (const struct op *op = list->op; op < list->op + list->ops; op++) {
    char *where = (char *)op->addr;

    switch (op->kind) {
    case 'k':
    case 'i':
    case 'j':
    case 'h':
    case 'c':
    case 'm':
    case 'r':
    case 'l':
    case 'a':
      if (limit)
        most = limit_fds(limit->arg);
      result = op->kind == 'l' ? look_at(op) : make_call(op, timer_ms);
      if (limit)
        limit_fds(most);
      timer_ms = 0;
      limit = NULL;
      *answer++ = ' ';
      answer = put_decimal(answer, result);
      answered();
      continue;
    case 't':
      timer_ms = op->len;
      continue;
    case 'n':
      limit = op;
      continue;
    }
    if (op->addr_slot != NO_SLOT && !mapped(op->addr_slot, fds))
      where = NULL;
    if (op->kind == 'x')
      read_bytes(op->len, where);
    if (!where)
      continue;
    if (op->kind == 'w') {
      put_bytes(op->hex, op->len, where);
      if (op->addr - area_address(AREA_G, 0) < area_size(AREA_G))
        show_guest(where, op->len);
    } else if (op->kind == 'p') {
      if (op->arg_slot != NO_SLOT)
        mapped(op->arg_slot, fds);
      memcpy(where, &op->arg, 8);
    } else if (op->kind == 'e') {
      fd = eventfd_of(op->slot);
      memcpy(where, &fd, 4);
    } else if (op->kind == 'd') {
      memcpy(where, &fds[op->slot], 4);
    } else if (op->kind == 'f' && result >= 0) {
      memcpy(&fd, where, 4);
      if (fd >= 0)
        put_fd(op->slot, fd);
    }
  }
}

/*
 * fork() without its handlers. Where the agent is a library, Node's libuv is in this process too; its handler would close
 * in the child the numbers of descriptors that it once had, and by now they are those of a list.
 */
pid_t start_process(void)
{
  return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
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

  for (int slot = 0; slot < SLOTS; slot++)
    put_fd(slot, -1);
  memset(eventfds, 0xff, sizeof eventfds);
  if (list->opens)
    close_fds(FIRST_FD, last);
  unclean |= clear_areas(list->d_used, list->g_used);
  return unclean;
}

static void on_alarm(int signal)
{
  (void)signal;
}

void prepare_player(void)
{
  struct sigaction action = { .sa_handler = on_alarm }; /* no SA_RESTART: the call shall fail with EINTR */

  sigaction(SIGALRM, &action, NULL);
  memset(fds, 0xff, sizeof fds);
  memset(eventfds, 0xff, sizeof eventfds);
  clear_areas(area_size(AREA_D), 0);
  learn_run_size();
}
