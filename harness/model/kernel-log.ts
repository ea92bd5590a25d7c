/** Kernel log lines that are a fault of the kernel whatever else was answered. */

// In 7.2 a WARNING names the place first and the CPU last: the word alone is what all releases share.
const fault = new RegExp(
  [
    'Kernel panic',
    'HYP panic',
    'Unable to handle kernel',
    'Internal error:',
    '\\bOops\\b',
    '\\bBUG:',
    '\\bWARNING:',
    'kernel BUG at',
    '\\b(KASAN|KCSAN|UBSAN|KFENCE):',
    'detected stall',
    'blocked for more than',
  ].join('|'),
)

const fatal = /Kernel panic|HYP panic|kernel BUG at|Unable to handle kernel|Internal error:|\bOops\b|\bBUG:/

/** Whether a kernel log line says that the kernel caught itself in a fault. */
export const isFault = (line: string): boolean => fault.test(line)

/** Those of `log` that count against the kernel. */
export const faultLines = (log: readonly string[]): string[] => log.filter(isFault)

/**
 * The first fault in the log, without what is another each time (cpus, pids, addresses, times); undefined where there
 * is none.
 */
export const faultIn = (log: readonly string[] = []): string | undefined =>
  log.find(isFault)?.replace(/\bCPU(: \d+|#\d+: \S+)|\bPID: \d+|0x[0-9a-f]+|\d{4,}/g, '')

/** Whether the kernel can no longer be trusted after this line: locks may be held for ever. A WARNING is not such. */
export const isFatal = (line: string): boolean => fatal.test(line)
