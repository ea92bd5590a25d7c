/** Defects of kernels that speak the dialects of finalization. */
import { sveFfr } from '../../../harness/names/index.ts'
import type { DialectDefect } from './defect.ts'

const userspace = 'userspace that takes'

export const ofFinalize: readonly DialectDefect[] = [
  ...['finalize-2019', 'finalize-2019-bare'].map((dialect) => ({
    dialect,
    law: 'before a vcpu is finalized',
    is: 'FFR can be written early',
    breaks: (k: Parameters<DialectDefect['breaks']>[0]) =>
      k.forgets('KVM_SET_ONE_REG', 'too early', (_, { id }) => id === sveFfr(0)),
  })),
  {
    dialect: 'finalize-2019',
    law: userspace,
    is: 'a vcpu without SVE is refused with another errno',
    breaks: (k) => k.refuses('KVM_ARM_VCPU_FINALIZE', 'ENOENT', ({ vcpu }) => vcpu.initialised && vcpu.vls === 0n),
  },
  {
    dialect: 'finalize-2019-implicit',
    law: 'the first run or list that succeeds',
    is: 'a list finalizes nothing',
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
    breaks: (k) => k.grants('KVM_GET_REG_LIST', () => ({ then() {} })),
  },
  {
    dialect: 'finalize-2019-old',
    law: userspace,
    is: 'a kernel kills the vcpu for a call that it does not know',
    breaks: (k) =>
      k.leavesMore('KVM_ARM_VCPU_FINALIZE', 'unknown ioctl', ({ vcpu }) => void (vcpu.initialised = false)),
  },
]
