/** `soak`: a long run of random sequences, whose memory and descriptors have to stay as they are. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { defaults } from '../model/settings.ts'
import type { Sample, Trend } from '../studies/soak/trends.ts'
import type { Pool } from '../targets/pool.ts'
import { runs, target } from './options.ts'
import { leave, screen } from './terminal.ts'

const EVERY_MS = 1000
/** A guest is looked at less often than the processes: it is asked between its lists. */
const GUESTS_EVERY = 5

interface Asked {
  target: string
  runs: number
}

/** A run that was looked at from its beginning to its end. */
interface Watched {
  /** Its exit status, and what it said. */
  code: number
  said: string
  processes: Sample[]
  /** Absent where the target has no guests. */
  guests?: Sample[]
}

/** Plays random sequences, and looks at whoever plays them. Throws a UserError where the target cannot be used. */
const watchedRun = async (asked: Asked): Promise<Watched> => {
  const [{ conformance }, { conformanceSuites }, { heldByProcesses }, { heldByGuests }] = await Promise.all([
    import('../run/conformance.ts'),
    import('../run/suites.ts'),
    import('../studies/soak/processes.ts'),
    import('../studies/soak/guests.ts'),
  ])
  let said = '',
    pool: Pool | undefined,
    code: number | undefined
  const reports = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
  const run = conformance(
    { ...defaults, ...asked, include: conformanceSuites, only: ['any-order_in-whatever'], reports },
    { write: (text) => void (said += text), isTTY: false, hasColours: false, columns: 80 },
    { onOpen: (opened) => void (pool = opened.pool) },
  ).then((exit) => {
    code = exit
  })
  const begun = performance.now()
  const now = () => (performance.now() - begun) / 1000
  const processes: Sample[] = [],
    guests: Sample[] = []
  while (code === undefined) {
    processes.push({ seconds: now(), held: heldByProcesses(process.pid) })
    if (pool && processes.length % GUESTS_EVERY === 0) {
      // Where the pool is over, the run says why.
      const held = await heldByGuests(pool).catch(() => undefined)
      if (held) guests.push({ seconds: now(), held })
    }
    await Promise.race([run, sleep(EVERY_MS)])
  }
  return { code, said, processes, ...(pool && { guests }) }
}

const printTrend = ({ role, what, mean, growth, isFlat }: Trend): string =>
  `${role.padEnd(16)}${what.padEnd(13)}${mean.toFixed(what === 'mebibytes' ? 0 : 1).padStart(7)}`
  + `${`${growth < 0 ? '' : '+'}${growth.toFixed(1)}`.padStart(8)} in the second half  ${isFlat ? 'flat' : 'GROWS'}\n`

export const soak = (): Command =>
  new Command('soak')
    .description('play random sequences for long: do memory and descriptors stay as they are?')
    .addOption(target())
    .addOption(runs().default(1_000_000))
    .addHelpText(
      'after',
      `
The processes of the run are looked at each second, its guests are asked every ${GUESTS_EVERY} seconds.
They are flat if in the second half memory grows by less than a tenth or by less than 16 MiB, what a
guest's kernel holds and cannot drop by less than 2 MiB, and there is one more open file at most. Of
QEMU's memory that is counted which is neither the guest's nor holds translated code.
Exit status: 0 all is flat, 1 something grows, 2 the run itself did not end with 0, or no guest
could be asked.`,
    )
    .action(async (asked: Asked) => {
      const { trends } = await import('../studies/soak/trends.ts')
      const { code, said, processes, guests } = await watchedRun(asked)
      for (const line of said.split('\n'))
        if (/^(played |violates|broken|\d+ passed)/.test(line)) screen.write(`${line}\n`)
      const found = [...trends(processes), ...trends(guests ?? [])]
      for (const trend of found) screen.write(printTrend(trend))
      const isBlind = guests?.every(({ held }) => held.size === 0) === true
      if (isBlind) screen.write('no guest could be asked what it holds: /proc/meminfo, /proc/sys/fs/file-nr\n')
      if (code !== 0) screen.write(`the run ended with exit status ${code}\n`)
      leave(code !== 0 || isBlind ? 2 : found.every(({ isFlat }) => isFlat) ? 0 : 1)
    })
