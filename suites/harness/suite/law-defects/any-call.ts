/** Defects that any call may have. */
import { parseReg } from '../../../../harness/names/index.ts'
import { spares, type Defect } from './defect.ts'

const INIT = 'KVM_ARM_VCPU_INIT'
const PC = parseReg('KVM_REG_ARM_CORE_REG(regs.pc)')

export const ofAnyCall: readonly Defect[] = [
  {
    law: 'an ioctl number of KVM',
    is: 'it is ENOTTY everywhere',
    breaks: (k) => k.answers('ioctl', 'unknown ioctl', 'ENOTTY'),
  },
  {
    law: 'a pointer to fewer readable bytes',
    is: 'the last byte of struct kvm_vcpu_init is not read',
    breaks: (k) => spares(k, INIT, 'bad pointer', ({ at }) => at === 31),
  },
  {
    law: 'whatever is closed',
    is: 'a VM dies with its descriptor',
    breaks: (k) =>
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
      k.grants('close', ({ then }) => ({
        then: (here, arg, into) => {
          if (here.kind === 'vm') here.vm.dead = true
          then!(here, arg, into)
        },
      })),
  },
  {
    law: 'whatever another process calls',
    is: 'a device does not ask whose it is',
    breaks(k) {
      for (const verb of ['SET', 'GET', 'HAS'])
        k.forgets(`KVM_${verb}_DEVICE_ATTR`, 'other mm', ({ kind }) => kind !== 'vm' && kind !== 'vcpu')
    },
  },
  {
    law: 'another thread of the process',
    is: 'a vcpu serves the thread alone that made it',
    breaks: (k) => k.refuses(INIT, 'EIO', (_here, _arg, { by }) => by === 'thread'),
  },
  {
    law: 'a call that fails leaves no trace',
    is: 'a refused KVM_ARM_VCPU_INIT moves the pc',
    breaks: (k) =>
      k.leaves(INIT, 'changed mind', ({ vcpu }) => {
        vcpu.regs.set(PC, 4n)
      }),
  },
]
