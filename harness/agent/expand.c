/* What a controller says in few bytes to spare a slow UART: for what stood before, how long it is and how far back. */
#include "agent.h"

/* Hex digits up to `last`; gives what follows, NULL where they are something else. */
static const char *number(const char *at, const char *end, char last, uint32_t *value)
{
  const char *from = at;

  for (*value = 0; at < end && *at != last; at++) {
    char digit = *at <= '9' ? *at : *at | 0x20;

    if (at - from == 5 || !((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f')))
      return NULL;
    *value = *value << 4 | (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return at > from && at < end ? at + 1 : NULL;
}

/* Writes it out in full, at most MAX_LINE bytes. Gives how many, 0 where it cannot be. */
uint32_t expand(const char *text, uint32_t len, char *to)
{
  const char *at = text, *end = text + len;
  uint32_t have = 0, more, back;

  while (at && at < end) {
    if (*at != '~') {
      if (have == MAX_LINE)
        return 0;
      to[have++] = *at++;
      continue;
    }
    at = number(at + 1, end, ',', &more);
    at = at ? number(at, end, ';', &back) : NULL;
    if (!at || !back || back > have || more > MAX_LINE - have)
      return 0;
    for (; more; more--, have++) /* the two may overlap */
      to[have] = to[have - back];
  }
  return at ? have : 0;
}
