/** How the values of a register's fields are recorded, on a made-up KVM whose one register takes what a test says. */
import { expect, test } from 'vitest'
import { judged } from '../../../harness/oracle/judge.ts'
import { regName } from '../../../harness/names/index.ts'
import { probe } from '../../../harness/probe/index.ts'
import { parse } from '../../../harness/table/notation.ts'
import { tinyKvm, tinyRegs } from './tiny-kvm.ts'

const [ID] = tinyRegs as [bigint]
const field = (value: bigint, at: number) => Number((value >> BigInt(at)) & 15n)
/** The host whose first register holds so much after a write; undefined: the write is refused. */
const recorded = (keeps: (value: bigint) => bigint | undefined) =>
  probe(tinyKvm({ keeps: (id, value) => (id === ID ? keeps(value) : value) }), 'tiny')
const writeOf = async (keeps: (value: bigint) => bigint | undefined) => (await recorded(keeps)).regs[0]!.write

test('each field is recorded with all values that it takes', async () => {
  const isTaken = (value: bigint) => value >> 16n === 0n && field(value, 0) < 3 && [0, 5].includes(field(value, 8))
  expect(
    await writeOf((value) => (isTaken(value) && field(value, 4) === 0 && field(value, 12) === 0 ? value : undefined)),
  ).toEqual({ fields: '0:0-2 8:05' })
})

test('a value that reads as another is recorded with what it reads', async () => {
  expect(await writeOf((value) => (value === 0xfn ? 0n : value < 3n ? value : undefined))).toEqual({
    fields: '0:0-2f>0',
  })
})

test('a value of several bits that can be lowered only to another of several bits is found', async () => {
  expect(await writeOf((value) => (value === 0n || value === 6n ? value : undefined))).toEqual({ fields: '0:06' })
})

test('fields that are not taken together as each of them is alone are noted', async () => {
  const exclusive = (value: bigint) =>
    value < 0x100n && (field(value, 0) === 0 || field(value, 4) === 0) ? value : undefined
  expect(await writeOf(exclusive)).toEqual({ fields: '0:0-f 4:0-f', isJoint: true })
  const together = (value: bigint) => (value === 0n || value === 0x11n || value === 1n ? value : undefined)
  expect(await writeOf(together)).toEqual({ fields: '0:01' })
})

test('a write that moves another field is noted', async () => {
  expect(await writeOf((value) => (value < 4n ? value | (value << 8n) : undefined))).toEqual({
    fields: '0:0-3',
    isJoint: true,
  })
})

test('a register that takes no other value is fixed', async () => {
  expect(await writeOf((value) => (value === 0n ? value : undefined))).toBe('same')
})

test('what several fields do that hang on each other is not judged, and counted; what one does is judged', async () => {
  const exclusive = (value: bigint) =>
    value < 0x100n && (field(value, 0) === 0 || field(value, 4) === 0) ? value : undefined
  const host = { ...(await recorded(exclusive)), maxVcpus: 1 }
  const verdictOn = (value: bigint, ret: number, reads: bigint) => {
    const calls = parse(
      `KVM_CREATE_VM(0)
       KVM_CREATE_VCPU(0)
       KVM_ARM_VCPU_INIT(features[] = 0)
       KVM_SET_ONE_REG(${regName(ID)}, &0x${value.toString(16)})
       KVM_GET_ONE_REG(${regName(ID)})`,
    ).map(({ call }) => call)
    const answers = [{ ret: 0 }, { ret: 0 }, { ret: 0 }, { ret }, { ret: 0, value: reads }]
    const { verdict, unknown } = judged(host, '6.12', calls, { outcome: 'done', log: [], answers })
    return [verdict, unknown]
  }
  expect(verdictOn(0x11n, -22, 0n)).toEqual(['conforms', 1])
  expect(verdictOn(0x11n, 0, 0x11n)).toEqual(['conforms', 1])
  expect(verdictOn(0x10n, 0, 0x10n)).toEqual(['conforms', undefined])
  expect(verdictOn(0x10n, -22, 0n)).toEqual(['violates', undefined])
})
