/** Functions of a program in C by which another thread makes a call while the program goes on. */
import type { Helper } from './c-callers.ts'

/** In the order in which they stand in the program. */
export const background: readonly Helper[] = [
  {
    used: 'background_of_',
    includes: ['pthread.h', 'sys/ioctl.h'],
    text: `/* A call that another thread makes. */
struct background {
	pthread_t thread;
	int is_begun, is_back;
	int fd;
	unsigned long nr;
	uintptr_t arg;
	int ret, error;
};
`,
  },
  {
    used: 'begin_call(',
    includes: ['sched.h'],
    text: `static void *call_in_background(void *of)
{
	struct background *call = of;

	call->ret = ioctl(call->fd, call->nr, call->arg);
	call->error = errno;
	__atomic_store_n(&call->is_back, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Goes on once the kernel has written to *word, when the call is under way, or once it has failed. */
static int begin_call(struct background *call, int fd, unsigned long nr, uintptr_t arg, const __u32 *word)
{
	__u32 before = *word;
	int is_back;

	*call = (struct background){ .is_begun = 1, .fd = fd, .nr = nr, .arg = arg };
	if (pthread_create(&call->thread, NULL, call_in_background, call))
		give_up("pthread_create");
	do {
		is_back = __atomic_load_n(&call->is_back, __ATOMIC_ACQUIRE);
		if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != before)
			return 0;
		sched_yield();
	} while (!is_back);
	if (call->ret >= 0)
		return 0;
	pthread_join(call->thread, NULL);
	call->is_begun = 0;
	errno = call->error;
	return -1;
}
`,
  },
  {
    used: 'end_call(',
    includes: ['signal.h'],
    text: `static void on_end(int signal)
{
	(void)signal;
}

/* A signal ends the call; gives what it answered. */
static int end_call(struct background *call)
{
	struct sigaction action = { .sa_handler = on_end };

	if (!call->is_begun) {
		errno = ESRCH;
		return -1;
	}
	sigaction(SIGUSR1, &action, NULL);
	pthread_kill(call->thread, SIGUSR1);
	pthread_join(call->thread, NULL);
	call->is_begun = 0;
	errno = call->error;
	return call->ret;
}
`,
  },
]
