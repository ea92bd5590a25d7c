/** What PROTOCOL.md promises of every agent, as far as no /dev/kvm is needed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { badLines, badOps, goodOps } from '../../../harness/agent/samples.ts'
import { shared, talkTo, type StartAgent } from './agent-talk.ts'
import { agentOnKvm } from './agent-on-kvm.ts'

/** Declares the tests that an agent has to pass; `start` starts one. */
export function agentProtocol(start: StartAgent): void {
  describe('greeting and leave', () => greeting(start))
  describe('ops without /dev/kvm', () => plainOps(start))
  describe('broken input', () => brokenInput(start))
  describe('ops on /dev/kvm', () => agentOnKvm(start))
}

const brief = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 50)} and so on` : text)

function greeting(start: StartAgent) {
  it('greets version 1 with its name and the kernel', async () => {
    const [greeting] = await talkTo(start).ask('hello 1\n')
    expect(greeting).toMatch(/^agent 1 \S+ \S+ \S+ \S+$/)
  })

  it('refuses other versions', async () => {
    const answers = await talkTo(start).ask('hello 2\nhello\nhello 1 \nhello 1\n')
    expect(answers.map((line) => line.slice(0, 6))).toEqual(['bad - ', 'bad - ', 'bad - ', 'agent '])
  })

  it('answers bye after everything before it, and ends', async () => {
    const agent = talkTo(start)
    expect(await agent.ask('play a 1000 c,0\nbye\n')).toEqual(['done a -9', 'bye'])
    expect(await agent.exit).toBe(0)
  })

  it('ends with its input, after answering', async () => {
    const agent = talkTo(start)
    agent.send('play a 1000 c,0\nplay b 1000 c,')
    agent.end()
    expect(await agent.line()).toBe('done a -9')
    expect(await agent.line()).toMatch(/^bad - ./)
    expect(await agent.exit).toBe(0)
  })
}

function plainOps(start: StartAgent) {
  const agent = shared(start)
  for (const [ops, answer] of goodOps) {
    it(`plays ${brief(ops)}`, async () => {
      const [line] = await agent().ask(`play a 5000${ops && ' '}${ops}\n`)
      expect(line).toMatch(/^done a/)
      expect(line!.slice(6)).toMatch(answer)
    })
  }

  it('d, r, u and g are where the areas are said to be, in every list', async () => {
    const areas = ['@d:0', '@d:10000', '@r:0', '@u:0', '@g:0', '@v0:0', '@v17:2000']
    const ops = areas.map((area, i) => `p,d:${(i * 8).toString(16)},${area} x,d:${(i * 8).toString(16)},8`).join(' ')
    const [first, second] = await agent().ask(`play a 1000 c,0 ${ops}\nplay a 1000 c,0 ${ops}\n`)
    expect(second).toBe(first)
    const at = first!
      .split(':')
      .slice(1)
      .map((hex) => Buffer.from(hex.padEnd(16, '0'), 'hex').readBigUInt64LE())
    expect(at[1]! - at[0]!).toBe(0x10000n)
    expect(at[4]! % 0x200000n).toBe(0n)
    expect(new Set(at).size).toBe(areas.length)
  })

  it('lists do not see each other: data, guest memory and slots begin empty', async () => {
    const dirty = ['w,d:0,ff w,d:ff00,ff w,g:0,ff w,g:3fff00,ff c,0', 'p,d:8,@d:0 p,g:1000,@g:0 c,0']
    const look = 'play look 1000 c,0 x,d:0,10 x,d:ff00,1 x,g:0,1 x,g:1000,8 x,g:3fff00,1'
    const answers = await agent().ask(dirty.map((ops) => `play a 1000 ${ops}\n${look}\n`).join(''))
    expect(answers[1]).toBe('done look -9:::::')
    expect(answers[3]).toBe(answers[1])
  })

  it('answers a thousand lists sent at once in their order', async () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `n-${i}`)
    const answers = await agent().ask(ids.map((id, i) => `play ${id} 5000 c,${(i % 24).toString(16)}\n`).join(''))
    expect(answers).toEqual(ids.map((id) => `done ${id} -9`))
  })
}

function brokenInput(start: StartAgent) {
  const agent = shared(start)
  for (const [n, ops] of badOps.entries()) {
    // Numbered, since ids of tests keep letters and digits alone.
    it(`refuses ops ${n + 1}: ${brief(ops)}`, async () => {
      const answers = await agent().ask(`play a 1000 ${ops}\nplay b 1000 c,0\n`)
      expect(answers[0]).toMatch(/^bad a [ -~]+$/)
      expect(answers[1]).toBe('done b -9')
    })
  }

  for (const [n, [line, id]] of badLines.entries()) {
    it(`refuses line ${n + 1}: ${brief(line)}`, async () => {
      const answers = await agent().ask(`${line}\nplay b 1000 c,0\n`)
      expect(answers[0]).toMatch(new RegExp(`^bad ${id} [ -~]+$`))
      expect(answers[1]).toBe('done b -9')
    })
  }

  it('plays a line of 65536 bytes', async () => {
    const line = 'play a 1000 c,0 w,d:0,'.padEnd(65_536, '0')
    expect(await agent().ask(`${line}\n`)).toEqual(['done a -9'])
    expect((await agent().ask(`${line}00\n`))[0]).toMatch(/^bad a ./)
  })

  it('answers an endless line once, before it ends', async () => {
    const talk = talkTo(start)
    talk.send('play a 1000 '.padEnd(1_000_000, 'c,0 '))
    expect(await talk.line()).toMatch(/^bad a ./)
    talk.send('\n')
    expect(await talk.ask('play b 1000 c,0\n')).toEqual(['done b -9'])
  })

  it('nothing of a refused line is played', async () => {
    const answers = await agent().ask('audit\nplay a 1000 k,0 k,1 z,0\naudit\n')
    expect(answers[2]).toBe(answers[0])
  })

  it('answers every line of any input, and a good list after it', async () => {
    const talk = talkTo(start)
    const good =
      'play m 200 k,0 i,0,ae03,0,1 w,d:10,00ff t,5 ' + 'x,g:3ff000,1000 p,d:0,@v0:8 f,d:10,3 c,0 j,1,ae00,@d:10000'
    const text = fc.string({ unit: 'binary-ascii', maxLength: 3 })
    const mutated = fc
      .array(fc.tuple(fc.nat(good.length), fc.nat(2), text))
      .map((edits) => edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), good))
      .map((text) => Buffer.from(text, 'latin1'))
    const noise = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))
    const input = fc.oneof(mutated, noise).filter((bytes) => !/^bye$/m.test(bytes.toString('latin1')))
    await fc.assert(
      fc.asyncProperty(input, async (bytes) => {
        talk.send(bytes)
        talk.send('\nplay after 2000 c,0\n')
        for (let lines = bytes.toString('latin1').split('\n').length; lines > 0; lines--) {
          expect(await talk.line()).toMatch(/^(bad|done|hung|agent 1|audit) [ -~]+$/)
        }
        expect(await talk.line()).toBe('done after -9')
      }),
      { seed: 20261120, numRuns: 500 },
    )
  })
}
