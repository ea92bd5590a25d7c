/*
 * The agent as a library, for a program that has threads, such as Node (agent.ts). The agent runs in a process of its
 * own, which begins as a copy of the caller's and has one thread: nothing of the caller's is touched there, and no code
 * of the caller's runs. Results are 0 or more, or -errno.
 */
#include "agent.h"
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

/* Keeps this thread, and with it the agent that it starts, on one core. */
EXPORTED int agent_stay_on(int cpu)
{
  enum { BITS = 8 * sizeof(long), MOST_CPUS = 8192 };
  unsigned long mask[MOST_CPUS / BITS] = { 0 };

  if (cpu < 0 || cpu >= MOST_CPUS)
    return -EINVAL;
  mask[cpu / BITS] = 1ul << cpu % BITS;
  return syscall(SYS_sched_setaffinity, 0, sizeof mask, mask) < 0 ? -errno : 0;
}

static _Noreturn void serve(pid_t caller)
{
  sigset_t none;

  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != caller)
    _exit(0);
  for (int signum = 1; signum <= SIGRTMAX; signum++)
    signal(signum, SIG_DFL); /* the caller's handlers are made for the caller */
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  close_fds(3, ~0u);
  supervise(0, 1, 0, NULL);
}

/* Serves lines on descriptors 0 and 1 until they end. Gives the agent's exit status. */
EXPORTED int agent_serve(void)
{
  pid_t caller = getpid(), agent = start_process();
  int status;

  if (agent < 0)
    return -errno;
  if (!agent)
    serve(caller);
  while (waitpid(agent, &status, 0) < 0)
    if (errno != EINTR)
      return -errno;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
