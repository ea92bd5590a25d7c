/* Makes the call of an op: at once, or after a signal is on its way, by this process, a child of it or a thread. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Whether the child, or thread, has ended; flags of waitpid(2). */
int has_ended(pid_t child, int flags)
{
  int status;
  pid_t ended;

  while ((ended = waitpid(child, &status, flags)) < 0)
    ;
  if (ended && WIFSIGNALED(status)) { /* reported as if it had happened here */
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status)); /* not raise(): musl's takes the thread id from before start_process */
  }
  return ended != 0;
}

static long call_by_other(const struct op *op, uint32_t timer_ms)
{
  struct op timed = *op;
  pid_t child;

  timed.len = timer_ms;
  child = op->kind == 'j' ? start_process() : start_thread(&timed);
  if (child < 0)
    return -errno;
  if (!child)
    call_apart(&timed);
  has_ended(child, 0);
  return shared->forked_answer;
}

long make_call(const struct op *op, uint32_t timer_ms)
{
  long result;

  if (op->arg_slot != NO_SLOT && (op->kind == 'i' || op->kind == 'j' || op->kind == 'h' || op->kind == 'b'))
    mapped(op->arg_slot, fds);
  if (op->kind == 'j')
    return call_by_other(op, timer_ms);
  if (op->kind == 'b')
    return begin_call(op);
  if (op->kind == 'q')
    return end_call(op);
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

/*
 * fork() without its handlers. Where the agent is a library, Node's libuv is in this process too; its handler would close
 * in the child the numbers of descriptors that it once had, and by now they are those of a list.
 */
pid_t start_process(void)
{
  return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void on_alarm(int signal)
{
  (void)signal;
}

void catch_alarm(void)
{
  struct sigaction action = { .sa_handler = on_alarm }; /* no SA_RESTART: the call shall fail with EINTR */

  sigaction(SIGALRM, &action, NULL);
}
