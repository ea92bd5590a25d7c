/** Defects of vcpus. */
import { parseReg } from '../../../../harness/names/index.ts'
import { spares, sees, takes, type Defect } from './defect.ts'

const INIT = 'KVM_ARM_VCPU_INIT'
const CREATE_VCPU = 'KVM_CREATE_VCPU'
const FINALIZE = 'KVM_ARM_VCPU_FINALIZE'
const X7 = parseReg('KVM_REG_ARM_CORE_REG(regs.regs[7])')

export const ofVcpus: readonly Defect[] = [
  {
    law: 'every vcpu id below',
    is: 'id 300 is refused',
    breaks: (k) => k.refuses(CREATE_VCPU, 'EINVAL', (_, id) => id === 300n),
  },
  {
    law: 'vcpu ids are given',
    is: 'a second time is EINVAL',
    breaks: (k) => k.answers(CREATE_VCPU, 'already there', 'EINVAL'),
  },
  {
    law: 'a VM has as many vcpus as',
    is: 'a full VM looks whether the id is taken',
    breaks: (k) => k.forgets(CREATE_VCPU, 'too many vcpus'),
  },
  {
    law: 'a vcpu id counts',
    is: 'ids are cut to 48 bits',
    breaks: (k) => sees(k, CREATE_VCPU, 'id too big', (id) => BigInt.asUintN(48, id)),
  },
  { law: 'a set of vcpu features', is: 'half of PTRAUTH will do', breaks: (k) => k.forgets(INIT, 'half of PTRAUTH') },
  {
    law: 'feature bits that no release knows',
    is: 'bit 77 is not looked at',
    breaks: (k) => spares(k, INIT, 'unknown feature', ({ beyond }) => beyond === 1n << 77n),
  },
  {
    law: 'KVM_ARM_VCPU_INIT with the same features',
    is: 'features may change',
    breaks: (k) => k.forgets(INIT, 'changed mind'),
  },
  {
    law: 'KVM_ARM_VCPU_INIT brings x0',
    is: 'x7 survives',
    breaks: (k) =>
      k.grants(INIT, ({ then: reset }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- as above
        then(here, arg, into) {
          const x7 = here.vcpu.regs.get(X7)
          reset!(here, arg, into)
          if (x7 !== undefined) here.vcpu.regs.set(X7, x7)
        },
      })),
  },
  {
    law: 'what a vcpu answers',
    is: 'a vcpu is finalized with another',
    breaks: (k) =>
      k.refuses(
        FINALIZE,
        'EPERM',
        ({ vm, vcpu }) => vcpu.initialised && vm.vcpus.some((v) => v !== vcpu && v.sveFinalized),
      ),
  },
  {
    law: 'KVM_ARM_VCPU_FINALIZE succeeds once',
    is: 'it succeeds again',
    breaks: (k) => k.forgets(FINALIZE, 'too late'),
  },
  {
    law: 'a first INIT that fails',
    is: '6.12 leaves features behind too',
    breaks(k) {
      k.leaves(INIT, 'unknown feature', ({ vcpu }, arg) => {
        vcpu.leaked |= arg.features & 0x7f
      })
      takes(k, INIT, (arg, { vcpu }) => ({ ...arg, features: arg.features | vcpu.leaked }))
    },
  },
  { law: 'a KVM_RUN refused', is: 'the VM still gives vcpus', breaks: (k) => k.forgets(CREATE_VCPU, 'dead VM') },
  {
    law: 'a vcpu that could not be created counts',
    is: 'one that is there already is taken for one that has run',
    breaks: (k) =>
      k.leaves(CREATE_VCPU, 'already there', ({ vm }) => {
        for (const vcpu of vm.vcpus) vcpu.hasRun = true
      }),
  },
  {
    law: 'a KVM_ARM_VCPU_INIT of another vcpu',
    is: 'the ID registers of the VM are as at first',
    breaks: (k) =>
      k.grants(INIT, ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then(here, arg, into) {
          then!(here, arg, into)
          here.vm.idRegs.clear()
        },
      })),
  },
]
