/** The draft before KVM_ARM_VCPU_FINALIZE: KVM_RUN and KVM_GET_REG_LIST finalize a vcpu by themselves. */
import { andThen, changed, dialect, without } from '../model/dialect.ts'
import type { Ioctl } from '../model/rule.ts'
import type { Here } from '../model/world.ts'
import { has } from '../model/world.ts'
import { features } from '../names/index.ts'

const SVE = 1 << features.KVM_ARM_VCPU_SVE

/** A vcpu whose registers were listed, or that ran, is what it is from then on. */
const finalize = ({ vcpu }: Here) => {
  if ((has(vcpu) & SVE) !== 0) vcpu.sveFinalized = true
}

/** A run that is left at once has begun as well. */
const alsoInterrupted = (run: Ioctl): Ioctl => ({
  ...run,
  refuses: run.refuses.map((row) =>
    row.why !== 'immediate_exit'
      ? row
      : {
          ...row,
          leaves(here: Here, arg: unknown) {
            row.leaves?.(here, arg)
            finalize(here)
          },
        },
  ),
})

export default dialect({
  name: 'finalize-2019-implicit',
  about: 'There is no KVM_ARM_VCPU_FINALIZE: KVM_RUN and KVM_GET_REG_LIST finalize the vcpu as a side effect',
  mail: {
    date: '2019-03-01',
    from: 'Dave Martin',
    subject: 'Re: KVM: arm64: enumerating and finalizing SVE of a vcpu',
  },
  ioctls: (shipped) =>
    changed(shipped, {
      KVM_ARM_VCPU_FINALIZE: () => undefined,
      KVM_GET_REG_LIST: (ioctl) => andThen(finalize)(without('too early')(ioctl)),
      KVM_RUN: (ioctl) => alsoInterrupted(andThen(finalize)(without('too early')(ioctl))),
    }),
  sequences: [
    {
      title: 'a vcpu of a migration needs a list of registers that nobody wants',
      says:
        'Between KVM_REG_ARM64_SVE_VLS and the other SVE registers a dummy KVM_GET_REG_LIST call would need to be '
        + 'inserted.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))    -> -EPERM (too early)
        KVM_GET_REG_LIST(n = 1000)                       -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))    -> ok`,
    },
    {
      title: 'a list finalizes, so that the vector lengths cannot be set any more',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_GET_REG_LIST(n = 1000)                       -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)`,
    },
    {
      title: 'a run finalizes as well',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))    -> -EPERM (too early)
        KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))    -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)`,
    },
    {
      title: 'a list that is too short has not finalized',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_GET_REG_LIST(n = 0)                          -> -E2BIG (n too small)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok`,
    },
  ],
  compared: [
    {
      about: 'when a vcpu is finalized',
      drafted: 'with its first KVM_RUN or KVM_GET_REG_LIST',
      shipped: 'with KVM_ARM_VCPU_FINALIZE, before which both are refused',
      asks: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_GET_REG_LIST(n = 1000)                       -> -EPERM (too early)
        KVM_RUN(immediate_exit)                          -> -EPERM (too early)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok`,
      because: 'In the past, implicit finalization has been a major pain; of a GICv2 it was an absolute disaster.',
      source: 'Marc Zyngier, 2019-03-07: implicit finalization has been a major pain',
    },
  ],
})
