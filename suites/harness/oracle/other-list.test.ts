/** A list of registers that is another than the one that was due: the words say which register it is about. */
import { expect, test } from 'vitest'
import { namedRegs } from '../../../harness/names/index.ts'
import { howListDiffers } from '../../../harness/oracle/other-list.ts'

const { KVM_REG_ARM64_SVE_VLS: VLS, KVM_REG_ARM_PSCI_VERSION: PSCI } = namedRegs
const X0 = 0x6030_0000_0010_0000n
const due = [X0, VLS, PSCI]

test.each([
  [[X0, PSCI], 'the list came without KVM_REG_ARM64_SVE_VLS'],
  [[X0, VLS, PSCI, X0], 'the list came with KVM_REG_ARM_CORE_REG(regs.regs[0])'],
  [[VLS, VLS, PSCI], 'the list came without KVM_REG_ARM_CORE_REG(regs.regs[0]), with KVM_REG_ARM64_SVE_VLS'],
  [[X0, PSCI, VLS], 'the list came in another order: number 2 is KVM_REG_ARM_PSCI_VERSION, not KVM_REG_ARM64_SVE_VLS'],
  [[], `the list came without KVM_REG_ARM_CORE_REG(regs.regs[0]), KVM_REG_ARM64_SVE_VLS, KVM_REG_ARM_PSCI_VERSION`],
])('%#', (came, words) => {
  expect(howListDiffers(came as bigint[], due)).toBe(words)
})
