/** The draft before KVM_ARM_VCPU_FINALIZE: KVM_RUN and KVM_GET_REG_LIST finalize a vcpu by themselves. */
import { andThen, changed, dialect, without } from '../model/dialect.ts'
import type { Ioctl } from '../model/rule.ts'
import type { Here } from '../model/world.ts'
import { isAffected, martinFirst } from './parts/finalize/call.ts'
import { implicitly } from './parts/finalize/implicit-laws.ts'

/** A vcpu whose registers were listed, or that ran, is what it is from then on. */
const finalize = ({ vcpu }: Here) => {
  vcpu.sveFinalized ||= isAffected(vcpu)
}

/** A KVM_RUN that a signal ended, or immediate_exit, counts as one, too. */
const ifInterrupted = (ioctl: Ioctl): Ioctl => ({
  ...ioctl,
  refuses: ioctl.refuses.map((row) =>
    row.errno === 'EINTR'
      ? {
          ...row,
          leaves(here, arg) {
            row.leaves?.(here, arg)
            finalize(here)
          },
        }
      : row,
  ),
})

export default dialect({
  name: 'finalize-2019-implicit',
  about: 'There is no KVM_ARM_VCPU_FINALIZE: KVM_RUN and KVM_GET_REG_LIST finalize the vcpu as a side effect',
  mail: { date: '2019-03-01', from: 'Dave Martin' },
  finalizes: [],
  ioctls: (shipped) =>
    changed(shipped, {
      KVM_ARM_VCPU_FINALIZE: () => undefined,
      KVM_GET_REG_LIST: (ioctl) => andThen(finalize)(without('too early')(ioctl)),
      KVM_RUN: (ioctl) => andThen(finalize)(ifInterrupted(without('too early')(ioctl))),
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
      title: 'so does a run, also one that is over at once',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_RUN(immediate_exit)                          -> -EINTR (immediate_exit)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)`,
    },
    {
      title: 'or one that only a signal ends',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_RUN                                          -> -EINTR (signal)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)`,
    },
    {
      title: 'or one that comes back to tell of a timer',
      text: `
        vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest) -> ok
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1)     -> ok
        KVM_RUN                                          -> -EINTR (device interrupt)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> -EPERM (too late)`,
    },
    {
      title: 'a list that is too short has not finalized',
      says: 'The mail leaves it open. Here a call that fails has no side effect.',
      text: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
        KVM_GET_REG_LIST(n = 0)                          -> -E2BIG (n too small)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)     -> ok`,
    },
  ],
  laws: implicitly(martinFirst('Making finalization a side-effect of only KVM_RUN and KVM_GET_REG_LIST')),
  equivalent: {
    'KVM_RUN/immediate_exit after KVM_RUN/no memory behind a slot':
      'a KVM_RUN is made with immediate_exit or with a signal',
  },
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
    {
      about: 'the vcpu of a migration',
      drafted: 'a dummy KVM_GET_REG_LIST between KVM_REG_ARM64_SVE_VLS and the other SVE registers',
      shipped: 'KVM_ARM_VCPU_FINALIZE in its place',
      asks: `
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)    -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)        -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> -EPERM (too early)
        KVM_GET_REG_LIST(n = 1000)                          -> -EPERM (too early)
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> -EPERM (too early)
        KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)             -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0) -> ok`,
      because:
        'Userspace that squirts in the state of a migrated vcpu would need a call that it wants for nothing else.',
      source: 'Dave Martin, 2019-03-01: a dummy KVM_GET_REG_LIST call would need to be inserted',
    },
  ],
})
