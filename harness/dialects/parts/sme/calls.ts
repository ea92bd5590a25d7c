/** What the series changes of the other calls of a vcpu, and of KVM_CHECK_EXTENSION. */
import { HEADER, ID, type RegList } from '../../../abi/args/get-reg-list.ts'
import type { VcpuInit } from '../../../abi/args/arm-vcpu-init.ts'
import { andThen } from '../../../model/dialect.ts'
import { assumed, type Grant, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { has } from '../../../model/vcpu.ts'
import type { Here } from '../../../model/world.ts'
import { regs, svePReg, sveZReg } from '../../../names/index.ts'
import {
  capability,
  documented,
  finalized,
  init,
  KVM_CAP_ARM_SME,
  numbered,
  patch,
  SME,
  SME_VLS,
  SVCR,
  zaRow,
  ZT0,
} from './names.ts'
import { hasSme, hasSve, isFfr, isMatrixThere, isStreaming, isV, resetSme, rowsOf, smeOf } from './state.ts'

const wantsSme = (here: Here): boolean => (has(here.vcpu) & SME) !== 0

export const checkExtension = (ioctl: Ioctl): Ioctl<bigint> => ({
  ...ioctl,
  takes: capability,
  grants: [ioctl.grants].flat().map((grant): Grant<bigint> => ({
    ...grant,
    cite: numbered('case KVM_CAP_ARM_SME: r = system_supports_sme_virt();'),
    gives: (here, cap) => (cap === KVM_CAP_ARM_SME ? BigInt(hasSme(here.host)) : grant.gives?.(here, cap)),
  })),
})

/** The proposal is older than 7.3, in which its bit 9 became KVM_ARM_VCPU_PMU_V3_STRICT. */
const beforeStrict = (rows: readonly Refusal<VcpuInit>[]) => rows.filter(({ since }) => since !== '7.3')

/** KVM_ARM_VCPU_SME is a feature like the others. */
export const vcpuInit = (ioctl: Ioctl): Ioctl<VcpuInit> =>
  andThen(resetSme)({
    ...ioctl,
    takes: init,
    refuses: [
      ...beforeStrict(ioctl.refuses).map((row) =>
        row.why === 'unknown feature'
          ? {
              ...row,
              when: (here: Here, arg: VcpuInit, by: Parameters<typeof row.when>[2]) =>
                row.when(here, { ...arg, features: arg.features & ~SME }, by),
            }
          : row,
      ),
      {
        why: 'not offered',
        variant: 'KVM_ARM_VCPU_SME',
        says: 'The feature needs its capability.',
        cite: documented('KVM_ARM_VCPU_SME: Enables SME for the CPU (arm64 only). Depends on KVM_CAP_ARM_SME'),
        errno: 'EINVAL',
        when: ({ host }, { features }: VcpuInit) => (features & SME) !== 0 && !hasSme(host),
        lacks: () => 'KVM_CAP_ARM_SME = 0',
      },
    ],
  })

/** One finalization for both: KVM_ARM_VCPU_VEC is KVM_ARM_VCPU_SVE. */
export const vcpuFinalize = (ioctl: Ioctl): Ioctl => ({
  ...ioctl,
  takes: finalized,
  refuses: ioctl.refuses.map((row) =>
    row.why === 'not enabled'
      ? {
          ...row,
          says: 'The vcpu was initialised with SVE or with SME.',
          cite: documented('arm64 KVM_ARM_VCPU_VEC (requires KVM_CAP_ARM_SVE or KVM_CAP_ARM_SME)'),
          when: (here, arg, by) => row.when(here, arg, by) && !wantsSme(here),
        }
      : row,
  ),
})

const tooEarly = (cite: Refusal<any>['cite']): Refusal<any> => ({
  why: 'too early',
  variant: 'with SME',
  says: 'A vcpu with SME is finalized before.',
  cite,
  errno: 'EPERM',
  when: (here) => wantsSme(here) && !here.vcpu.sveFinalized,
})
/** Where the table has the row of SVE. */
const besideSve = (ioctl: Ioctl, row: Refusal<any>): readonly Refusal<any>[] =>
  ioctl.refuses.toSpliced(ioctl.refuses.findIndex(({ why }) => why === 'too early') + 1, 0, row)

export const run = (ioctl: Ioctl): Ioctl => ({
  ...ioctl,
  refuses: besideSve(ioctl, tooEarly(documented('EPERM SVE or SME feature set but not finalized (arm64)'))),
})

/** What a list of the table becomes on a vcpu with SME: its registers are those that are there just now. */
const withSme = ({ vcpu }: Here, ids: readonly bigint[]): bigint[] => {
  const sme = smeOf(vcpu)
  if (!sme) return [...ids]
  const upTo = (n: number) => [...Array(n).keys()]
  const shown = !isStreaming(vcpu)
    ? ids
    : hasSve(vcpu)
      ? ids.filter((id) => !isFfr(id))
      : [...ids.filter((id) => !isV(id)), ...upTo(32).map((n) => sveZReg(n, 0)), ...upTo(16).map((n) => svePReg(n, 0))]
  return [
    ...shown.filter((id) => !isSystem(id)),
    SME_VLS,
    ...(isMatrixThere(vcpu) ? [...upTo(rowsOf(sme)).map((n) => zaRow(n)), ZT0] : []),
    ...shown.filter(isSystem),
    SVCR,
  ]
}
/** Registers of other groups precede those of SME in a list, others follow. */
const isSystem = (id: bigint): boolean => {
  const group = id & regs.KVM_REG_ARM_COPROC_MASK
  return group !== regs.KVM_REG_ARM_CORE && group !== regs.KVM_REG_ARM64_SVE
}

export const getRegList = (ioctl: Ioctl): Ioctl<RegList> => {
  const [shipped] = [ioctl.grants].flat()
  const idsOf = (here: Here, arg: RegList): bigint[] => withSme(here, shipped!.lists!(here, arg))
  return {
    ...ioctl,
    refuses: besideSve(ioctl, tooEarly(documented('KVM_RUN and KVM_GET_REG_LIST are not available'))).map((row) =>
      row.why === 'n too small'
        ? {
            ...row,
            when: (here, arg) => BigInt.asUintN(32, arg.n) < idsOf(here, arg).length,
            gives: (here, arg) => BigInt(idsOf(here, arg).length),
          }
        : row.why === 'no room'
          ? {
              ...row,
              when: (here, arg) =>
                typeof arg.at === 'number' && Math.floor((arg.at - HEADER) / ID) < idsOf(here, arg).length,
            }
          : row,
    ),
    grants: {
      ...shipped!,
      says: 'The ids of the registers that are there in this state, KVM_REG_ARM64_SME_VLS before ZA, ZA before ZT0.',
      cite: patch('v12 00/29', 'Tighten the register enumeration ABI to reflect current VM state'),
      text: [
        {
          says: 'SME also adds TPIDR2_EL0, SMCR_EL1, SMPRI_EL1 and SMIDR_EL1 to the system registers.',
          cite: assumed('of the system registers only SVCR matters to the others, and is the one that is here'),
        },
      ],
      gives: (here, arg) => BigInt(idsOf(here, arg).length),
      lists: idsOf,
    },
  }
}
