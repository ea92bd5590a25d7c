/** `reproduce`: a trace as a program of its own, in C or for syzkaller. */
import { Command, Option } from 'commander'
import { asSelftest, inC } from '../../reports/reproducers/c.ts'
import { reproductionOf } from '../../reports/reproducers/reproduction.ts'
import { inSyz } from '../../reports/reproducers/syz.ts'
import { ioctlsIn, spokenBy } from '../dialects/index.ts'
import type { Release } from '../model/release.ts'
import { hostAt } from './host-side.ts'
import { hostTarget, release } from './options.ts'
import { leave, screen } from './terminal.ts'
import { readTrace, traceName } from './trace-file.ts'

interface Asked {
  target: string
  release?: Release
  kselftest?: true
  syz?: true
}

export const reproduce = (): Command =>
  new Command('reproduce')
    .description('print a trace as a C program, which says where a kernel answers otherwise than it should')
    .argument('<file>', 'a trace, - for standard input; VMs and vcpus that it does not create are created')
    .addOption(hostTarget())
    .addOption(release())
    .option('--kselftest', 'instead: a test for tools/testing/selftests/kvm, which prints KTAP')
    .addOption(new Option('--syz', 'instead: a program of syzkaller').conflicts('kselftest'))
    .addHelpText(
      'after',
      `
  aarch64-linux-gnu-gcc -static -Wall -Wextra -o repro repro.c
Exit status of the program: 0 the kernel answers as the table says for that host and release; 1 it does not, with
a line for each answer that deviates; 2 there is no /dev/kvm, or memory.`,
    )
    .action(async (file: string, { target, release: asked, kselftest, syz }: Asked) => {
      const steps = readTrace(file, ioctlsIn(spokenBy(target)))
      const host = await hostAt(target)
      const all = reproductionOf(traceName(file), steps, host, asked ?? host.kernel.release)
      screen.write(kselftest ? asSelftest(all) : syz ? inSyz(all) : inC(all))
      leave(0)
    })
