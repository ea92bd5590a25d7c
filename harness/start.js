/**
 * Loads TypeScript and hands over to the command line. Whatever breaks, the status is not 1: that is a verdict.
 * Nothing is imported before all that can break is heard.
 */

/** Until a command says otherwise. To git bisect 125 says that nothing can be told. */
const BROKEN = process.argv.includes('--bisect') ? 125 : 2

/** Of modules, as `import` and as `require` tell it. */
const INSTALL = 'install what it needs with `npm ci`'

/** What to check where one of these is the error's code. */
const remedies = {
  EMFILE: 'let this process open more files: `ulimit -n` says how many',
  ENFILE: 'this machine has too many files open',
  ENOSPC: 'make room on that disk',
  EDQUOT: 'make room on that disk',
  EACCES: 'look at who may use that',
  EPERM: 'look at who may use that',
  EROFS: 'choose a place that can be written',
  ENOMEM: 'give it more memory',
  EAGAIN: 'let this user have more processes or memory: `ulimit -a` says how many',
  ERR_WORKER_OUT_OF_MEMORY: 'give it more memory, for instance with NODE_OPTIONS=--max-old-space-size=4096',
  ERR_MODULE_NOT_FOUND: INSTALL,
  MODULE_NOT_FOUND: INSTALL,
}

/** The first place of this project in a stack, or nothing. */
const placeIn = (stack) =>
  /[^\s(/]*\/(?:harness|reports|suites|fixtures)\/(?!.*node_modules)[^\s):]+:\d+/.exec(stack ?? '')?.[0]

/** Ends the process with one line that says what broke and what to check. */
const fail = (error) => {
  // On one line, short, without what a terminal would obey.
  const message = String(error?.message ?? error)
    .slice(0, 2000)
    .replace(/[\s\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const place = placeIn(error?.stack)
  const remedy =
    remedies[error?.code]
    ?? (/out of memory/i.test(message)
      ? remedies.ENOMEM
      : `this is a fault of kvm-arm64-abi itself${place ? `, at ${place}` : ''}`)
  process.stderr.write(`error: the run broke, which says nothing about the kernel: ${message}; ${remedy}\n`)
  process.exit(BROKEN)
}

process.exitCode = BROKEN
process.on('uncaughtException', fail)
// Libraries end the process with 1, too, and mean no verdict. A command that does mean it says so after this.
process.on('exit', (code) => {
  if (code === 1) process.exitCode = BROKEN
})
process.on('beforeExit', () => fail('it ended before all was done'))

const { lacksFiles } = await import('./process/limits.js')
const lack = lacksFiles()
if (lack !== undefined) {
  process.stderr.write(`error: ${lack}\n`)
  process.exit(BROKEN)
}
await import('./typescript.js')
const { main } = await import('./cli/cli.ts')
await main(process.argv)
