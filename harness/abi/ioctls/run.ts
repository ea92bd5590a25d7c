/** Runs the guest until it needs userspace. What must be set up before is checked at the first run of each vcpu. */
import { beginInBackground, markNotYet, staysInGuest } from '../entry/background.ts'
import { comeBack, comeBackBefore } from '../entry/come-back.ts'
import { enter } from '../entry/enter.ts'
import { beginRun } from '../entry/start.ts'
import type { Entered } from '../entry/entered.ts'
import { keep, registersAt, settle } from '../entry/registers.ts'
import { oweStepOfMmio } from '../entry/step.ts'
import { api, ioctl, src, type Refusal } from '../../model/rule.ts'
import { exitReasons, features, ioctls } from '../../names/index.ts'
import { has } from '../../model/vcpu.ts'
import type { Here } from '../../model/world.ts'
import { runArg, type RunArg } from '../args/run.ts'
import { loseStolenTime } from '../ram/ram.ts'
import { pastTimers, unreadyPmu, unreadyTimers } from '../attributes/readiness.ts'
import { load } from '../registers/value.ts'
import { unreadyMaintenance } from '../vgic/maintenance.ts'
import { onlyEintr, onlyFour, unreadyVgic } from '../vgic/readiness.ts'
import { noteDevices, noteRun } from '../vgic/running.ts'

const SVE = 1 << features.KVM_ARM_VCPU_SVE

/** There is nothing mapped where it touches memory. */
const isIntoNothing = ({ exit, errno }: Entered): boolean => errno === 'EFAULT' && exit === undefined
/** The answer tells what becomes of the guest. */
const isWaitedFor = (until: RunArg['until']): boolean => until === 'signal' || until === 'forever'
/** The guest was entered, and does not leave. */
const waits = ({ exit, isBefore }: Entered): boolean => exit === undefined && !isBefore
/** A guest_memfd is gone that was the memory of its slot. */
const isBereft = ({ exit, errno }: Entered): boolean => errno === 'EFAULT' && exit !== undefined

/** Gets as far as the guest; `isEntered`: into it, after which its registers are others. */
const ran = (here: Here, isEntered = false) => {
  const registers = isEntered ? undefined : registersAt(here)
  if (!here.vcpu.hasRun) pastTimers(here)
  here.vcpu.hasRun = true
  here.vm.hasRun = true
  noteRun(here)
  loseStolenTime(here)
  noteDevices(here, isEntered)
  here.vm.atFirstRun ??= here.vm.vcpus.length
  load(here)
  if (!registers) return
  if (here.vcpu.entered || here.vcpu.mmio) keep(here, registers)
  if (here.vcpu.mmio && !here.vcpu.abortIsDue) oweStepOfMmio(here)
  settle(here)
}

const enterAndComeBack = (here: Here): void => {
  const entered = enter(here)
  ran(here, true)
  beginRun(here)
  comeBack(here, entered)
}

/** What is wrong before the kernel looks at the guest, whatever that would do. */
const setUp: readonly Refusal<RunArg>[] = [
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
  ...unreadyMaintenance,
  ...unreadyTimers,
  ...unreadyPmu,
]
const comesFirst = (refusal: Refusal<RunArg> | undefined): boolean => setUp.some(({ why }) => why === refusal?.why)

export default ioctl('KVM_RUN', {
  nr: ioctls.KVM_RUN,
  on: ['vcpu'],
  weight: 7,
  isInterrupted: ({ until }) => until === 'signal',
  isBegun: ({ until }) => until === 'join',
  mayWaitForEver: ({ until }) => until === 'forever',
  takes: runArg,
  isGuess: (here, { until }, refusal) =>
    !comesFirst(refusal)
    && until !== 'immediate'
    && (until === 'join' ? !staysInGuest(here) : enter(here).isUnknown === true),
  leavesUnknown: enterAndComeBack,
  prepares(_, { until }, here) {
    if (until === 'join' && here.kind === 'vcpu') markNotYet(here)
  },
  refuses: [
    ...setUp,
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
      leaves: (here) => ran(here),
    },
    {
      why: 'device interrupt',
      says:
        'Without a vgic userspace takes the interrupts of the timers and of the PMU. It hears of each that comes or goes, in '
        + 'kvm_run.s.regs.device_irq_level, before the guest goes on.',
      cite: api('8.9', 'kvm guarantees at least one return to userspace before running the VM'),
      errno: 'EINTR',
      when: (here, { until }) => isWaitedFor(until) && enter(here).isBefore === true,
      leaves: (here) => {
        ran(here)
        beginRun(here)
        comeBackBefore(here)
      },
    },
    {
      why: 'guest_memfd is gone',
      says: 'The guest touches memory of a guest_memfd that was closed. The exit reason is KVM_EXIT_MEMORY_FAULT all the same.',
      cite: api('5', 'KVM_EXIT_MEMORY_FAULT indicates the vCPU has encountered a memory fault', { since: '7.2' }),
      since: '6.18',
      errno: 'EFAULT',
      when: (here, { until }) => isWaitedFor(until) && isBereft(enter(here)),
      leaves: enterAndComeBack,
    },
    {
      why: 'no memory behind a slot',
      says: 'The guest touches memory whose slot names an address of userspace where nothing is mapped.',
      cite: src('arch/arm64/kvm/mmu.c', 'user_mem_abort'),
      text: [...onlyEintr, ...onlyFour],
      errno: 'EFAULT',
      when: (here, { until }) => isWaitedFor(until) && isIntoNothing(enter(here)),
      leaves: enterAndComeBack,
    },
    {
      why: 'no syndrome',
      says: 'The CPU does not describe an access without memory, and the VM has no KVM_CAP_ARM_NISV_TO_USER.',
      cite: api(
        '4.10',
        'ENOSYS data abort outside memslots with no syndrome info and KVM_CAP_ARM_NISV_TO_USER not enabled (arm64)',
        { since: '6.1' },
      ),
      text: onlyEintr,
      errno: 'ENOSYS',
      when: (here, { until }) => isWaitedFor(until) && enter(here).errno === 'ENOSYS',
      leaves: enterAndComeBack,
    },
    {
      why: 'signal',
      says: 'The guest does not leave by itself: it spins, or its vcpu is powered off.',
      cite: api('4.10', 'EINTR an unmasked signal is pending'),
      errno: 'EINTR',
      when: (here, { until }) => until === 'signal' && waits(enter(here)),
      leaves: enterAndComeBack,
    },
  ],
  grants: {
    says: 'The guest left; exit_reason in kvm_run says why. Or another thread has it run from now on.',
    cite: api('4.10', 'This ioctl is used to run a guest virtual cpu'),
    gives: (here, { until }) =>
      until === 'join' ? undefined : BigInt(enter(here).exit ?? exitReasons.KVM_EXIT_UNKNOWN),
    then(here, { until }) {
      if (until !== 'join') return enterAndComeBack(here)
      beginInBackground(here)
      ran(here, true)
      beginRun(here)
    },
  },
})
