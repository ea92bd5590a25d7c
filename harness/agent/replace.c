/* The supervisor's part that starts players, and replaces those that hang or die. */
#include "agent.h"
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int wake_fd = -1;

static pid_t player_pid;

/* With all that it has started. */
void kill_player(void)
{
  if (player_pid > 0)
    kill(-player_pid, SIGKILL);
}

void start_player(void)
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
  player_pid = start_process();
  if (player_pid < 0) {
    complain("cannot start a player");
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

/* Collects the dead. A child of op j or h whose player was killed becomes ours. */
void reap(void)
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
void kill_hung_player(int64_t deadline)
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
