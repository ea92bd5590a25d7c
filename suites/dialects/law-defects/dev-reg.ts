/** Defects of kernels that speak dev-reg-2013 and vm-one-reg-2013. */
import type { DialectDefect } from './defect.ts'

const dialect = 'dev-reg-2013'
const IGROUPR0 = 3n

export const ofDevReg: readonly DialectDefect[] = [
  {
    dialect,
    law: 'state can be written at any time',
    is: 'nothing can be written once a vcpu has run',
    breaks: (k) => k.refuses('KVM_SET_DEV_REG', 'EPERM', ({ vm }) => vm.hasRun),
  },
  {
    dialect,
    law: 'a copy of the state makes a device read as another',
    is: 'one register forgets what it is given',
    breaks: (k) =>
      k.grants('KVM_SET_DEV_REG', ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) => then!(here, arg.id === IGROUPR0 ? { ...arg, value: 0n } : arg, into),
      })),
  },
  {
    dialect: 'vm-one-reg-2013',
    law: 'a complete copy of all registers is always possible',
    is: 'a register that has been written is not changed once a vcpu has run',
    breaks: (k) =>
      k.grants('KVM_SET_VM_ONE_REG', ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) => (here.vm.hasRun ? undefined : then!(here, arg, into)),
      })),
  },
]
