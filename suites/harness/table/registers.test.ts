/** Registers in the notation, and which of them vcpus of recorded hosts have. */
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { registersOf } from '../../../harness/abi/registers/table.ts'
import { UserError } from '../../../harness/process/user-error.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { toAnswers, toOps } from '../../../harness/link/ops.ts'
import { boot } from '../../../harness/table/rules.ts'
import { parse, print } from '../../../harness/table/notation.ts'

test.each([
  ['KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, 0xf)', 'KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0xf)'],
  ['KVM_SET_ONE_REG(&short(8), KVM_REG_ARM64_SVE_VLS, &1)', 'KVM_SET_ONE_REG(&short(8), KVM_REG_ARM64_SVE_VLS, &0x1)'],
  ['KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &unmapped)', 'KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &unmapped)'],
  [
    'KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 0), &reset ^ 1 << 12)',
    'KVM_SET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 0), &reset ^ 0x1000)',
  ],
  [
    'KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &readonly)',
    'KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &readonly)',
  ],
  ['KVM_GET_REG_LIST(n = 0x1f4)', 'KVM_GET_REG_LIST(n = 500)'],
])('%s is printed %s', (text, printed) => {
  expect(print(parse(text))).toBe(printed)
})

test.each([
  ['KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &reset, 1)', /cannot place "1"/],
  ['KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS, 1)', /cannot place "1"/],
  ['KVM_GET_REG_LIST(500)', /cannot place "500"; write n = 500/],
  ['KVM_GET_ONE_REG(PC)', /no register is called "PC"/],
])('%s gets a complaint', (text, says) => {
  expect(() => parse(text)).toThrow(UserError)
  expect(() => parse(text)).toThrow(says)
})

test('what a value is written to and read from is as long as the id says', () => {
  const [read] = parse('KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))').map((step) => step.call)
  expect(toOps([read!], hostNamed())).toMatch(/ x,d:100,100$/)
  expect(
    toAnswers([read!], {
      answers: [
        { ret: 3, data: [] },
        { ret: 0, data: [`01${'00'.repeat(254)}80`] },
      ],
    }),
  ).toEqual([{ ret: 0, value: (0x80n << 2040n) | 1n }])
})

test('a list ends where n says, though more bytes were read', () => {
  const [list] = parse('KVM_GET_REG_LIST(n = 500)').map((step) => step.call)
  const data = ['0200000000000000', `0100000000000060${'0200000000000060'}${'ff'.repeat(32)}`]
  expect(
    toAnswers([list!], {
      answers: [
        { ret: 3, data: [] },
        { ret: 0, data },
      ],
    }),
  ).toEqual([{ ret: 0, value: 2n, list: [0x6000000000000001n, 0x6000000000000002n] }])
})

test.each(hostNames)('on %s every register has one row for a set of features, and a name', (name) => {
  const host = hostNamed(name)
  const rows = (bits: number) => [...registersOf(host, bits).keys()]
  for (let bits = 0; bits < 0x80; bits++) expect(new Set(rows(bits)).size).toBe(registersOf(host, bits).size)
  expect(rows(0).length).toBeGreaterThan(200)
})

test('a mock kernel lists as many registers as 6.12 does', () => {
  const counts = ['0', 'KVM_ARM_VCPU_PMU_V3', 'KVM_ARM_VCPU_PTRAUTH_ADDRESS | KVM_ARM_VCPU_PTRAUTH_GENERIC'].map(
    (bits) => {
      const steps = parse(
        `KVM_CREATE_VM(0)\nKVM_CREATE_VCPU(0)\nKVM_ARM_VCPU_INIT(features[] = ${bits})\nKVM_GET_REG_LIST(n = 0)`,
      )
      return answersIn(
        boot(hostNamed('6.12-max-gicv3')),
        steps.map((step) => step.call),
      ).at(-1)
    },
  )
  expect(counts).toEqual([
    { ret: -7, value: 259n },
    { ret: -7, value: 333n },
    { ret: -7, value: 269n },
  ])
})
