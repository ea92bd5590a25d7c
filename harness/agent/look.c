/* Looks at files: what a controller wants to know of the machine stands in /proc and /sys. */
#include "agent.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Reads up to len bytes of the file; gives how many, or -errno. */
long look(const char *path, char *to, uint32_t len)
{
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  uint32_t have = 0;
  ssize_t got = 0;
  long result;

  if (fd < 0)
    return -errno;
  while (have < len && ((got = read(fd, to + have, len - have)) > 0 || (got < 0 && errno == EINTR)))
    have += got > 0 ? (uint32_t)got : 0;
  result = got < 0 && !have ? -errno : (long)have;
  close(fd);
  return result;
}
