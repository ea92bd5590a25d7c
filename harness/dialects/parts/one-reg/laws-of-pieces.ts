/** What holds of registers in pieces of 64 bits, whatever register and value. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { hex } from '../../../model/scalar.ts'
import { anySetting, anyValue, INIT, plainRegisters } from './plain.ts'
import { reply, wood } from './registers.ts'

const PIECE = 64

/** The name of a piece: that of the register with the number of the piece. */
const named = (name: string, piece: number): string => (piece === 0 ? name : `${name} | ${piece} << 32`)
const set = (name: string, piece: number, value: bigint): string =>
  `KVM_SET_ONE_REG(${named(name, piece)}, ${hex(value)})`
const get = (name: string, piece: number): string => `KVM_GET_ONE_REG(${named(name, piece)})`

const vectors = [
  ...plainRegisters.filter(({ bits }) => bits > PIECE).map((register) => ({ ...register, before: INIT })),
  ...Array.from({ length: 32 }, (_, n) => ({
    name: `KVM_REG_ARM64_SVE_ZREG(${n}, 0)`,
    bits: 2048,
    before: `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
      KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> ok`,
  })),
]

export const lawsOfPieces: readonly Law[] = [
  {
    title: 'each piece of a large register keeps what it is given, in whatever order pieces are set',
    cite: reply('splitting bigger ones into separate IDs'),
    body(tools) {
      // Only a host with vectors of 2048 bits keeps all pieces of a Z register.
      const offered = vectors.filter(({ before }) => before === INIT || tools.host.vls === 'ffff')
      const drawn = fc.constantFrom(...offered).chain((register) => {
        const count = register.bits / PIECE
        const pieces = Array.from({ length: count }, (_, i) => i)
        return fc.record({
          register: fc.constant(register),
          order: fc.shuffledSubarray(pieces, { minLength: count }),
          values: fc.array(anyValue(PIECE), { minLength: count, maxLength: count }),
        })
      })
      return tools.forAll(drawn, async ({ register: { name, before }, order, values }) => {
        await tools.ask(`
          ${before}
          ${order.map((piece) => `${set(name, piece, values[piece]!)} -> ok`).join('\n')}
          ${values.map((value, piece) => `${get(name, piece)} -> ok = ${value}`).join('\n')}`)
      })
    },
  },
  {
    title: 'a register has a piece for every 64 bits that it has, and no more',
    cite: wood("using __u64 for everything that doesn't need to be an array"),
    body: (tools) =>
      tools.forAll(fc.tuple(anySetting, fc.integer({ min: 0, max: (1 << 28) - 1 })), async ([{ name, bits }, far]) => {
        const count = Math.ceil(bits / PIECE)
        const beyond = [count, Math.max(count, far)].map((piece) => `${get(name, piece)} -> -ENOENT`)
        await tools.ask(`
            ${INIT}
            ${get(name, count - 1)} -> ok
            ${beyond.join('\n')}
            ${set(name, count, 1n)} -> -ENOENT`)
      }),
  },
  {
    title: 'what pads a register is 0 and must be 0',
    cite: reply('For the padding things should be good'),
    body(tools) {
      const small = plainRegisters.filter(({ bits }) => bits < PIECE)
      const drawn = fc.constantFrom(...small).chain(({ name, bits }) =>
        fc.record({
          name: fc.constant(name),
          bits: fc.constant(bits),
          value: anyValue(bits),
          low: anyValue(bits),
          padding: anyValue(PIECE - bits).map((value) => value || 1n),
        }),
      )
      return tools.forAll(drawn, async ({ name, bits, value, low, padding }) => {
        await tools.ask(`
          ${INIT}
          ${set(name, 0, value)} -> ok
          ${set(name, 0, (padding << BigInt(bits)) | low)} -> -EINVAL
          ${get(name, 0)} -> ok = ${value}`)
      })
    },
  },
]
