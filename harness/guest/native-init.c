/*
 * /init of a guest that runs the whole project: starts the command in /command, one argument a line, in /project; its
 * output goes to the virtio port as it comes, and once it has ended a NUL, its exit status, and the files in /reports.
 */
#include "../agent/agent.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int port;

static void need(int good, const char *what)
{
  char why[256];

  if (good)
    return;
  snprintf(why, sizeof why, "%s: %s", what, strerror(errno));
  power_off(why);
}

static void tmpfs_on(const char *path)
{
  mkdir(path, 01777);
  need(mount("tmpfs", path, "tmpfs", 0, NULL) == 0, path);
}

/* Sends `PATH SIZE` on a line and then the file. */
static int send_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
  static char bytes[65536];
  long left = status->st_size;
  ssize_t size;
  int file;

  (void)where;
  if (type != FTW_F)
    return 0;
  file = open(path, O_RDONLY | O_CLOEXEC);
  need(file >= 0, path);
  dprintf(port, "%s %ld\n", path + strlen("/reports/"), left);
  for (; left > 0; left -= size) {
    size = read(file, bytes, left < (long)sizeof bytes ? (size_t)left : sizeof bytes);
    need(size > 0, path);
    for (ssize_t sent = 0, more; sent < size; sent += more) {
      more = write(port, bytes + sent, (size_t)(size - sent));
      need(more > 0, "the virtio port");
    }
  }
  close(file);
  return 0;
}

static _Noreturn void run_command(void)
{
  static char text[4096];
  static char *environment[] = { "PATH=/usr/bin", "HOME=/root", "TMPDIR=/tmp", "LANG=C.UTF-8", NULL };
  char *words[64], *rest = text;
  int count = 0, file = open("/command", O_RDONLY | O_CLOEXEC);

  if (file < 0 || read(file, text, sizeof text - 1) < 0 || chdir("/project"))
    _exit(126);
  for (char *word; count < 63 && (word = strsep(&rest, "\n")) && *word;)
    words[count++] = word;
  words[count] = NULL;
  file = open("/dev/null", O_RDWR);
  dup2(file, 0);
  dup2(port, 1);
  dup2(port, 2);
  execve(words[0], words, environment);
  dprintf(2, "%s: %s\n", words[0], strerror(errno));
  _exit(127);
}

int main(void)
{
  int in, status = 0;
  pid_t command, ended;

  if (become_init(&in, &port))
    power_off("no virtio port");
  tmpfs_on("/tmp");
  tmpfs_on("/reports");
  command = fork();
  need(command >= 0, "fork");
  if (command == 0)
    run_command();
  /* What others leave behind is reaped, too. */
  do ended = wait(&status);
  while (ended != command);
  kill(-1, SIGKILL);
  need(write(port, "", 1) == 1, "the virtio port");
  dprintf(port, "%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  need(nftw("/reports", send_file, 16, FTW_PHYS) == 0, "/reports");
  dprintf(port, ".\n");
  pause();
}
