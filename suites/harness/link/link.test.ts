/** The controller's end of the protocol over streams that a test holds the other end of. */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { type AgentLink, type AgentStream, UnplayedError } from '../../../harness/link/agent-link.ts'
import type { Played } from '../../../harness/link/lines.ts'
import { openLink } from '../../../harness/link/link.ts'

const greeting = 'agent 1 fake 6.12.0-a%25b #1%20SMP aarch64\n'
const links: AgentLink[] = []
afterEach(async () => {
  for (const link of links.splice(0)) await link.close()
})

/** A link and the other end of it: `said` are the lines that came, `say` answers. */
const open = async (settings: Partial<AgentStream> = {}, first = greeting) => {
  const input = new PassThrough()
  const output = new PassThrough()
  const said: string[] = []
  input.setEncoding('utf8').on('data', (text: string) => said.push(...text.split('\n').slice(0, -1)))
  input.on('data', (text: string) => {
    if (text.endsWith('bye\n')) output.end()
  })
  const say = (text: string) => {
    output.write(text)
  }
  say(first)
  const link = await openLink({ input, output, name: 'fake', ...settings })
  links.push(link)
  /** The ids of the lists sent so far. */
  const ids = () => said.filter((line) => line.startsWith('play ')).map((line) => line.split(' ')[1]!)
  const heard = async (lists: number) => {
    while (ids().length < lists) await once(input, 'data')
  }
  return { link, output, said, say, ids, heard }
}

const outcome = (played: Promise<Played>) =>
  played.then(
    ({ outcome: how, why }) => [how, why],
    (error: Error) => [error.name],
  )

