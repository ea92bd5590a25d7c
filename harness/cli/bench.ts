/** `bench`: measures what the suites cost. */
import { Argument, Command } from 'commander'
import { briefly } from '../process/visible.ts'
import { leave, screen } from './terminal.ts'

// Loaded when they are asked for.
const benches = {
  mock: async () => (await import('../studies/bench/mock.ts')).benchMock(),
  coverage: async () => (await import('../studies/bench/coverage.ts')).benchCoverage(),
  native: async () => (await import('../studies/bench/native.ts')).benchNative(),
  kernel: async () => (await import('../studies/bench/kernel.ts')).benchKernel(),
  guest: async () => (await import('../studies/bench/guest.ts')).benchGuest(),
  run: async () => (await import('../studies/bench/run.ts')).benchRun(),
}
type Name = keyof typeof benches

export const bench = (): Command =>
  new Command('bench')
    .description('measure what the suites cost here')
    .addArgument(new Argument('[what...]', 'what to measure; all where left out').choices(Object.keys(benches)))
    .addHelpText(
      'after',
      `
mock      random sequences on the mock, in this process
coverage  rules that random sequences reach on the recorded hosts, and what the generator's biases
          are worth
native    calls on this machine's own /dev/kvm, in C, and through the agent, in Node and alone
kernel    Linux 6.12 in QEMU, on two CPUs: lists through the agent, and in a bare C loop in the same
          guest
guest     what native measures, inside a guest of Linux 6.12 on that guest's own /dev/kvm
run       whole runs, on the mock and on qemu:6.12`,
    )
    .action(async (what: Name[]) => {
      for (const name of what.length > 0 ? what : (Object.keys(benches) as Name[]))
        try {
          await benches[name]()
        } catch (error) {
          // The others can be measured all the same.
          if ((error as Error).name !== 'UserError') throw error
          screen.write(`${name}: not measured: ${briefly((error as Error).message)}\n`)
        }
      leave(0)
    })
