/**
 * Agents that break their protocol: each is told in one line, no list of theirs is believed, and nothing goes on for
 * ever.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPool } from '../../../harness/targets/pool.ts'
import { command, scratch } from '../command.ts'

const commandOf = (lie: string, lists: number) => `exec node suites/harness/link/liar.js '${lie}' ${lists}`

/** What became of five lists that were asked for at once: done, or the reason in words. */
const five = async (lie: string, truths: number): Promise<string[]> => {
  const pool = await openPool({ kind: 'exec', command: commandOf(lie, truths) })
  const lists = ['k,0 c,0 x,d:0,2 c,5', 'c,1 x,d:0,1', 'k,2 x,r:0,8', 'c,3 x,d:0,1', 'c,4 x,g:0,1']
  const ends = await Promise.all(
    lists.map((ops) =>
      pool.play(ops, 500).then(
        ({ outcome, why }) => outcome + (why === undefined ? '' : `: ${why}`),
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    ),
  )
  await pool.close()
  return ends
}

const lies: [lie: string, why: RegExp][] = [
  ['greets twice', /the agent said "agent 1 liar 6\.12\.0 #1 aarch64"/],
  ['says done before anything is played', /the agent said "done abc 0"/],
  ['ends after its greeting', /exit status 0/],
  ['dies', /exit status 7/],
  ['dies with a panic', /exit status 1, after saying: \[ {3}1\.0\] Kernel panic - not syncing: liar/],
  ['answers too little', /the agent gives \d+ answers to \d+ calls/],
  ['answers too much', /the agent gives \d+ answers to \d+ calls/],
  ['gives data where none was asked for', /the agent reads back \d times after call 1, not \d/],
  ['gives no data where some was asked for', /the agent reads back 0 times after call \d, not 1/],
  ['answers another list', /the agent said "done another -9.*" when \w+ was due/],
  ['says bytes of every kind', /the agent said "/],
  ['says 100 MB without a newline', /a line is longer than 5242880 bytes/],
  ['says a line without end', /a line is longer than 5242880 bytes/],
  ['answers a number of 100 digits', /the agent said "done \w+ 9{60}/],
  ['answers half a byte', /the agent said "done \w+ -9:abc/],
  ['is killed by no signal', /the agent said "died \w+ SIGSEGV"/],
  ['ends its output alone', /the stream ended/],
]

/** Of these a list that is played alone has its answer. */
const inAnyOrder: typeof lies = [
  ['answers out of order', /the agent said "done \w+ -9.*" when \w+ was due/],
  ['answers twice', /the agent said "done \w+ -9.*" (when \w+ was due|unasked)/],
]

describe.concurrent(
  'an agent that',
  () => {
    it.for(lies)('%s', async ([lie, why]) => {
      for (const end of await five(lie, 0)) expect(end).toMatch(new RegExp(`^(lost|UserError): .*(${why.source})`, 's'))
    })

    // Those that were told the truth about are done; those after the lie are lost or, on a new agent, done.
    it.for([...lies.slice(3, 8), ...inAnyOrder])('%s after two lists', async ([lie, why], { expect: of }) => {
      const ends = await five(lie, 2)
      of(ends.filter((end) => end === 'done').length).toBeGreaterThanOrEqual(2)
      const lost = ends.filter((end) => end !== 'done')
      of(lost.length).toBeGreaterThan(0)
      for (const end of lost) of(end).toMatch(why)
    })

    it.for([
      ['says 100 MB to stderr', 'done'],
      ['says its answers byte by byte', 'done'],
      ['is killed by signal 0', 'died: the player was killed by signal 0'],
    ] as const)('%s is within its rights', async ([lie, end]) => {
      expect(await five(lie, 0)).toEqual([end, end, end, end, end])
    })

    it.for([
      ['greets in another language', /no agent: it greets with "HTTP\/1\.1 400 Bad Request"/],
      ['greets with a line without end', /a line is longer than 5242880 bytes/],
      ['says nothing at all', /no agent greeted within 10 s/],
    ] as const)('%s cannot be used', async ([lie, why]) => {
      await expect(five(lie, 0)).rejects.toThrow(why)
    })
  },
  60_000,
)

describe('the command line ends in one line, with status 2, on an agent that', () => {
  it.for(lies.filter(([lie]) => /^(dies with a panic|says a line without end)$/.test(lie)))(
    '%s',
    async ([lie, why], { onTestFinished }) => {
      const { code, out, err } = await command(
        'probe',
        '--target',
        `exec:${commandOf(lie, 0)}`,
        '--out',
        join(scratch(onTestFinished), 'host.json'),
      )
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^error: .*\n$/)
      expect(err).toMatch(why)
    },
  )
}, 60_000)