describe('a link', () => {
  it('greets and decodes what the agent says of its machine', async () => {
    const { link, said } = await open()
    expect(said).toEqual(['hello 1'])
    expect(link.greeting).toEqual({ impl: 'fake', release: '6.12.0-a%b', version: '#1 SMP', machine: 'aarch64' })
  })

  it('pipelines lists and hands each its own answers, data and log', async () => {
    const { link, say, ids, heard, said } = await open()
    const played = [link.play('k,0 x,d:0,2 x,d:2,1 c,0', 500), link.play('c,0', 1000), link.play('c,1', 1000)]
    await heard(3)
    const [a, b, c] = ids()
    expect(said[1]).toBe(`play ${a} 500 k,0 x,d:0,2 x,d:2,1 c,0`)
    // The pieces end anywhere.
    const pieces = [`log ${a} 4,odd%20%C3%A9\ndo`, `ne ${a} 0:00ff:1`, `2 -9\nhung ${b}\ndied ${c} 11 7\n`]
    for (const piece of pieces) say(piece)
    expect(await Promise.all(played)).toEqual([
      {
        outcome: 'done',
        answers: [
          { ret: 0, data: ['00ff', '12'] },
          { ret: -9, data: [] },
        ],
        log: ['4,odd é'],
      },
      { outcome: 'hung', answers: [], log: [] },
      { outcome: 'died', answers: [{ ret: 7, data: [] }], log: [], why: 'the player was killed by signal 11' },
    ])
  })

  it('tells what the agent could not understand', async () => {
    const { link, say, ids, heard } = await open()
    const played = link.play('q,0', 500)
    await heard(1)
    say(`bad ${ids()[0]} unknown%20op\n`)
    expect(await outcome(played)).toEqual(['bad', 'unknown op'])
  })

  it('keeps no more than a window of bytes under way, and at least one list', async () => {
    const { link, say, ids, heard } = await open({ window: 100 })
    const played = Array.from({ length: 9 }, () => link.play('c,0'.padEnd(40, ' '), 500))
    for (let next = 0; next < 9; next++) {
      await heard(Math.min(9, next + 1))
      expect(ids().length - next).toBe(1)
      say(`done ${ids()[next]} 0\n`)
      await played[next]
    }
  })

  it('loses the list in play with the stream, and only that one', async () => {
    const { link, output, say, ids, heard } = await open({
      window: 0,
      postMortem: async () => ({ why: 'it burned', log: ['4,seen before', '4,Kernel panic'] }),
    })
    const played = [1, 2, 3].map(() => link.play('c,0', 500))
    await heard(1)
    say(`log ${ids()[0]} 6,seen%20before\n`)
    output.end()
    expect(await Promise.all(played.map(outcome))).toEqual([['lost', 'fake: it burned'], ['Unplayed'], ['Unplayed']])
    expect((await played[0])?.log).toEqual(['6,seen before', '4,Kernel panic'])
    await expect(link.play('c,0', 500)).rejects.toThrow(UnplayedError)
  })

  it.each([
    ['nonsense\n', 'the agent said "nonsense"'],
    ['done other 0\n', 'the agent said "done other 0"'],
    ['done ID zero\n', 'the agent said "done ID zero"'],
    ['done ID 0:xyz\n', 'the agent said "done ID 0:xyz"'],
    ['died ID\n', 'the agent said "died ID"'],
    ['done ID 0:123\n', 'the agent said "done ID 0:123"'],
    ['done ID 99999999999\n', 'the agent said "done ID 99999999999"'],
    ['done ID 2147483648\n', 'the agent said "done ID 2147483648"'],
    ['done ID \u001b[2J\n', String.raw`the agent said "done ID \x1b[2J"`],
    [`${'x'.repeat(1000)}\n`, `the agent said "${'x'.repeat(120)}…" (1000 characters)`],
    ['done ID\n', 'the agent gives 0 answers to 1 calls'],
    ['done ID 0 0\n', 'the agent gives 2 answers to 1 calls'],
    ['hung ID 0 0\n', 'the agent gives 2 answers to 1 calls'],
    ['done ID 0:00\n', 'the agent reads back 1 times after call 1, not 0'],
    [`${greeting}`, 'the agent said "agent 1 fake 6.12.0-a%25b #1%20SMP aarch64"'],
    ['x'.repeat(6 << 20), 'a line is longer than 5242880 bytes'],
  ])('does not trust an agent that says %j', async (line, message) => {
    const { link, say, ids, heard } = await open()
    const played = link.play('c,0', 500)
    await heard(1)
    say(line.replace('ID', ids()[0]!))
    const { outcome: how, why } = await played
    expect([how, why?.replace(ids()[0]!, 'ID').split(' when ')[0]]).toEqual(['lost', `fake: ${message}`])
  })

  it('does not trust an agent that reads back more than was asked for', async () => {
    const { link, say, ids, heard } = await open()
    const played = link.play('k,0 x,d:0,2', 500)
    await heard(1)
    say(`done ${ids()[0]} 3:010203\n`)
    expect(await outcome(played)).toEqual([
      'lost',
      'fake: the agent reads back more bytes after call 1 than were asked for',
    ])
  })

  it('gives up on an agent that does not answer after the deadline', async () => {
    const { link } = await open({ grace: 60 })
    expect(await outcome(link.play('c,0', 40))).toEqual(['lost', 'fake: no answer 0.06 s after the deadline of 40 ms'])
  })

  it('rejects lists that are under way when it is closed', async () => {
    const { link, said, heard } = await open()
    const played = link.play('c,0', 500)
    await heard(1)
    const closed = link.close()
    expect(await outcome(played)).toEqual(['Unplayed'])
    await closed
    expect(said.at(-1)).toBe('bye')
  })

  it.each([
    ['HTTP/1.1 400 Bad Request\n', 'fake: no agent: it greets with "HTTP/1.1 400 Bad Request"'],
    ['', 'fake: no agent greeted within 0.05 s'],
  ])('complains of a stream that begins with %j', async (first, message) => {
    await expect(open({ patience: 50 }, first)).rejects.toThrow(message)
  })

  it('hears through the noise of a UART', async () => {
    const { link, say, ids, heard, said } = await open(
      { uart: 'booting', window: 0 },
      `[    0.1] Booting\r\nhello 1\r\nbad - what\nwelcome!\n${greeting}`,
    )
    expect(said).toEqual([])
    const played = link.play('c,0', 500)
    await heard(1)
    const [id] = ids()
    say(`done stale 0\r\n[   9.9] noise\ndone ${id} x\n${greeting}log ${id} 4,line\r\ndone ${id} -9\r\n`)
    expect(await played).toEqual({ outcome: 'done', answers: [{ ret: -9, data: [] }], log: ['4,line'] })
  })

  it('asks on a UART again and again where the agent runs already', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    let asked = ''
    input.on('data', (bytes: Buffer) => {
      asked += String(bytes)
      if (asked.length === 18) output.write(greeting)
      if (asked.endsWith('bye\n')) output.end()
    })
    links.push(await openLink({ input, output, name: 'fake', uart: 'running' }))
    expect(asked).toBe('\nhello 1\n\nhello 1\n')
  })
})
