/*
 * The agent: plays lists of calls on /dev/kvm and reports what came back, as PROTOCOL.md says. This file is the
 * supervisor: it moves bytes, watches deadlines and replaces a player that hangs or dies. It never touches /dev/kvm.
 */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
char *in_ring, *out_ring;

static int in_fd, out_fd, wake_fd, input_ended;
static int is_init;
static pid_t player_pid;
static int64_t last_flush;

static _Noreturn void leave(int status)
{
  if (player_pid > 0)
    kill(-player_pid, SIGKILL);
  if (is_init) {
    tcdrain(out_fd);
    power_off(NULL);
  }
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

static void start_player(void)
{
  int pipe_fds[2];
  pid_t supervisor = getpid();

  if (wake_fd >= 0)
    close(wake_fd);
  if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK))
    leave(1);
  wake_fd = pipe_fds[0];
  shared->deadline = 0;
  shared->idle_event = shared->in_event - 1;
  shared->want_room = 0;
  player_pid = fork();
  if (player_pid < 0) {
    perror("fork");
    leave(1);
  }
  if (player_pid) {
    setpgid(player_pid, player_pid);
    close(pipe_fds[1]);
    return;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor)
    _exit(0);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++)
    dup2(null, fd);
  dup2(pipe_fds[1], FD_WAKE);
  close_fds(FIRST_FD, ~0u);
  player();
}

/* Answers for the player, which is gone: `hung`, or `died` with its signal. Then the next one goes on. */
static void replace_player(const char *word, int signal)
{
  uint32_t next = shared->line_end;

  if (next != consumed()) {
    const char *id = shared->id_len ? shared->id : "-";
    uint32_t id_len = shared->id_len ? shared->id_len : 1;
    char *to;

    report_log(id, id_len);
    to = put_text(out_begin(128 + shared->answers_len), word);
    *to++ = ' ';
    memcpy(to, id, id_len);
    to += id_len;
    if (signal >= 0) {
      *to++ = ' ';
      to = put_decimal(to, signal);
    }
    memcpy(to, shared->answers, shared->answers_len);
    to += shared->answers_len;
    *to++ = '\n';
    out_publish(to, next);
  }
  start_player();
}

static void player_ended(int status)
{
  replace_player("died", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/* Collects the dead. A child of op j whose player was killed becomes ours. */
static void reap(void)
{
  int status;
  pid_t pid;

  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    if (pid == player_pid) {
      kill(-pid, SIGKILL);
      player_ended(status);
    }
}

/*
 * A task that sleeps uninterruptibly does not die; after 2 s it is left behind, and its memory with it. Where the list
 * ended in the last moment and the kill met the next one, that one is not overdue: the new player begins it again.
 */
static void kill_hung_player(int64_t deadline)
{
  struct timespec ms = { 0, 1000000 };
  int64_t until = now_ms() + 2000;
  pid_t gone = 0;
  int status;

  kill(-player_pid, SIGKILL);
  kill(player_pid, SIGKILL);
  while (!(gone = waitpid(player_pid, &status, WNOHANG)) && now_ms() < until)
    nanosleep(&ms, NULL);
  if (!gone)
    map_data();
  if (shared->deadline == deadline)
    replace_player("hung", -1);
  else
    start_player();
}

static void on_child(int signal)
{
  (void)signal;
}

static _Noreturn void supervise(void)
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

int main(void)
{
  struct sigaction child = { .sa_handler = on_child };
  sigset_t blocked;
  int on_uart = 0;

  in_fd = 0;
  out_fd = 1;
  wake_fd = -1;
  is_init = getpid() == 1;
  if (is_init)
    on_uart = become_init(&in_fd, &out_fd);
  in_fd = fcntl(in_fd, F_DUPFD_CLOEXEC, 16); /* out of the way of FD_KMSG and FD_WAKE */
  out_fd = fcntl(out_fd, F_DUPFD_CLOEXEC, 16);
  open_log();
  map_areas();
  in_ring = map_twice(IN_SIZE);
  out_ring = map_twice(OUT_SIZE);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (shared == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  if (on_uart) /* what a controller sends before this is lost or worse, so the agent speaks first */
    shared->in_head = (uint32_t)(put_text(in_ring, "hello 1\n") - in_ring);
  make_room = flush_some;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);
  sigaction(SIGCHLD, &child, NULL);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGCHLD);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  start_player();
  supervise();
}
