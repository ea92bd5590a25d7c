/** Functions of a program in C by which somebody else makes a call, or with another limit. */

/** A function that is there only where a call needs it. */
export interface Helper {
  /** The text by which a program calls it. */
  used: string
  includes: readonly string[]
  text: string
}

/** In the order in which they stand in the program. */
export const callers: readonly Helper[] = [
  {
    used: 'interrupt_after(',
    includes: ['signal.h', 'sys/time.h'],
    text: `static void on_alarm(int signal)
{
	(void)signal;
}

/* A signal interrupts what still blocks after so many ms; 0 for none. */
static void interrupt_after(int ms)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval timer = { { 0, ms ? 10000 : 0 }, { 0, ms * 1000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}
`,
  },
  {
    used: 'ioctl_of_child(',
    includes: ['sys/ioctl.h', 'sys/mman.h', 'sys/wait.h', 'unistd.h'],
    text: `/* The same from a forked child, that is from another mm. */
static int ioctl_of_child(int fd, unsigned long nr, uintptr_t arg)
{
	int *result = mmap(NULL, 2 * sizeof(*result), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ret;
	pid_t child;

	if (result == MAP_FAILED || (child = fork()) < 0)
		give_up("fork");
	if (!child) {
		result[0] = ioctl(fd, nr, arg);
		result[1] = errno;
		_exit(0);
	}
	waitpid(child, NULL, 0);
	ret = result[0];
	errno = result[1];
	munmap(result, 2 * sizeof(*result));
	return ret;
}
`,
  },
  {
    used: 'ioctl_of_thread(',
    includes: ['pthread.h', 'signal.h', 'sys/ioctl.h'],
    text: `struct call {
	int fd;
	unsigned long nr;
	uintptr_t arg;
	int ret, error;
};

static void *make_call(void *of)
{
	struct call *call = of;

	call->ret = ioctl(call->fd, call->nr, call->arg);
	call->error = errno;
	return NULL;
}

/* The same from another thread, which a signal is left to. */
static int ioctl_of_thread(int fd, unsigned long nr, uintptr_t arg)
{
	struct call call = { .fd = fd, .nr = nr, .arg = arg };
	sigset_t alarms, before;
	pthread_t thread;

	if (pthread_create(&thread, NULL, make_call, &call))
		give_up("pthread_create");
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarms, &before);
	pthread_join(thread, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = call.error;
	return call.ret;
}
`,
  },
  {
    used: 'allow_descriptors(',
    includes: ['sys/resource.h'],
    text: `/* Whether the process may open more of them. */
static void allow_descriptors(int some)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = some ? limit.rlim_max : 0;
	setrlimit(RLIMIT_NOFILE, &limit);
}
`,
  },
]
