/** `trace`: what strace wrote of a VMM, as a trace that replays, and why the kernel refused what it refused. */
import { Command } from 'commander'
import { refusalsIn } from '../../reports/book/refused.ts'
import { ioctlsIn, spokenBy } from '../dialects/index.ts'
import type { Release } from '../model/release.ts'
import { UserError } from '../process/user-error.ts'
import { isRefused, printed } from '../strace/print.ts'
import { translated } from '../strace/translate.ts'
import { hostAt } from './host-side.ts'
import { book, hostTarget, release } from './options.ts'
import { leave, screen } from './terminal.ts'
import { textOfStrace, traceName } from './trace-file.ts'

interface Asked {
  target: string
  release?: Release
  explain?: true
  book: string
}

/** What to do about what was refused. */
const EXPLAIN = 'trace FILE --explain says by which rule'
const WRITE = 'where an argument is missing: write it, take the # away, and replay says by which rule'

export const trace = (): Command =>
  new Command('trace')
    .description('turn what strace wrote of QEMU, Firecracker or crosvm into a trace')
    .argument('<file>', 'output of strace -f -y -e trace=ioctl,close,openat; - for standard input')
    .option('--explain', 'say below each call that was refused by which rule, or which it may be')
    .addOption(hostTarget())
    .addOption(release())
    .addOption(book())
    .addHelpText(
      'after',
      `
strace shows what KVM_CREATE_VM, KVM_CREATE_VCPU, KVM_SET_USER_MEMORY_REGION, KVM_CHECK_EXTENSION and calls without
an argument are given, and of all others only the pointer. These are comments in the trace: write what is missing in
the place of the ?, and take the # away. At its end stands what was understood and what was not.
Exit status: 0 there is a trace; 2 no call of KVM could be read.`,
    )
    .action(async (file: string, { target, release: asked, explain, book }: Asked) => {
      const translation = translated(textOfStrace(file), ioctlsIn(spokenBy(target)))
      const { entries } = translation
      if (!entries.some((entry) => !('unread' in entry)))
        throw new UserError(`${traceName(file)}: no ioctl of KVM is in it; it takes what strace -f -y -e ioctl writes`)
      const host = await hostAt(target)
      const notes = explain ? refusalsIn(entries, { host, release: asked ?? host.kernel.release, book }) : new Map()
      const refused = entries.filter(isRefused).length
      const hint = explain ? WRITE : EXPLAIN
      const lines = printed(translation, notes, host)
      screen.write(`${[...lines, ...(refused === 0 ? [] : [`# refused        ${refused}; ${hint}`])].join('\n')}\n`)
      leave(0)
    })
