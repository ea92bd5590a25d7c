/** Runs the guest until it needs userspace. What must be set up before is checked at the first run of each vcpu. */
import { ENTRY } from '../../model/guest-program.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { exitReasons, features, guestDebug, ioctls } from '../../names/index.ts'
import { has, type Here } from '../../model/world.ts'
import { runArg } from '../args/run.ts'
import { RAM } from '../args/userspace-address.ts'
import { pastTimers, unreadyPmu, unreadyTimers } from '../attributes/readiness.ts'
import { isIntoNothing, isTaken, isUnknownStore, store } from '../memory/store.ts'
import { load } from '../registers/value.ts'
import { onlyEintr, onlyFour, unreadyVgic } from '../vgic/readiness.ts'
import { isDisturbed, noteGuest, noteRun } from '../vgic/running.ts'

const SVE = 1 << features.KVM_ARM_VCPU_SVE

/** Where the guest program has ended. */
const END = ENTRY + 64n

/** The guest program is there to be run. */
const isProgram = ({ vm, vcpu }: Here): boolean =>
  !vcpu.off && vcpu.isSuspended !== true && vm.memslots.some((s) => s.gpa <= ENTRY && ENTRY < s.gpa + s.size && s.guest)
const isBeforeStore = (here: Here): boolean => isProgram(here) && here.vcpu.exits === 0

/**
 * What wakes a suspended vcpu, where a debugged guest stops, and what stolen time does to the program: nobody has
 * looked.
 */
const isOther = ({ vcpu }: Here): boolean =>
  vcpu?.isSuspended === true || (vcpu?.debug ?? 0) !== 0 || (vcpu?.stolenTime ?? END) < END

/** What the guest program does next (guest-program.ts), if it is there; undefined: it never comes back. */
const nextExit = (here: Here): number | undefined => {
  if (!isProgram(here)) return undefined
  const { vm, vcpu } = here
  if ((vcpu.debug ?? 0) & guestDebug.KVM_GUESTDBG_SINGLESTEP) return exitReasons.KVM_EXIT_DEBUG
  const psci = (vcpu.features & (1 << features.KVM_ARM_VCPU_PSCI_0_2)) !== 0
  const after = isBeforeStore(here) && isTaken(vm) ? 1 : vcpu.exits
  return [exitReasons.KVM_EXIT_MMIO, ...(psci ? [exitReasons.KVM_EXIT_SYSTEM_EVENT] : [])][after]
}

/** The guest begins in a slot that is no memory of the agent, or stores to one. */
const touchesNothing = (here: Here): boolean => {
  const { vm, vcpu } = here
  return (
    (!vcpu.off && vm.memslots.some((s) => s.gpa <= ENTRY && ENTRY < s.gpa + s.size && s.hva < RAM))
    || (isBeforeStore(here) && isIntoNothing(vm))
  )
}

const ran = (here: Here) => {
  if (!here.vcpu.hasRun) pastTimers(here)
  here.vcpu.hasRun = true
  here.vcpu.mmio = false
  here.vm.hasRun = true
  noteRun(here)
  here.vm.atFirstRun ??= here.vm.vcpus.length
  load(here)
}
/** Instructions of the guest were executed. */
const enter = (here: Here) => {
  here.vcpu.entered = true
  noteGuest(here)
}
/** The guest went on, past its store where that stays inside. */
const goOn = (here: Here) => {
  ran(here)
  enter(here)
  if (!isBeforeStore(here) || !isTaken(here.vm)) return
  store(here.vm)
  here.vcpu.exits = 1
}

export default ioctl('KVM_RUN', {
  nr: ioctls.KVM_RUN,
  on: ['vcpu'],
  weight: 7,
  isInterrupted: ({ until }) => until === 'signal',
  mayWaitForEver: ({ until }) => until === 'forever',
  takes: runArg,
  isGuess: (here, { until }) =>
    until !== 'immediate' && (isOther(here) || isDisturbed(here) || (isBeforeStore(here) && isUnknownStore(here.vm))),
  refuses: [
    {
      why: 'argument',
      says: 'The ioctl takes no argument; what it needs is in the mapped kvm_run.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl'),
      text: [...onlyEintr, ...onlyFour],
      errno: 'EINVAL',
      when: (_, { arg }) => arg !== undefined && arg !== 0n,
    },
    {
      why: 'not initialised',
      says: 'KVM_ARM_VCPU_INIT comes first.',
      cite: api('4.10', 'ENOEXEC the vcpu hasn’t been initialized', { since: '6.1' }),
      text: onlyEintr,
      errno: 'ENOEXEC',
      when: ({ vcpu }) => !vcpu.initialised,
    },
    {
      why: 'too early',
      says: 'A vcpu with SVE runs once SVE is finalized.',
      cite: api('4.10', 'EPERM SVE feature set but not finalized (arm64)', { since: '6.1' }),
      text: onlyEintr,
      errno: 'EPERM',
      when: ({ vcpu }) => (has(vcpu) & SVE) !== 0 && !vcpu.sveFinalized,
    },
    ...unreadyVgic,
    ...unreadyTimers,
    ...unreadyPmu,
    {
      why: 'after the VM first ran',
      says: 'In protected mode a VM has the vcpus for good that it had when one of them first ran; others never run.',
      cite: src('arch/arm64/kvm/hyp/nvhe/pkvm.c', 'register_hyp_vcpu'),
      text: onlyFour,
      since: '7.2',
      errno: 'EINVAL',
      when: ({ host, vm, vcpu }) =>
        host.isProtected === true && vm.atFirstRun !== undefined && vm.vcpus.indexOf(vcpu) >= vm.atFirstRun,
      lacks: () => 'kvm-arm.mode=protected: a vcpu that is made after the first KVM_RUN of its VM never runs',
      leaves: pastTimers,
    },
    {
      why: 'immediate_exit',
      says: 'kvm_run.immediate_exit asks to come back before the guest is entered. The vcpu counts as having run.',
      cite: api('5', 'immediate_exit'),
      errno: 'EINTR',
      when: (_, { until }) => until === 'immediate',
      leaves: ran,
    },
    {
      why: 'no memory behind a slot',
      says: 'The guest touches memory whose slot names an address of userspace where nothing is mapped.',
      cite: src('arch/arm64/kvm/mmu.c', 'user_mem_abort'),
      text: [...onlyEintr, ...onlyFour],
      errno: 'EFAULT',
      when: (here, { until }) => until !== 'immediate' && touchesNothing(here),
      leaves: (here) => {
        ran(here)
        enter(here)
      },
    },
    {
      why: 'signal',
      says: 'The guest does not leave by itself: it spins, or its vcpu is powered off.',
      cite: api('4.10', 'EINTR an unmasked signal is pending'),
      errno: 'EINTR',
      when: (here, { until }) => until === 'signal' && nextExit(here) === undefined,
      leaves: goOn,
    },
  ],
  grants: {
    says: 'The guest left; exit_reason in kvm_run says why.',
    cite: api('4.10', 'This ioctl is used to run a guest virtual cpu'),
    gives: (here) => BigInt(nextExit(here) ?? exitReasons.KVM_EXIT_UNKNOWN),
    then: (here) => {
      goOn(here)
      const exit = nextExit(here)
      here.vcpu.mmio = exit === exitReasons.KVM_EXIT_MMIO
      // SYSTEM_OFF leaves every vcpu of the VM powered off.
      if (exit === exitReasons.KVM_EXIT_SYSTEM_EVENT) for (const v of here.vm.vcpus) v.off = true
      if (exit !== exitReasons.KVM_EXIT_DEBUG) here.vcpu.exits++
    },
  },
})
