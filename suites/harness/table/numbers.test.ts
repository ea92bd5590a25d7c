/** The notation: print and parse are inverse, and no number is changed without a word: it is kept, or refused. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { sortOf, type Call, type Step } from '../../../harness/model/call.ts'
import type { Ioctl } from '../../../harness/model/rule.ts'
import { toOps } from '../../../harness/link/ops.ts'
import { anyCalls } from '../../../harness/generate/any-calls.ts'
import { parse, print } from '../../../harness/table/notation.ts'

const host = hostNamed()
const runs = { numRuns: 300, seed: 20190307 }

/** A descriptor of each sort that an ioctl is made for; that of an unknown number is made on all. */
const descriptorsOf = ({ on }: Ioctl): string[] => {
  const names = on.map((kind) => (({ kvm: 'kvm', vm: 'vm', vcpu: 'vcpu0' }) as Record<string, string>)[kind] ?? 'gic')
  return names.length > 0 ? [...new Set(names)] : ['kvm', 'vm', 'vcpu0', 'gic']
}
const rows = abi.flatMap((ioctl) => descriptorsOf(ioctl).map((on) => ({ title: `${on}: ${ioctl.name}`, on, ioctl })))

const spoken = (call: Call) => print([{ call }])

/** What a text means: how it prints, and what an agent is asked to do. Undefined where it is refused. */
const meaning = (text: string): { text: string; ops: string } | undefined => {
  let call: Call
  try {
    call = parse(text)[0]!.call
  } catch (error) {
    if ((error as Error).name !== 'UserError') throw error
    expect((error as Error).message).toMatch(/^trace:1: /)
    expect((error as Error).message.length).toBeLessThan(1000)
    return undefined
  }
  return { text: spoken(call), ops: toOps([call], host) }
}

const numbers = /(?<![\w.])-?(?:0x[0-9a-f]+|\d+)(?![\w.])/gi

/** Numbers about the ends of fields of all widths. */
const anyNumber: fc.Arbitrary<bigint> = fc
  .tuple(
    fc.constantFrom(0, 1, 7, 8, 12, 15, 16, 23, 31, 32, 40, 48, 53, 54, 63, 64, 65, 128, 256, 512, 2048, 5000),
    fc.constantFrom(-1n, 0n, 1n, 4n, 0x1234n),
    fc.boolean(),
  )
  .map(([bits, more, isNegative]) => ((1n << BigInt(bits)) + more) * (isNegative ? -1n : 1n))

/** What a number becomes where it is cut to a width, read as signed, rounded to a double, or loses its sign. */
const confused = (n: bigint): bigint[] => [
  ...[8, 12, 16, 32, 40, 48, 53, 64, 128, 2048].flatMap((bits) => [BigInt.asUintN(bits, n), BigInt.asIntN(bits, n)]),
  BigInt(Number.isFinite(Number(n)) ? Number(n) : 0),
  -n,
  0n,
]

const write = (n: bigint, base: 'decimal' | 'hex'): string =>
  base === 'decimal' || n < 0 ? String(n) : `0x${n.toString(16)}`

describe.each(rows)('$title', ({ on, ioctl }) => {
  const call = ioctl.takes.any(sortOf(on)).map((arg): Call => ({ on, ioctl, arg }))

  test('reads as it prints', () => {
    fc.assert(
      fc.property(call, (drawn) => {
        const text = spoken(drawn)
        expect(meaning(text)).toEqual({ text, ops: toOps([drawn], host) })
      }),
      runs,
    )
  })

  test('every field is kept at its smallest, at its largest, and at each of its names', () => {
    const sort = sortOf(on)
    for (const arg of fc.sample(ioctl.takes.any(sort), { ...runs, numRuns: 20 }))
      for (const field of ioctl.takes.fields(sort)) {
        const { min, max } = field.range(arg)
        for (const value of [min, max, ...field.named(arg)]) {
          const changed = field.set(arg, value)
          if (changed === undefined) continue
          const call: Call = { on, ioctl, arg: changed }
          const text = spoken(call)
          expect(meaning(text)).toEqual({ text, ops: toOps([call], host) })
          expect(field.get(parse(text)[0]!.call.arg), text).toBe(value)
        }
      }
  })

  test('a comment behind it reads as it prints', () => {
    const comment = fc
      .string({ minLength: 1, unit: fc.constantFrom(...'aZ09 #->()=:.,|&é') })
      .map((text) => `x${text.trimEnd()}`)
    fc.assert(
      fc.property(call, comment, fc.boolean(), (drawn, comment, isAnswered) => {
        const steps: Step[] = [
          { call: drawn, ...(isAnswered && { answer: { ret: -22 }, why: 'too late' }), comment },
          { call: drawn },
        ]
        const [read, plain, ...more] = parse(print(steps))
        expect([read!.comment, plain!.comment, more.length]).toEqual([comment, undefined, 0])
        expect([read!.answer, read!.why]).toEqual([steps[0]!.answer, steps[0]!.why])
        expect(print([read!, plain!])).toBe(print(steps))
      }),
      runs,
    )
  })

  test('two numbers in one place mean two things, or are refused', () => {
    const draw = fc.tuple(call, fc.nat(), anyNumber, fc.constantFrom('decimal', 'hex'))
    fc.assert(
      fc.property(draw, ([drawn, which, n, base]) => {
        const text = spoken(drawn).replace(/^(\w+: \w+)$/, '$1(0)')
        const places = [...text.slice(on.length).matchAll(numbers)]
        const place = places[which % places.length]
        if (!place) return
        const at = on.length + place.index
        const put = (value: bigint) => text.slice(0, at) + write(value, base) + text.slice(at + place[0].length)
        const meant = meaning(put(n))
        if (!meant) return
        // Of a pointer that leads nowhere an agent learns no more.
        const reaches = !/&(unmapped|readonly|kernel|tagged|short)/.test(text)
        for (const other of confused(n).filter((one) => one !== n)) {
          const instead = meaning(put(other))
          expect(instead?.text, put(n)).not.toBe(meant.text)
          if (reaches) expect(instead?.ops, put(n)).not.toBe(meant.ops)
        }
      }),
      runs,
    )
  })

  test('the value of an answer is kept, or refused', () => {
    fc.assert(
      fc.property(call, anyNumber, (drawn, n) => {
        let kept: bigint | undefined
        try {
          kept = parse(`${spoken(drawn)} -> ok = ${n}`)[0]!.answer!.value
        } catch (error) {
          expect((error as Error).name).toBe('UserError')
          return
        }
        expect(kept).toBe(n)
        expect(kept! >= 0n && kept! < 1n << 2048n).toBe(true)
      }),
      runs,
    )
  })
})

test('20,000 random sequences read as they print', { timeout: 120_000 }, () => {
  for (const calls of fc.sample(anyCalls(12, { host }), { ...runs, numRuns: 20_000 })) {
    const text = print(calls.map((call) => ({ call })))
    const read = parse(text)
    expect(print(read)).toBe(text)
    expect(
      toOps(
        read.map(({ call }) => call),
        host,
      ),
    ).toBe(toOps(calls, host))
  }
})
