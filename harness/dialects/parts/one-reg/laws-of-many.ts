/** What holds of a list with sizes and of streams of registers, whatever registers and values. */
import fc from 'fast-check'
import type { Answer } from '../../../model/call.ts'
import type { Law, Tools } from '../../../model/law.ts'
import { oneRegId } from './ids.ts'
import { lengthOf, MOST, type Sized } from './many.ts'
import { hex } from '../../../model/scalar.ts'
import { anyValue, plainRegisters, type PlainRegister } from './plain.ts'
import { patch, reply, wood } from './registers.ts'

const PLAIN = ['KVM_ARM_VCPU_INIT(features[] = 0) -> ok']
const WITH_SVE = [
  'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok',
  'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> ok',
]
const beginnings = ({ host }: Tools) => (host.vls === '0' ? [PLAIN] : [PLAIN, WITH_SVE])

const named = ({ id, size }: Sized): string => `${oneRegId.print(id)}: ${size}`
const get = (list: readonly Sized[]): string => `KVM_GET_MANY_REGS(${list.map(named).join(', ')})`
const set = (list: readonly Sized[], data: bigint): string =>
  `KVM_SET_MANY_REGS(${list.map(named).join(', ')}, data = ${hex(data)})`

/** What KVM_GET_REG_SIZES says: each register with its size. */
const listed = async ({ ask }: Tools, before: readonly string[]): Promise<Sized[]> => {
  const { last } = await ask([...before, 'KVM_GET_REG_SIZES(n = 1000) -> ok'].join('\n'))
  return last.list!.map((entry) => ({ id: BigInt.asUintN(64, entry), size: entry >> 64n }))
}

/** The list in parts that fit a line of a text. */
const parts = (list: readonly Sized[]): Sized[][] => {
  const all: Sized[][] = [[]]
  for (const one of list)
    if (lengthOf([...all.at(-1)!, one]) > MOST) all.push([one])
    else all.at(-1)!.push(one)
  return all
}

const valuesOf = (answers: readonly Answer[]): (bigint | undefined)[] => answers.map(({ value }) => value)

const sizedOf = ({ name, bits }: PlainRegister): Sized => ({ id: oneRegId.parse(name), size: BigInt(bits / 8) })
const listedAs = (list: readonly Sized[], name: string): boolean => list.some(({ id }) => id === oneRegId.parse(name))

/** Some registers, no two the same, that together fit a line, and a value for each. */
const anySettings = fc
  .shuffledSubarray([...plainRegisters], { minLength: 1, maxLength: 12 })
  .chain((some) => fc.tuple(...some.map(({ bits }) => anyValue(bits))).map((values) => ({ some, values })))

/** Values one after the other, the first lowest, each in as many bits as its register has. */
const streamOf = (some: readonly PlainRegister[], values: readonly bigint[]): bigint =>
  some.reduceRight((stream, { bits }, i) => (stream << BigInt(bits)) | values[i]!, 0n)

export const lawsOfMany: readonly Law[] = [
  {
    title: 'every register is listed with the size with which it is got, and is got with no other',
    cite: wood('a list of supported registers (with sizes)'),
    async body(tools) {
      for (const before of beginnings(tools)) {
        const list = await listed(tools, before)
        const pieces = list.map((one) => {
          const others = [1n, 2n, 4n, 8n, 16n, 32n, 64n, 128n, 256n].filter((size) => size !== one.size)
          const wrong = others[Number(one.id % BigInt(others.length))]!
          return [
            `${get([one])} -> ok`,
            ...[wrong, one.size + 1n, 0n].map((size) => `${get([{ ...one, size }])} -> -EINVAL`),
          ].join('\n')
        })
        await tools.askEach(before, pieces)
      }
    },
  },
  {
    title: 'a stream is its registers end to end, in the order of the list and without padding',
    cite: reply(
      'a byte stream of exactly the register sizes we care about - no need to waste 128 bytes for every register',
    ),
    body: (tools) =>
      tools.forAll(anySettings, async ({ some, values }) => {
        const each = some.map((one, i) => `${get([sizedOf(one)])} -> ok = ${values[i]}`)
        await tools.ask(
          [
            ...PLAIN,
            `${set(some.map(sizedOf), streamOf(some, values))} -> ok`,
            ...each,
            `${get(some.map(sizedOf))} -> ok = ${streamOf(some, values)}`,
          ].join('\n'),
        )
      }),
  },
  {
    title: 'a stream of which one register is refused changes none of them',
    cite: patch('shove over multiple registers at once'),
    body: (tools) =>
      tools.forAll(anySettings, async ({ some, values }) => {
        const list = some.map(sizedOf)
        const others = values.map((value, i) => value ^ ((1n << BigInt(some[i]!.bits)) - 1n))
        const wrong = { ...list.at(-1)!, size: list.at(-1)!.size + 1n }
        await tools.ask(
          [
            ...PLAIN,
            `${set(list, streamOf(some, values))} -> ok`,
            `${set([...list.slice(0, -1), wrong], streamOf(some, others))} -> -EINVAL`,
            `${get(list)} -> ok = ${streamOf(some, values)}`,
          ].join('\n'),
        )
      }),
  },
  {
    title: 'what GET_MANY gives, SET_MANY takes: a copy of all that is listed makes one vcpu read as another',
    cite: wood("so that userspace doesn't have to know about every register in order to migrate"),
    async body(tools) {
      for (const before of beginnings(tools)) {
        const list = await listed(tools, before)
        const reading = list.map((one) => get([one]))
        const fresh = valuesOf(await tools.askEach(before, reading))
        const again = valuesOf(await tools.askEach(before, reading))
        // Counters go on, and vector lengths are set before SVE is finalized.
        const copied = list.filter((one, i) => fresh[i] === again[i] && !named(one).includes('SVE_VLS'))
        await tools.forAll(
          anySettings,
          async ({ some, values }) => {
            const known = some
              .map((one, i) => ({ ...one, value: values[i]! }))
              .filter(({ name }) => listedAs(list, name))
            const written = known.map(({ value, ...one }) => `${set([sizedOf(one)], value)} -> ok`)
            const given = valuesOf(await tools.askEach([...before, ...written], parts(copied).map(get)))
            const there = parts(copied).flatMap((part, i) => `${set(part, given[i]!)} -> ok`)
            const reads = parts(copied).map((part, i) => `${get(part)} -> ok = ${given[i]}`)
            await tools.ask([...before, ...there, ...reads].join('\n'))
          },
          10,
        )
      }
    },
  },
]
