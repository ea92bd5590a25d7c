/** Register ids and errnos as text: printing and parsing are inverse, and bad text gets a complaint that names it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import {
  coreReg,
  coreRegs,
  errnoName,
  errnos,
  fwBmapReg,
  namedRegs,
  parseReg,
  regName,
} from '../../../harness/names/index.ts'

const anyId = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
const bits = (n: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(n)) - 1n })
const nearId = fc
  .tuple(bits(4), fc.integer({ min: 0x10, max: 0x17 }), bits(16))
  .map(([size, coproc, low]) => (0x60n << 56n) | (size << 52n) | (BigInt(coproc) << 16n) | low)
const listed = fc.constantFrom(...Object.values(namedRegs), ...coreRegs.values())

test('what regName prints, parseReg reads back', () => {
  const inverse = fc.property(fc.oneof(anyId, nearId, listed), (id) => {
    expect(parseReg(regName(id))).toBe(id)
  })
  fc.assert(inverse, { numRuns: 5000 })
})

test("of a register's spellings regName prints one", () => {
  fc.assert(
    fc.property(fc.oneof(anyId, nearId, listed), (id) => {
      expect(regName(parseReg(`0x${id.toString(16)}`))).toBe(regName(id))
    }),
  )
  expect(regName(parseReg('KVM_REG_ARM_FW_REG(0)'))).toBe('KVM_REG_ARM_PSCI_VERSION')
  expect(regName(parseReg('ARM64_SYS_REG(3,3,14,3,2)'))).toBe('KVM_REG_ARM_TIMER_CNT')
})

test.each([
  [0x6030000000100000n, 'KVM_REG_ARM_CORE_REG(regs.regs[0])'],
  [0x6030000000100040n, 'KVM_REG_ARM_CORE_REG(regs.pc)'],
  [0x6030000000100044n, 'KVM_REG_ARM_CORE_REG(sp_el1)'],
  [0x6030000000100048n, 'KVM_REG_ARM_CORE_REG(spsr[0])'],
  [0x6040000000100054n, 'KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])'],
  [0x60200000001000d4n, 'KVM_REG_ARM_CORE_REG(fp_regs.fpsr)'],
  [0x6020000000110002n, 'KVM_REG_ARM_DEMUX_ID_CCSIDR(2)'],
  [0x603000000013c005n, 'ARM64_SYS_REG(3, 0, 0, 0, 5)'],
  [0x6030000000140000n, 'KVM_REG_ARM_PSCI_VERSION'],
  [0x6030000000140009n, 'KVM_REG_ARM_FW_REG(9)'],
  [0x6080000000150000n, 'KVM_REG_ARM64_SVE_ZREG(0, 0)'],
  [0x6050000000150460n, 'KVM_REG_ARM64_SVE_PREG(3, 0)'],
  [0x6050000000150600n, 'KVM_REG_ARM64_SVE_FFR(0)'],
  [0x606000000015ffffn, 'KVM_REG_ARM64_SVE_VLS'],
  [0x6030000000160000n, 'KVM_REG_ARM_STD_BMAP'],
  [fwBmapReg(9), 'KVM_REG_ARM_FW_FEAT_BMAP_REG(9)'],
  [coreReg(256, 4), '0x6020000000100040'],
  [1n, '0x0000000000000001'],
])('%s is %s', (id, name) => {
  expect(regName(id)).toBe(name)
  expect(parseReg(name)).toBe(id)
})

test.each([
  ['KVM_REG_ARM64_SVE_VSL', /^no register is called "KVM_REG_ARM64_SVE_VSL": write it as asm\/kvm.h does/],
  ['KVM_REG_ARM_CORE_REG(regs.lr)', /^no register is called/],
  ['toString(1)', /^no register is called/],
  ['0x10000000000000000', /^no register is called/],
  ['ARM64_SYS_REG(3, 0, 0, 0)', /^"ARM64_SYS_REG\(3, 0, 0, 0\)": ARM64_SYS_REG takes 5 numbers$/],
  ['ARM64_SYS_REG(4, 0, 0, 0, 0)', /^op0 of ARM64_SYS_REG is 4: write a whole number from 0 to 3$/],
  ['KVM_REG_ARM64_SVE_PREG(16, 0)', /^n of KVM_REG_ARM64_SVE_PREG is 16: write a whole number from 0 to 15$/],
])('%s gets a complaint', (text, says) => {
  expect(() => parseReg(text)).toThrow(UserError)
  expect(() => parseReg(text)).toThrow(says)
})

test('an id with an odd offset or size cannot be made', () => {
  expect(() => coreReg(2, 4)).toThrow('offset of a core register, in words of 4 bytes, is 0.5: write a whole number')
  expect(() => coreReg(0, 12)).toThrow('the size of a core register is 12: write a power of two, in bytes')
})

test('every errno has one name, and a number without a name is printed', () => {
  for (const [name, number] of Object.entries(errnos)) expect(errnoName(number)).toBe(name)
  expect(errnoName(524)).toBe('524')
})
