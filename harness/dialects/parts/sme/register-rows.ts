/** When registers of SME, and what streaming mode shows otherwise, can be neither read nor written. */
import { written, type NewValue, type OneReg } from '../../../abi/registers/one-reg.ts'
import type { Refusal } from '../../../model/rule.ts'
import type { Here } from '../../../model/world.ts'
import { asZaRow, documented, isSmeGroup, patch, SME_VLS, SVCR, ZT0 } from './names.ts'
import { hasSve, isFfr, isMatrixThere, isStreaming, isV, lengthsOf, rowsOf, smeOf } from './state.ts'

/** ZA or ZT0. */
export const isMatrix = (id: bigint): boolean => id === ZT0 || asZaRow(id) !== undefined
/** A register that the vcpu has for SME alone. */
export const isOwn = ({ vcpu }: Here, id: bigint): boolean =>
  isSmeGroup(id) || (id === SVCR && smeOf(vcpu) !== undefined)

/** Before the value is looked at, in the order of sme_reg_to_region() and get_sme_reg(). */
export const beforeValue: readonly Refusal<OneReg>[] = [
  {
    why: 'no SME register',
    of: { register: 'sme' },
    says: 'The id is that of a row of ZA which the vcpu has, of ZT0 or of KVM_REG_ARM64_SME_VLS, size included.',
    cite: patch('v11 21/29', 'const u64 za_h_max = vq * __SVE_VQ_BYTES;'),
    errno: 'EINVAL',
    when({ vcpu }, { id }) {
      const sme = smeOf(vcpu)
      const row = asZaRow(id)
      return isSmeGroup(id) && id !== SME_VLS && id !== ZT0 && !(row && (!sme || row.n < rowsOf(sme)))
    },
  },
  {
    why: 'vcpu without SME',
    of: { register: 'sme' },
    says: 'Registers of SME exist on vcpus with KVM_ARM_VCPU_SME.',
    cite: documented('These registers are only accessible on vcpus for which SME is enabled'),
    errno: 'ENOENT',
    when: ({ vcpu }, { id }) => isSmeGroup(id) && !smeOf(vcpu),
  },
  {
    why: 'no such slice',
    variant: 'of ZA',
    of: { register: 'sme' },
    says: 'Only slice 0 exists so far.',
    cite: documented('Access to Z, P, FFR or ZA register IDs where 2048 * slice >= 128 * max_vq will fail with ENOENT'),
    errno: 'ENOENT',
    when: (_, { id }) => (asZaRow(id)?.slice ?? 0) > 0,
  },
  {
    why: 'ZA is off',
    of: { register: 'sme' },
    says: 'ZA and ZT0 are there while SVCR.ZA is 1.',
    cite: patch('v11 21/29', 'if (!vcpu_za_enabled(vcpu)) return -EBUSY;'),
    errno: 'EBUSY',
    // The changelog of the tenth version has another name for it; its code and that of the eleventh have this errno.
    text: [
      {
        says: 'The errno of registers that are inaccessible is EACCES.',
        cite: patch('v12 00/29', 'Changes in v10: Use -EACCESS for inaccessible SME registers'),
      },
    ],
    when: ({ vcpu }, { id }) => isMatrix(id) && !isMatrixThere(vcpu),
  },
  {
    why: 'too early',
    variant: 'for ZA',
    of: { register: 'sme' },
    says: 'ZA and ZT0 have a size once the vector lengths are final.',
    cite: documented(
      "these registers are not accessible until the vcpu's SVE and SME configuration has been finalized",
    ),
    errno: 'EPERM',
    when: ({ vcpu }, { id }) => isMatrix(id) && !vcpu.sveFinalized,
  },
  {
    why: 'FFR in streaming mode',
    of: { register: 'sve' },
    says: 'In streaming mode there is no FFR without FEAT_SME_FA64, which no vcpu has.',
    cite: patch('v11 19/29', 'if (!vcpu_ffr_enabled(vcpu)'),
    errno: 'ENOENT',
    when: ({ vcpu }, { id }) => isFfr(id) && isStreaming(vcpu),
  },
  {
    why: 'use SVE registers',
    variant: 'in streaming mode',
    of: { register: 'core' },
    says: 'In streaming mode V0 to V31 are parts of Z0 to Z31, also on a vcpu without SVE.',
    cite: documented('They are also not accepted when SME is enabled without SVE and the vcpu is in streaming mode'),
    errno: 'EINVAL',
    when: ({ vcpu }, { id }) => isV(id) && isStreaming(vcpu) && !hasSve(vcpu),
  },
]

/** Of KVM_SET_ONE_REG alone. */
export const lengthsAreFinal: Refusal<NewValue> = {
  why: 'too late',
  variant: 'for KVM_REG_ARM64_SME_VLS',
  of: { register: 'sme' },
  says: 'Vector lengths of streaming mode are chosen before the vcpu is finalized, by whichever of its features.',
  cite: documented("After the vcpu's SVE or SME configuration is finalized, further attempts to write these registers"),
  errno: 'EPERM',
  when: ({ vcpu }, { id }) => id === SME_VLS && vcpu.sveFinalized,
}

/** After the value was read. */
export const ofValue: readonly Refusal<NewValue>[] = [
  {
    why: 'vector lengths',
    variant: 'of streaming mode',
    of: { register: 'sme' },
    says: 'The lengths are those of the host up to some maximum, one at least; none can be left out below it.',
    cite: documented(
      'Attempting to configure an invalid set of vector lengths via KVM_SET_ONE_REG will fail with EINVAL',
    ),
    errno: 'EINVAL',
    when({ host }, arg) {
      const value = written(arg, host)
      const upTo = (1n << BigInt(value.toString(2).length)) - 1n
      return arg.id === SME_VLS && (value === 0n || value !== (lengthsOf(host) & upTo))
    },
  },
  {
    why: 'SVCR',
    of: { register: 'sys' },
    says: 'SVCR has the bits SM and ZA.',
    cite: patch('v11 20/29', 'if (val & SVCR_RES0) return -EINVAL;'),
    errno: 'EINVAL',
    when: (here, arg) => arg.id === SVCR && isOwn(here, SVCR) && written(arg, here.host) > 3n,
  },
]
