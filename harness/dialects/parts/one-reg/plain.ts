/** Registers that keep whatever they are given, by their name in the notation, for laws. */
import fc from 'fast-check'
import { coreRegs } from '../../../names/index.ts'
import { sizeOf } from '../../../abi/registers/table.ts'
import { anyNumber } from '../../../model/scalar.ts'

export interface PlainRegister {
  name: string
  bits: number
}

/** Integer, vector and status registers: all of struct kvm_regs but the processor state. */
export const plainRegisters: readonly PlainRegister[] = [...coreRegs]
  .filter(([name]) => name !== 'regs.pstate')
  .map(([name, id]) => ({ name: `KVM_REG_ARM_CORE_REG(${name})`, bits: sizeOf(id) * 8 }))

const anyPlainRegister = fc.constantFrom(...plainRegisters)

/** Any number of so many bits, both ends and single bits more often than others. */
export const anyValue = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(anyNumber(bits, [0n]), fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }))

/** One of them and a value for it. */
export const anySetting = anyPlainRegister.chain((register) =>
  anyValue(register.bits).map((value) => ({ ...register, value })),
)

/** The line with which a vcpu has registers. */
export const INIT = 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok'
