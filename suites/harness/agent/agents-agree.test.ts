/**
 * The agent inside Node gives the answers that it gives alone, call by call, to lists drawn at random: with KVM or
 * without.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { talkTo } from './agent-talk.ts'
import { missing, startInNode } from './agent-in-node.ts'

const hasKvm = (() => {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
})()

const hex = (n: number) => n.toString(16)
const slot = fc.integer({ min: 0, max: 5 }).map(hex)
const offset = fc.oneof(
  fc.constantFrom(0, 4, 8, 0x10, 0xfff0, 0xfff8),
  fc.nat(0xffff).map((n) => n & ~7),
)
const place = fc
  .oneof(
    fc.tuple(fc.constantFrom('d', 'r', 'g'), offset),
    fc.tuple(
      slot.map((s) => `v${s}`),
      fc.nat(0x1ff8),
    ),
  )
  .map(([area, at]) => `${area}:${hex(at)}`)
const writable = place.filter((text) => !text.startsWith('r'))
const argument = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => n.toString(16)),
  fc.nat(300).map(hex),
  place.map((text) => `@${text}`),
  fc.constantFrom('@u:0', '@d:10000', '@r:10000', '@d:fffe'),
)
/** Numbers that answer at once on any KVM: version, VM, capability, mmap size, vcpu, memory, a device, and none. */
const number = fc.constantFrom('ae00', 'ae01', 'ae03', 'ae04', 'ae41', '4020ae46', 'c00caee0', 'deadbeef')
const into = fc.oneof(
  fc.constant(''),
  slot.map((to) => `,${to}`),
)
const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 }).map((some) => Buffer.from(some).toString('hex'))
const op = fc.oneof(
  { weight: 2, arbitrary: slot.map((s) => (hasKvm ? `k,${s}` : `c,${s}`)) },
  { weight: 3, arbitrary: fc.constantFrom('0', '1', '2').map((to) => `i,0,${to === '0' ? 'ae00' : 'ae01'},0,${to}`) },
  { weight: 3, arbitrary: fc.tuple(fc.nat(3), slot).map(([id, vcpu]) => `i,1,ae41,${id},${vcpu}`) },
  { weight: 6, arbitrary: fc.tuple(slot, number, argument, into).map(([s, n, arg, to]) => `i,${s},${n},${arg}${to}`) },
  { weight: 1, arbitrary: fc.tuple(slot, number, argument).map(([s, nr, arg]) => `j,${s},${nr},${arg}`) },
  { weight: 2, arbitrary: slot.map((s) => `c,${s}`) },
  { weight: 2, arbitrary: fc.tuple(writable, bytes).map(([at, some]) => `w,${at},${some}`) },
  { weight: 2, arbitrary: fc.tuple(writable, argument).map(([at, arg]) => `p,${at},${arg}`) },
  { weight: 1, arbitrary: fc.tuple(place, slot).map(([at, s]) => `f,${at},${s}`) },
  { weight: 1, arbitrary: fc.tuple(writable, fc.nat(7)).map(([at, n]) => `e,${at},${n}`) },
  { weight: 3, arbitrary: fc.tuple(place, fc.nat(8)).map(([at, size]) => `x,${at},${size}`) },
  // Long enough that on a busy machine, too, no call that does not block is interrupted.
  { weight: 1, arbitrary: fc.constantFrom('t,10000', 't,999999999') },
)

const first = hasKvm ? ['k,0', 'i,0,ae01,0,1', 'i,1,ae41,0,2'] : ['c,0']

it('the agent answers alike inside Node and alone', async (context) => {
  if (missing) return context.skip(missing)
  const binary = await buildAgent('host')
  const alone = talkTo(() => spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] }) as never)
  const inside = talkTo(startInNode)
  const before = [await alone.ask('audit\n'), await inside.ask('audit\n')]
  let calls = 0,
    good = 0
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 40, size: 'max' }), async (ops) => {
      const line = `play a 5000 ${[...first, ...ops].join(' ')}\n`
      const [answer] = await inside.ask(line)
      expect([answer]).toEqual(await alone.ask(line))
      for (const [, result] of answer!.matchAll(/ (-?\d+)/g)) {
        calls++
        if (Number(result) >= 0) good++
      }
    }),
    { seed: 20261121, numRuns: hasKvm ? 400 : 2000 },
  )
  expect([await alone.ask('audit\n'), await inside.ask('audit\n')]).toEqual(before)
  if (hasKvm) expect(good / calls).toBeGreaterThan(0.3)
})
