/* Calls that a thread of their own makes while the list goes on: op b begins one, op q has it end. */
#include "agent.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct background {
  long fd, nr, arg, result;
  pid_t thread;              /* 0: it has come back */
  int is_begun;              /* and its answer was not asked for yet */
  char stack[1 << 16] __attribute__((aligned(16)));
};

static struct background begun[SLOTS];

/* A system call that touches nothing of the C library's: errno is the player's, which goes on meanwhile. */
static long raw_syscall(long number, long a, long b, long c)
{
#if defined __aarch64__
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;

  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
#elif defined __x86_64__
  long result;

  __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
#else
#error "how this machine makes a system call is not known"
#endif
}

static int call_in_background(void *of_call)
{
  struct background *call = of_call;

  call->result = raw_syscall(SYS_ioctl, call->fd, call->nr, call->arg);
  raw_syscall(SYS_exit_group, 0, 0, 0);
  return 0;
}

static int has_come_back(struct background *call, int flags)
{
  if (call->thread && has_ended(call->thread, flags))
    call->thread = 0;
  return !call->thread;
}

/*
 * Goes on once the word that op->addr names has changed, by which the kernel shows that the call is under way, or the
 * call has come back without. 0, or −errno of a call that failed so soon.
 */
long begin_call(const struct op *op)
{
  struct background *call = &begun[op->slot];
  const uint32_t *word = mapped(op->addr_slot, fds) ? (uint32_t *)op->addr : NULL;
  uint32_t before = word ? __atomic_load_n(word, __ATOMIC_ACQUIRE) : 0;
  int is_back;

  if (call->is_begun)
    return -EALREADY;
  call->fd = fds[op->slot];
  call->nr = op->nr;
  call->arg = (long)op->arg;
  call->thread = clone(call_in_background, call->stack + sizeof call->stack,
                       CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | SIGCHLD, call);
  if (call->thread < 0) {
    call->thread = 0;
    return -errno;
  }
  call->is_begun = 1;
  do {
    is_back = has_come_back(call, WNOHANG);
    if (word && __atomic_load_n(word, __ATOMIC_ACQUIRE) != before)
      return 0;
    if (!is_back)
      sched_yield();
  } while (!is_back);
  call->is_begun = call->result >= 0;
  return call->is_begun ? 0 : call->result;
}

/* The answer of the call, which a signal ends where it has not come back yet; it is under way, so that none is lost. */
long end_call(const struct op *op)
{
  struct background *call = &begun[op->slot];

  if (!call->is_begun)
    return -ESRCH;
  if (!has_come_back(call, WNOHANG))
    kill(call->thread, SIGALRM);
  has_come_back(call, 0);
  call->is_begun = 0;
  return (int)call->result;
}

/* No thread outlives its list. */
void end_calls(void)
{
  for (int slot = 0; slot < SLOTS; slot++) {
    begun[slot].is_begun = 0;
    if (has_come_back(&begun[slot], WNOHANG))
      continue;
    kill(begun[slot].thread, SIGKILL);
    while (waitpid(begun[slot].thread, NULL, 0) < 0)
      ;
    begun[slot].thread = 0;
  }
}
