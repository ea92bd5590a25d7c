/*
 * The supervisor: moves bytes, watches deadlines and has players replaced that hang or die. It never touches /dev/kvm.
 * It needs a process of one thread, with nothing open that begins at descriptor 3.
 */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
char *in_ring, *out_ring;

static int in_fd, out_fd, input_ended, from_uart;
static void (*at_end)(int out);
static int64_t last_flush;

_Noreturn void leave(int status)
{
  kill_player();
  if (at_end)
    at_end(out_fd);
  _exit(status);
}

static uint32_t pending(void)
{
  return produced() - shared->out_tail;
}

/* Writes what is there, at most what a pipe that polled writable takes without blocking. */
static void flush_some(void)
{
  uint32_t len = pending() < FLUSH_BYTES ? pending() : FLUSH_BYTES;
  ssize_t written = write(out_fd, out_ring + (shared->out_tail & (OUT_SIZE - 1)), len);

  if (written < 0 && errno != EINTR && errno != EAGAIN)
    leave(1);
  if (written <= 0)
    return;
  __atomic_store_n(&shared->out_tail, shared->out_tail + (uint32_t)written, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&shared->want_room, __ATOMIC_SEQ_CST))
    wake(&shared->out_tail);
}

static void read_some(void)
{
  uint32_t room = IN_SIZE - (shared->in_head - consumed());

  if (from_uart) /* bytes come one by one: it takes more to wake for each than to read it */
    nanosleep(&(struct timespec){ 0, NAP_MS * 1000000 }, NULL);
  ssize_t len = read(in_fd, in_ring + (shared->in_head & (IN_SIZE - 1)), room);

  if (len < 0 && (errno == EINTR || errno == EAGAIN))
    return;
  if (len > 0) {
    __atomic_store_n(&shared->in_head, shared->in_head + (uint32_t)len, __ATOMIC_SEQ_CST);
  } else {
    input_ended = 1;
    __atomic_store_n(&shared->in_end, 1, __ATOMIC_SEQ_CST);
  }
  uint32_t event = __atomic_fetch_add(&shared->in_event, 1, __ATOMIC_SEQ_CST);
  if (event == __atomic_load_n(&shared->idle_event, __ATOMIC_SEQ_CST))
    wake(&shared->in_event);
}

static void on_child(int signal)
{
  (void)signal;
}

static _Noreturn void watch(void)
{
  sigset_t unblocked;
  char nudges[64];

  sigprocmask(SIG_BLOCK, NULL, &unblocked);
  sigdelset(&unblocked, SIGCHLD);
  for (;;) {
    int64_t now = now_ms();
    int64_t deadline = __atomic_load_n(&shared->deadline, __ATOMIC_ACQUIRE);
    int idle = __atomic_load_n(&shared->idle_event, __ATOMIC_SEQ_CST) == shared->in_event;
    uint32_t waiting = pending();
    int due = waiting && (idle || waiting >= FLUSH_BYTES || shared->want_room || now - last_flush >= FLUSH_MS);
    int room = IN_SIZE - (shared->in_head - consumed()) > 0;
    int64_t wait_ms = FLUSH_MS;

    if (shared->finished && !waiting)
      leave(0);
    if (deadline && now > deadline) {
      kill_hung_player(deadline);
      continue;
    }
    if (!waiting)
      last_flush = now;
    if (deadline && deadline - now + 1 < wait_ms)
      wait_ms = deadline - now + 1;
    struct pollfd poll_fds[] = {
      { input_ended || !room ? -1 : in_fd, POLLIN, 0 },
      { wake_fd, POLLIN, 0 },
      { due ? out_fd : -1, POLLOUT, 0 },
    };
    struct timespec timeout = { 0, wait_ms * 1000000 };
    int ready = ppoll(poll_fds, 3, idle && !due && room ? NULL : &timeout, &unblocked);

    reap();
    if (ready <= 0)
      continue;
    if (poll_fds[1].revents && read(wake_fd, nudges, sizeof nudges) < 0)
      continue;
    if (poll_fds[2].revents) {
      flush_some();
      last_flush = now;
    }
    if (poll_fds[0].revents)
      read_some();
  }
}

/* Serves the lines of `in` until it ends or says bye, and ends the process then, after `end` where there is one. */
_Noreturn void supervise(int in, int out, int greets, void (*end)(int out))
{
  struct sigaction child = { .sa_handler = on_child };
  sigset_t blocked;

  at_end = end;
  in_fd = fcntl(in, F_DUPFD_CLOEXEC, 16); /* out of the way of FD_KMSG and FD_WAKE */
  out_fd = fcntl(out, F_DUPFD_CLOEXEC, 16);
  from_uart = isatty(in_fd);
  open_log();
  map_areas();
  in_ring = map_twice(IN_SIZE);
  out_ring = map_twice(OUT_SIZE);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (shared == MAP_FAILED) {
    complain("cannot map memory");
    _exit(1);
  }
  if (greets)
    shared->in_head = (uint32_t)(put_text(in_ring, "hello 1\n") - in_ring);
  make_room = flush_some;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);
  sigaction(SIGCHLD, &child, NULL);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  start_player();
  watch();
}
