/** Many generated programs in one static binary, which is the first process of a guest and runs one after the other. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startQemu } from '../../../harness/guest/qemu.ts'
import type { Prepared } from '../../../harness/guest/prepare.ts'

const COMPILER = 'aarch64-linux-gnu-gcc'
/** As the program's own head says, and warnings are errors. */
const FLAGS = ['-Wall', '-Wextra', '-Werror']
/** Files in one call of the compiler, and how many calls at a time. */
const BATCH = 24,
  AT_A_TIME = 2

/**
 * Seconds that a program has, the time that an agent gives a list which is played again: no sequence takes one, unless
 * the kernel keeps it. One that a signal does not end has this much more until it is left alone.
 */
const DEADLINE_S = 30
const MORE_S = 2

/** What runs program `i` of the binary, which is /first, in a process of its own. */
const PLAIN = 'exit(programs[i]());'

const runner = (count: number, runs: string): string => `
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
${Array.from({ length: count }, (_, i) => `int repro_${i}(void);`).join('\n')}
static int (*const programs[])(void) = { ${Array.from({ length: count }, (_, i) => `repro_${i}`).join(', ')} };

static sigset_t ends;

/* A process that waits for a lock which an oops has left behind cannot be killed: it is left to itself. */
static int has_ended(pid_t child, int *status)
{
  const struct timespec most = { ${DEADLINE_S + MORE_S}, 0 };

  do
    if (waitpid(child, status, WNOHANG) == child)
      return 1;
  while (sigtimedwait(&ends, NULL, &most) > 0);
  return 0;
}

int main(int argc, char **argv)
{
  if (argc > 1)
    return programs[atoi(argv[1])]();
  mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  klogctl(8, NULL, 1);
  int console = open("/dev/console", O_RDWR | O_NOCTTY);
  for (int i = 0; i < 3; i++)
    dup2(console, i);
  sigemptyset(&ends);
  sigaddset(&ends, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ends, NULL);
  for (unsigned i = 0; i < sizeof programs / sizeof *programs; i++) {
    int status;

    printf("\\n@begin %u\\n", i);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
      sigprocmask(SIG_UNBLOCK, &ends, NULL);
      alarm(${DEADLINE_S});
      ${runs}
    }
    printf("@end %u %d\\n", i, has_ended(child, &status) && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  }
  printf("@done\\n");
  fflush(stdout);
  reboot(RB_POWER_OFF);
}
`

/**
 * Compiles the programs, each as it is but for the name of main, without a warning. Gives the binary, which with a
 * number behind it is that program alone; `runs`: other C by which its first process runs program `i`.
 */
export const inOneBinary = async (programs: readonly string[], folder: string, runs = PLAIN): Promise<Buffer> => {
  mkdirSync(folder, { recursive: true })
  const run = promisify(execFile)
  const units = programs.map((text, i) => {
    writeFileSync(join(folder, `${i}.c`), text)
    writeFileSync(join(folder, `unit${i}.c`), `#define main repro_${i}\n#include "${i}.c"\n`)
    return `unit${i}.c`
  })
  const batches = Array.from({ length: Math.ceil(units.length / BATCH) }, (_, i) =>
    units.slice(i * BATCH, (i + 1) * BATCH),
  )
  const worker = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop())
      await run(COMPILER, [...FLAGS, '-c', ...batch], { cwd: folder })
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  writeFileSync(join(folder, 'runner.c'), runner(programs.length, runs))
  const objects = units.map((unit) => unit.replace(/c$/, 'o'))
  await run(COMPILER, ['-static', '-o', 'all', 'runner.c', ...objects], { cwd: folder })
  return readFileSync(join(folder, 'all'))
}

/** After a WARNING or an oops the kernel speaks on the console, too. */
const OF_THE_KERNEL = /^\[ *\d+\.\d+\] /

/** What a program printed and how it ended; −1 where a signal ended it, or nothing could. */
export interface Told {
  lines: string[]
  status: number
}

/** Boots a guest whose first process is such a binary, and gives what each of its programs told. */
export const toldIn = async (prepared: Prepared): Promise<Told[]> => {
  const { child, uart } = startQemu(prepared)
  let text = ''
  uart.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (text.includes('@done')) child.kill()
  })
  await child.ended
  if (!text.includes('@done')) throw new Error(`the guest ended early: ${text.slice(-600)}`)
  return text
    .split(/^@begin \d+\r?\n/m)
    .slice(1)
    .map((part) => {
      const [, printed = '', status] = /^([^]*?)@end \d+ (-?\d+)/.exec(part) ?? []
      return {
        lines: printed.split(/\r?\n/).filter((line) => line !== '' && !OF_THE_KERNEL.test(line)),
        status: Number(status),
      }
    })
}
