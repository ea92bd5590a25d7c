/** The bytes of the structs in which registers were first proposed to move. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { oneRegId } from '../../harness/dialects/parts/one-reg/ids.ts'
import * as many from '../../harness/dialects/parts/one-reg/many.ts'
import { bitsOf, members, toGet, toSet, type Member } from '../../harness/dialects/parts/one-reg/union.ts'
import { bytes, fromBytes } from '../../harness/model/scalar.ts'

const host = hostNamed()
/** The bytes that the agent is told to write at an offset of its data. */
const writtenAt = (before: string, offset: string): string | undefined =>
  new RegExp(`(?:^| )w,d:${offset},([0-9a-f]+) `).exec(before)?.[1]

describe.each(Object.keys(members) as Member[])('%s', (member) => {
  const value = fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(member))) - 1n })

  test('lies behind the id, little-endian, in a struct of 136 bytes', () => {
    fc.assert(
      fc.property(oneRegId.any, value, (id, v) => {
        const { before } = toSet.pack({ id, member, value: v }, 'd', host)
        expect(writtenAt(before, '0')).toBe((bytes(id, 8) + bytes(v, members[member])).padEnd(136 * 2, '0'))
      }),
    )
  })

  test('is read from there with its size, and as the number that was written', () => {
    fc.assert(
      fc.property(oneRegId.any, value, (id, v) => {
        expect(toGet.pack({ id, member }, 'd', host).after).toBe(` x,d:8,${members[member].toString(16)}`)
        expect(toGet.value!(0, [bytes(v, members[member])], { id, member })).toBe(v)
      }),
    )
  })

  test('takes no number that is wider, and tells so', () => {
    expect(() => toSet.parse(`KVM_ONE_REG_ARM, ${member} = 1 << ${bitsOf(member)}`, 'vcpu')).toThrow(
      `${member} is a number`,
    )
  })
})

test('an id or a member that there is not is told', () => {
  expect(() => toSet.parse('KVM_ONE_REG_ARM, reg1042 = 1', 'vcpu')).toThrow('did you mean reg1024?')
  expect(() => toSet.parse('KVM_ONE_REG_ARM', 'vcpu')).toThrow('write ID, reg64')
  expect(() => toGet.parse('KVM_ONE_REG_ARM, reg64 = 1', 'vcpu')).toThrow('a value is not given to KVM_GET_ONE_REG')
  expect(() => toGet.parse('KVM_ONE_REG_MIPS | 0x1, reg64', 'vcpu')).toThrow('no register is called')
})

test('a stream has a list of ids and sizes, and as many bytes as all sizes together', () => {
  const arg = many.toSet.parse('KVM_ONE_REG_ARM | 0x1: 4, KVM_ONE_REG_ARM | 0x2: 8, data = 0x2222222211111111', 'vcpu')
  const { before } = many.toSet.pack(arg, 'd', host)
  expect(fromBytes(writtenAt(before, '0')!)).toBe(2n)
  expect(writtenAt(before, '100')!.match(/.{16}/g)!.map(fromBytes)).toEqual([
    (4n << 60n) | 1n,
    4n,
    (4n << 60n) | 2n,
    8n,
  ])
  expect(writtenAt(before, '1000')).toBe('111111112222222200000000')
  expect(before).toContain('p,d:8,@d:100 p,d:10,@d:1000')
})
