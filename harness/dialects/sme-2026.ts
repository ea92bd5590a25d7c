/** SME for guests, as it was last posted: KVM_CAP_ARM_SME, and one KVM_ARM_VCPU_FINALIZE for SVE and SME. */
import { changed, dialect } from '../model/dialect.ts'
import { checkExtension, getRegList, run, vcpuFinalize, vcpuInit } from './parts/sme/calls.ts'
import { compared } from './parts/sme/compared.ts'
import { ofLengths } from './parts/sme/laws-of-lengths.ts'
import { ofState } from './parts/sme/laws-of-state.ts'
import { getOneReg, setOneReg } from './parts/sme/registers.ts'
import { sequences } from './parts/sme/sequences.ts'

export default dialect({
  name: 'sme-2026',
  about: 'As posted: KVM_ARM_VCPU_SME adds vector lengths of streaming mode, ZA and ZT0, finalized together with SVE',
  mail: {
    date: '2026-07-09',
    from: 'Mark Brown',
    subject: '[PATCH v12 00/29] KVM: arm64: Implement support for SME',
  },
  ioctls: (shipped) =>
    changed(shipped, {
      KVM_CHECK_EXTENSION: checkExtension,
      KVM_ARM_VCPU_INIT: vcpuInit,
      KVM_ARM_VCPU_FINALIZE: vcpuFinalize,
      KVM_GET_REG_LIST: getRegList,
      KVM_GET_ONE_REG: getOneReg,
      KVM_SET_ONE_REG: setOneReg,
      KVM_RUN: run,
    }),
  sequences,
  laws: [...ofLengths, ...ofState],
  equivalent: {
    'KVM_ARM_VCPU_FINALIZE/not enabled after KVM_ARM_VCPU_FINALIZE/too late':
      'a vcpu with neither SVE nor SME is never finalized',
    ...Object.fromEntries(
      ['KVM_GET_ONE_REG', 'KVM_SET_ONE_REG'].flatMap((ioctl) => [
        [
          `${ioctl}/FFR in streaming mode after ${ioctl}/no SVE register`,
          'the ids of FFR are those of registers of SVE',
        ],
        [
          `${ioctl}/use SVE registers/in streaming mode after ${ioctl}/beyond kvm_regs`,
          'V0 to V31 lie within struct kvm_regs',
        ],
      ]),
    ),
    'KVM_SET_ONE_REG/no register/three invariants after KVM_SET_ONE_REG/no such debug architecture':
      'a register that is not there says nothing of a debug architecture',
  },
  compared,
})
