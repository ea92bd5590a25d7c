/* The agent as /init of an initramfs: mounts, modules, and the channel to the controller. */
#include "agent.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PORT "kvm-arm64-abi"
#define UART "/dev/ttyAMA0"

static void pause_ms(long ms)
{
  struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

  nanosleep(&time, NULL);
}

/* Powers the machine off; a reason is printed before. */
_Noreturn void power_off(const char *why)
{
  if (why) {
    dprintf(2, "\nkvm-arm64-abi: %s\n", why);
    tcdrain(2);
  }
  reboot(RB_POWER_OFF);
  for (;;)
    pause_ms(1000);
}

static _Noreturn void fail(const char *what, const char *name)
{
  char why[512];

  snprintf(why, sizeof why, "%s %s: %s", what, name, strerror(errno));
  power_off(why);
}

static void mount_on(const char *type, const char *path)
{
  mkdir(path, 0755);
  if (mount(type, path, type, 0, NULL) && errno != EBUSY)
    fail("cannot mount", path);
}

static size_t read_text(const char *path, char *text, size_t size)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  size_t have = 0;
  ssize_t len;

  while (fd >= 0 && have < size - 1 && (len = read(fd, text + have, size - 1 - have)) > 0)
    have += (size_t)len;
  if (fd >= 0)
    close(fd);
  text[have] = 0;
  return have;
}

static void load_modules(void)
{
  static char names[65536];
  char *rest = names;

  read_text("/modules.list", names, sizeof names);
  for (char *name; (name = strsep(&rest, "\n"));) {
    int fd;

    if (!*name)
      continue;
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
      fail("cannot load module", name);
    close(fd);
  }
}

static int port_named(const char *wanted)
{
  DIR *ports = opendir("/sys/class/virtio-ports");
  int fd = -1;

  for (struct dirent *entry; ports && fd < 0 && (entry = readdir(ports));) {
    char path[320], name[64];

    snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
    if (entry->d_name[0] == '.' || !read_text(path, name, sizeof name))
      continue;
    name[strcspn(name, "\n")] = 0;
    if (strcmp(name, wanted))
      continue;
    snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    fd = open(path, O_RDWR | O_CLOEXEC);
  }
  if (ports)
    closedir(ports);
  return fd;
}

/* Until the controller is there the port reads as ended. */
static void await_controller(int fd)
{
  for (;;) {
    struct pollfd port = { fd, POLLIN, 0 };

    if (poll(&port, 1, -1) > 0 && !(port.revents & POLLHUP))
      return;
    pause_ms(5);
  }
}

static int open_uart(void)
{
  struct termios tty;
  int fd = open(UART, O_RDWR | O_NOCTTY | O_CLOEXEC);

  if (fd < 0)
    fail("no virtio port " PORT " and no", UART);
  klogctl(8, NULL, 1); /* SYSLOG_ACTION_CONSOLE_LEVEL: from now on only emergencies go to the console */
  tcgetattr(fd, &tty);
  cfmakeraw(&tty);
  tty.c_cflag |= CLOCAL | CREAD;
  tcsetattr(fd, TCSAFLUSH, &tty); /* what came before is cut off somewhere */
  if (write(fd, "\n", 1) < 0)
    fail("cannot write to", UART);
  return fd;
}

/*
 * Makes a bare guest usable and finds the channel; powers off with a reason where that is impossible. Gives 1 where the
 * channel is the UART.
 */
int become_init(int *in, int *out)
{
  char words[4096];
  int console, fd = -1;

  mount_on("devtmpfs", "/dev");
  mount_on("proc", "/proc");
  mount_on("sysfs", "/sys");
  mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL); /* some kernels have none; see log.c */
  console = open("/dev/console", O_RDWR | O_NOCTTY);
  for (int i = 0; console >= 0 && i < 3; i++)
    dup2(console, i);
  if (console > 2)
    close(console);
  load_modules();
  read_text("/proc/cmdline", words, sizeof words);
  if (!strstr(words, "kvm_arm64_abi.channel=uart"))
    for (int tries = 0; fd < 0 && tries < 200; tries++) {
      fd = port_named(PORT);
      if (fd < 0)
        pause_ms(10);
    }
  *in = *out = fd >= 0 ? fd : open_uart();
  if (fd >= 0)
    await_controller(fd);
  return fd < 0;
}
