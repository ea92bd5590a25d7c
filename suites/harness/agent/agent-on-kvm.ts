/** What PROTOCOL.md promises of every agent, seen on the /dev/kvm of an x86 machine, which blocks where needed. */
import { accessSync, appendFileSync, constants, existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { leavesOf, pause, shared, talkTo, type StartAgent } from './agent-talk.ts'

const vm = 'k,0 i,0,ae01,0,1'
const vcpu = `${vm} i,1,ae41,0,2`
/** A second vcpu under an in-kernel irqchip waits in KVM_RUN until the first one starts it. */
const blocked = `${vm} i,1,ae60,0 i,1,ae41,1,2`
const run = 'i,2,ae80,0'
/** A guest that jumps to itself at its reset vector, in KVM_RUN by a thread of its own. */
const background =
  `${vcpu} w,g:ff0,ebfe p,d:8,fffff000 p,d:10,1000 p,d:18,@g:0 i,1,4020ae46,@d:0 ` + 'w,v2:8,ffffffff b,2,ae80,0,v2:8'
const slots = Array.from({ length: 23 }, (_, i) => (i + 1).toString(16))
/** Fills all slots but the first with what a call on that one makes, and asks each from another mm. */
const everySlot = (make: string, nr: string) =>
  ['k,0', ...slots.map((slot) => `${make},${slot}`), ...slots.map((slot) => `j,${slot},${nr},0`)].join(' ')

function lack(path: string, mode: number): string | false {
  try {
    accessSync(path, mode)
    return false
  } catch {
    return `${path} cannot be opened`
  }
}

const { R_OK, W_OK } = constants
const noKvm = process.arch !== 'x64' ? 'uses numbers of x86' : lack('/dev/kvm', R_OK | W_OK)
const noLog = noKvm || lack('/dev/kmsg', R_OK | W_OK)

function test(name: string, body: () => Promise<void>, reason: string | false = noKvm) {
  it(name, async (context) => (reason ? context.skip(reason) : body()))
}

/** Declares the tests of an agent that need a kernel behind it. */
export function agentOnKvm(start: StartAgent): void {
  ops(start)
  isolation(start)
  interruptions(start)
  log(start)
}

function ops(start: StartAgent) {
  const good: [what: string, ops: string, answer: RegExp][] = [
    ['a number', 'k,0 i,0,ae00,0', / \d+ 12$/],
    ['results become descriptors', `${vcpu} i,2,ae00,0 c,2 c,2`, / \d+ \d+ \d+ -\d+ 0 -9$/],
    [
      'bytes come back',
      'k,0 i,0,c004ae02,@d:0 x,d:0,4 w,d:0,00100000 i,0,c004ae02,@d:0 x,r:0,2',
      / -7:(?!00)\w{2,8} 0:(?!00)\w{2,4}$/,
    ],
    [
      'bad pointers',
      'k,0 i,0,c004ae02,@u:0 i,0,c004ae02,@d:fffe i,0,c004ae02,@r:0 i,0,c004ae02,@d:10000',
      /( -14){4}$/,
    ],
    ['a pointer into a kvm_run that is not there', 'k,0 i,0,c004ae02,@v0:0', / -14$/],
    ['a kvm_run as pointer', `${vcpu} w,v2:100,00100000 i,0,c004ae02,@v2:100 x,v2:100,1`, / 0:(?!00)\w\w$/],
    ['a kvm_run is written and read', `${blocked} w,v2:1,01 ${run} x,v2:1,1`, / -4:01$/],
    [
      'the kvm_run goes with the slot',
      `${vcpu} w,v2:1,02 x,v2:1,1 c,2 w,v2:1,02 x,v2:1,1 i,1,ae41,1,2 x,v2:1,1 w,v2:1,03 x,v2:1,1`,
      / \d+:02 0: \d+::03$/,
    ],
    ['a page that is not there', `${vcpu} m,2,40 m,1,40 m,17,40 x,o2:0,10`, / -14 -19 -9:$/],
    ['a page is written and read', `${vcpu} m,2,0 w,o2:1,02 x,o2:1,1 x,v2:1,1 m,2,40 x,o2:1,1`, / 0:02:02 -14:$/],
    ['a page is mapped for nobody else', `${vcpu} m,2,0,2 w,o2:1,02 x,o2:1,1 m,2,0,1 x,o2:1,1`, / 0:02 0:$/],
    ['what is no file has no memory', `${vm} a,0,1,0,1000 a,1,3,1000,1000 a,1,1,0,0 a,17,1,0,1000`, / -19 -19 -22 -9$/],
    ['the page goes with the slot', `${vcpu} m,2,0 w,o2:1,02 c,2 x,o2:1,1 i,1,ae41,1,2 x,o2:1,1`, / 0 0: \d+:$/],
    [
      'a ring of dirty pages',
      `k,0 i,0,ae01,0,1 w,d:0,c0 w,d:9,10 i,1,4068aea3,@d:0 i,1,ae41,0,2 m,2,40 x,o2:0,10`,
      / 0 \d+ 0:$/,
    ],
    ['a file is read from anywhere', `${vm} i,1,aece,0,2 r,2,d:0,18,0 x,d:4,4 r,2,d:100,4,4 x,d:100,4`, / 24:30 4:30$/],
    ['what is no file', `${vm} r,0,d:0,18,0 r,17,d:0,18,0`, / -22 -9$/],
    ['a descriptor is written', `${vm} d,d:0,1 d,d:4,2 x,d:0,8 f,d:0,3 i,3,ae03,0`, / \d+:06000000ffffffff \d+$/],
    ['no kvm_run without a vcpu', `${vm} x,v0:0,4 x,v1:0,4`, /::$/],
    ['another mm', `${vm} j,1,ae03,0 j,0,ae00,0`, / -5 12$/],
    ['another mm, whatever the number of the descriptor', everySlot('i,0,ae01,0', 'ae03'), /( \d+){24}( -5){23}$/],
    ['another thread', `${vm} h,1,ae41,0,2 x,v2:0,1 h,2,ae03,0 j,2,ae03,0`, / \d+: -22 -5$/],
    ['a thread of its own', `${background} x,v2:8,4 i,1,ae41,1 q,2 x,v2:8,4 q,2`, / 0: \d+ -4:0a -3$/],
    [
      'a thread of its own, one for each slot',
      `${background} b,2,ae03,0,v2:8 b,1,ae03,0,v2:8 q,2 q,1`,
      / 0 -114 0 -4 \d+$/,
    ],
    ['a thread outlives its slot', `${background} c,2 c,1 q,2 q,2`, / 0 0 0 -4 -3$/],
    ['a thread whose call fails at once', `${vcpu} b,2,ae80,1,v2:8 q,2 b,2,ae80,1,v1:8`, / -22 -3 -22$/],
    ['no descriptor is free', `${vm} n,0 i,1,ae41,0,2 n,0 h,1,ae41,0,2 n,0 j,0,ae01,0 i,1,ae41,0,2`, /( -24){3} \d+$/],
    ['a descriptor found in data', `${vm} w,d:0,0400000000000000 i,1,c00caee0,@d:0 f,d:4,3 c,3 c,3`, / 0 0 -9$/],
    ['a negative number is no descriptor', 'k,0 w,d:0,ffffffff f,d:0,0 i,0,ae00,0', / 12$/],
    ['a failed call brings no descriptor', 'k,0 c,5 w,d:0,e7030000 f,d:0,0 i,0,ae00,0', / 12$/],
    ['an eventfd is a descriptor', 'k,0 e,d:0,3 e,d:4,3 i,0,ae00,0 f,d:0,3 c,3 f,d:4,3 c,3', / 12 0 -9$/],
    ['a number that is not open', 'k,0 w,d:0,e7030000 f,d:0,0 i,0,ae00,0', / -9$/],
    ["a number that is the agent's own descriptor", 'k,0 i,0,ae03,0,1 i,1,ae00,0 c,1', / 1 -9 -9$/],
  ]
  const agent = shared(start)
  for (const [what, list, answer] of good) {
    test(what, async () => {
      const [line] = await agent().ask(`play a 5000 ${list}\n`)
      expect(line).toMatch(/^done a /)
      expect(line).toMatch(answer)
    })
  }
}

function isolation(start: StartAgent) {
  const careless = [
    `${vcpu} i,1,ae41,1 i,0,ae01,0 i,0,ae01,0 k,0 k,0 k,17`,
    `${vcpu} x,v2:0,8 w,v2:8,ff t,1000 c,5 t,2000`,
    `${vm} w,d:0,0400000000000000 i,1,c00caee0,@d:0 i,1,c00caee0,@r:0 w,g:0,ff`,
    `${vm} n,0 i,1,ae41,0,2 h,1,ae41,0,2 h,0,ae01,0 t,1000 h,0,ae01,0,3 t,2000 n,0`,
    `${vm} p,d:8,0 p,d:10,400000 p,d:18,@g:0 i,1,4020ae46,@d:0 j,1,ae41,0 w,d:fff0,ff`,
    'k,0 i,0,ae03,0,1 c,1 i,0,ae04,0,2 c,2 c,2',
    'k,0 i,0,c004ae02,@d:8000 i,0,c004ae02,@d:fff8',
    'e,d:0,0 e,d:4,1 e,d:8,7 k,0 d,d:c,0 i,0,ae00,0',
    `${vcpu} m,2,0 m,2,40 m,2,0 c,2 m,2,0`,
    background,
    `${background} c,2 c,1`,
    `${vcpu} b,1,ae41,1,v2:8 b,0,ae01,0,v2:8`,
    `${vcpu} m,2,0 w,o2:0,01 i,2,aece,0,3 r,3,d:8000,100,0 d,d:fffc,3 r,3,g:0,18,0 m,1,0`,
  ]
  for (const ops of careless) {
    test(`nothing is left of ${ops}`, async () => {
      const agent = talkTo(start)
      const [before] = await agent.ask('audit\n')
      const lists = await agent.ask(`play a 5000 ${ops}\n`.repeat(20))
      const look = 'play b 1000 i,0,ae00,0 i,1,ae00,0 c,17 x,d:0,20 x,d:8000,8 x,d:fff0,10 x,g:0,8'
      const [after, seen] = await agent.ask(`audit\n${look}\n`)
      expect(new Set(lists).size).toBe(1)
      expect(after).toBe(before)
      expect(seen).toBe('done b -9 -9 -9::::')
    })
  }
}

function interruptions(start: StartAgent) {
  test('a signal interrupts the call that blocks, once', async () => {
    const twice = `play a 5000 ${blocked} t,30 ${run} t,30 ${run} t,1 c,0`
    const answers = await talkTo(start).ask(`${twice}\nplay b 400 ${blocked} t,20 c,0 ${run}\n`)
    expect(answers[0]).toMatch(/^done a \d+ \d+ 0 \d+ -4 -4 0$/)
    expect(answers[1]).toMatch(/^hung b \d+ \d+ 0 \d+ 0$/)
  })

  test('a signal interrupts the call of another thread', async () => {
    const [answer] = await talkTo(start).ask(`play a 5000 ${blocked} t,30 h,2,ae80,0 t,30 ${run}\n`)
    expect(answer).toMatch(/^done a \d+ \d+ 0 \d+ -4 -4$/)
  })

  test('a list that hangs is given up at its deadline, with the answers so far; the next one is played', async () => {
    const agent = talkTo(start)
    const address = 'p,d:0,@d:0 p,d:8,@g:0 x,d:0,10'
    const [before, first] = await agent.ask(`audit\nplay p 1000 c,0 ${address}\n`)
    const since = performance.now()
    const hangs = `play a 300 w,d:0,ff ${blocked} x,d:0,1 ${run} k,5`
    const answers = await agent.ask(`${hangs}\nplay b 1000 c,0 x,d:0,1\naudit\nplay p 1000 c,0 ${address}\n`)
    expect(performance.now() - since).toBeGreaterThan(290)
    expect(answers[0]).toMatch(/^hung a \d+ \d+ 0 \d+:ff$/)
    expect(answers.slice(1)).toEqual(['done b -9:', before, first])
  })

  test('a list that hangs while a thread makes another call goes with that thread', async () => {
    const agent = talkTo(start)
    const [before] = await agent.ask('audit\n')
    const answers = await agent.ask(`play a 300 ${background} ${run}\nplay b 1000 c,0\naudit\n`)
    expect(answers[0]).toMatch(/^hung a( \d+){5}$/)
    expect(answers.slice(1)).toEqual(['done b -9', before])
  })

  test('where the player is killed, or the thread whose call is under way, both are gone', async () => {
    for (const victim of ['player', 'thread']) {
      const agent = talkTo(start)
      const [before] = await agent.ask('audit\n')
      agent.send(`play a 9000 ${background} i,1,ae41,1,3 t,1500 i,3,ae80,0 q,2\nplay b 1000 c,0\naudit\n`)
      await pause(300)
      const [thread] = leavesOf(agent.pid)
      const player = Number(/^\d+ \(.*\) \w (\d+)/.exec(readFileSync(`/proc/${thread}/stat`, 'latin1'))![1])
      process.kill(victim === 'player' ? player : thread!, 'SIGSEGV')
      const answer = await agent.line()
      expect(answer).toMatch(victim === 'player' ? /^died a 11( \d+){6}$/ : /^died a 11( \d+){6} -4$/)
      expect(await agent.line()).toBe('done b -9')
      expect(await agent.line()).toBe(before)
      await expect.poll(() => existsSync(`/proc/${thread}`)).toBe(false)
    }
  })

  test('answers are seen while a later list still runs', async () => {
    const agent = talkTo(start)
    await agent.ask('hello 1\n')
    agent.send(`play a 5000 c,0\nplay b 2000 ${blocked} ${run}\n`)
    const since = performance.now()
    expect(await agent.line()).toBe('done a -9')
    expect(performance.now() - since).toBeLessThan(1500)
    expect(await agent.line()).toMatch(/^hung b/)
  })

  test('a player that is killed is reported, and replaced', async () => {
    const agent = talkTo(start)
    const [before] = await agent.ask('audit\n')
    agent.send(`play a 9000 ${blocked} ${run} c,0\nplay b 1000 c,0\naudit\n`)
    await pause(300)
    for (const pid of leavesOf(agent.pid)) process.kill(pid, 'SIGSEGV')
    expect(await agent.line()).toMatch(/^died a 11 \d+ \d+ 0 \d+$/)
    expect(await agent.line()).toBe('done b -9')
    expect(await agent.line()).toBe(before)
  })

  test('a player that is killed while nothing is played is replaced silently', async () => {
    const agent = talkTo(start)
    const [before] = await agent.ask('audit\n')
    for (const pid of leavesOf(agent.pid)) process.kill(pid, 'SIGKILL')
    await pause(100)
    expect(await agent.ask('play b 1000 c,0\naudit\n')).toEqual(['done b -9', before])
  })
}

function log(start: StartAgent) {
  test(
    'kernel log lines come with the list that was played, and those of no list with none',
    async () => {
      // The kernel has one log: the same test of the other player, at the same time, writes into it as well.
      const ours = `kvm-arm64-abi test ${process.pid}:`
      const tell = (text: string) => appendFileSync('/dev/kmsg', `<4>${ours} ${text}\n`)
      const agent = talkTo(start)
      await agent.ask('play a 1000 c,0\n')
      tell('nobody')
      await agent.ask('play b 1000 c,0\n')
      agent.send(`play c 5000 ${blocked} t,500 ${run}\nplay d 1000 c,0\nplay e 2000 ${blocked} ${run}\n`)
      await pause(200)
      tell('100 % mine')
      expect(await agent.line()).toMatch(/^done c .* -4$/)
      const mine = new RegExp(`^log c \\d+,kvm-arm64-abi%20test%20${process.pid}:%20100%20%25%20mine$`)
      expect(agent.logs.some((line) => mine.test(line))).toBe(true)
      expect(await agent.line()).toBe('done d -9')
      await pause(150)
      tell('hung')
      expect(await agent.line()).toMatch(/^hung e/)
      const heard = agent.logs.filter((line) => line.includes(ours.replaceAll(' ', '%20')))
      expect(heard.map((line) => line.slice(0, 5))).toEqual(['log -', 'log c', 'log e'])
    },
    noLog,
  )
}
