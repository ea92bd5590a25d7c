/* The agent as a program: plays lists of calls on /dev/kvm and reports what came back, as PROTOCOL.md says. */
#include "agent.h"
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void end_machine(int out)
{
  tcdrain(out);
  power_off(NULL);
}

/* As often as an initramfs plays its lists. */
enum { PASSES = 3 };

int main(int argc, char **argv)
{
  int in = 0, out = 1;

  if (getpid() != 1 && argc == 4 && !strcmp(argv[1], "play"))
    return play_file(argv[2], atoi(argv[3]), out);
  if (getpid() != 1)
    supervise(in, out, 0, NULL);

  /* What a controller sends to a UART before it has heard the agent is lost or worse, so the agent speaks first. */
  int on_uart = become_init(&in, &out);

  if (!access("/lists", R_OK)) {
    play_file("/lists", PASSES, out);
    end_machine(out);
  }
  supervise(in, out, on_uart, end_machine);
}
