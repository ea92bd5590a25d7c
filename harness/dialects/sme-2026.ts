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
  compared,
})
