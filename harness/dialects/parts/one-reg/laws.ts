/** What holds of a union of registers, whatever register and value. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { hex } from '../../../model/scalar.ts'
import { anySetting, anyValue, INIT } from './plain.ts'
import { patch, reply, wood } from './registers.ts'
import { bitsOf, members, type Member } from './union.ts'

const memberNames = Object.keys(members) as Member[]
const anyMember = fc.constantFrom(...memberNames)
const fitting = (bits: number): Member => memberNames.find((member) => bitsOf(member) === bits)!

const set = (name: string, member: Member, value: bigint): string =>
  `KVM_SET_ONE_REG(${name}, ${member} = ${hex(value)})`
const get = (name: string, member: Member): string => `KVM_GET_ONE_REG(${name}, ${member})`

export const laws: readonly Law[] = [
  {
    title: 'what is set with a size is got with that size, and with every larger one',
    cite: patch('get and set a single register that is identified by an ID'),
    body: (tools) =>
      tools.forAll(fc.tuple(anySetting, anyMember, anyMember), async ([{ name, bits, value }, to, from]) => {
        const wide = (member: Member) => (bitsOf(member) < bits ? fitting(bits) : member)
        await tools.ask(`
          ${INIT}
          ${set(name, wide(to), value)} -> ok
          ${get(name, wide(from))} -> ok = ${value}`)
      }),
  },
  {
    title: 'a smaller member has the low bits of the register, and nobody is told that the others are missing',
    cite: wood('reduce potential size mismatch errors'),
    body: (tools) =>
      tools.forAll(fc.tuple(anySetting, anyMember), async ([{ name, bits, value }, member]) => {
        const seen = BigInt.asUintN(Math.min(bits, bitsOf(member)), value)
        await tools.ask(`
          ${INIT}
          ${set(name, fitting(bits), value)} -> ok
          ${get(name, member)} -> ok = ${seen}
          ${set(name, fitting(bits), seen)} -> ok
          ${get(name, fitting(bits))} -> ok = ${seen}`)
      }),
  },
  {
    title: 'a value that is too wide for its register is refused, and the register keeps what it had',
    cite: wood('reduce potential size mismatch errors'),
    body: (tools) =>
      tools.forAll(
        fc.tuple(anySetting, anyMember).chain(([setting, member]) => {
          const wider = bitsOf(member) > setting.bits ? member : 'reg1024'
          return fc.record({
            setting: fc.constant(setting),
            wider: fc.constant(wider as Member),
            low: anyValue(setting.bits),
            high: anyValue(bitsOf(wider) - setting.bits).map((value) => value || 1n),
          })
        }),
        async ({ setting: { name, bits, value }, wider, low, high }) => {
          await tools.ask(`
            ${INIT}
            ${set(name, fitting(bits), value)} -> ok
            ${set(name, wider, (high << BigInt(bits)) | low)} -> -EINVAL
            ${get(name, fitting(bits))} -> ok = ${value}`)
        },
      ),
  },
  {
    title: 'the vcpu has no register of another architecture, nor a generic one',
    cite: reply("I don't think we'll get to 16 KVM-enabled architectures anytime soon"),
    body: (tools) =>
      tools.forAll(
        fc.tuple(fc.integer({ min: 0, max: 15 }), fc.bigInt({ min: 0n, max: (1n << 60n) - 1n }), anyMember),
        async ([architecture, rest, member]) => {
          if (architecture === 4) return
          const id = hex((BigInt(architecture) << 60n) | rest)
          const errno = architecture === 0 ? '-ENOENT' : '-EINVAL'
          await tools.ask(`
            ${INIT}
            ${set(id, member, 1n)} -> ${errno}
            ${get(id, member)} -> ${errno}`)
        },
      ),
  },
]
