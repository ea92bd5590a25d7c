/** Raises or lowers an interrupt line: of a vcpu itself, or of the in-kernel interrupt controller. */
import { inReleases } from '../../model/in-releases.ts'
import { faults } from '../../model/pointer.ts'
import { api, ioctl, src, type Grant, type Of, type Refusal } from '../../model/rule.ts'
import { cpuIrqs, ioctls, irqTypes, structs } from '../../names/index.ts'
import type { Vcpu } from '../../model/vcpu.ts'
import type { Vgic } from '../../model/vgic.ts'
import type { Here } from '../../model/world.ts'
import { DEFAULT_IRQS, initialise } from '../vgic/readiness.ts'
import { loseInterrupts } from '../vgic/registers/interrupts.ts'
import { driveOwn, driveShared } from '../vgic/registers/lines.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { FIRST_PPI, FIRST_SPI, numberOf, takes, typeOf, vcpuOf, type Level } from '../args/irq-line.ts'

const { KVM_ARM_IRQ_TYPE_CPU: CPU, KVM_ARM_IRQ_TYPE_SPI: SPI, KVM_ARM_IRQ_TYPE_PPI: PPI } = irqTypes
const inArm = src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_irq_line')
const isOf =
  (...types: number[]) =>
  ({ irq: i }: Level) =>
    types.includes(typeOf(i))
const ofVgic = isOf(SPI, PPI),
  ofVcpu = isOf(CPU, PPI)

/** The vcpu that a line belongs to: up to 6.6 vcpus are counted as they were created, later called by their id. */
type VcpuOf = (here: Here, arg: Level) => Vcpu | undefined
const byCount: VcpuOf = ({ vm }, { irq: i }) => vm.vcpus[vcpuOf(i)]
/** A PPI then is that of the vcpu which was created as that one's id says. */
const byCountOfId: VcpuOf = (here, arg) => {
  const counted = byCount(here, arg)
  return counted && isOf(PPI)(arg) ? here.vm.vcpus[counted.id] : counted
}
const byId: VcpuOf = ({ vm }, { irq: i }) => vm.vcpus.find(({ id }) => id === vcpuOf(i))
/** From 7.2 on a GICv2 is initialised before anything else is looked at. */
const lazily = (here: Here, arg: Level) => {
  if (ofVgic(arg)) initialise(here)
}
/** IRQ or FIQ of a vcpu, where the kernel has no interrupt controller. */
const driveVcpu = (vcpu: Vcpu, { irq: i, level }: Level) => {
  const line = 1 << numberOf(i)
  vcpu.lines = level === 0 ? (vcpu.lines ?? 0) & ~line : (vcpu.lines ?? 0) | line
}
/** A GICv2 is initialised by the call; then the line is high or low. */
const drive = (of: VcpuOf) => (here: Here, arg: Level) => {
  lazily(here, arg)
  const [n, isHigh] = [numberOf(arg.irq), arg.level !== 0]
  if (isOf(SPI)(arg)) return driveShared(here, n, isHigh)
  const vcpu = of(here, arg)
  if (vcpu && isOf(PPI)(arg)) driveOwn(here, vcpu, n, isHigh)
  else if (vcpu) driveVcpu(vcpu, arg)
  else loseInterrupts(here.vm.vgic!, here.vm.vcpus[0]!.id)
}
/** Interrupts of the GIC, also of a GICv2 that this call initialises. */
const numbers = ({ initialised, nrIrqs }: Vgic) => (initialised || nrIrqs > FIRST_SPI ? nrIrqs : DEFAULT_IRQS)

const vgicLines: Of = { irq: ['KVM_ARM_IRQ_TYPE_SPI', 'KVM_ARM_IRQ_TYPE_PPI'] }

const notInitialised: Refusal<Level> = {
  why: 'vgic not initialised',
  says: 'A GICv3 is initialised through KVM_DEV_ARM_VGIC_CTRL_INIT; a GICv2 is initialised by this call at the latest.',
  cite: src('arch/arm64/kvm/vgic/vgic-init.c', 'vgic_lazy_init'),
  errno: 'EBUSY',
  of: vgicLines,
  when: ({ vm }, arg) => ofVgic(arg) && vm.vgic?.model === 'v3' && !vm.vgic.initialised,
}
const noVcpu = (of: VcpuOf): Refusal<Level> => ({
  why: 'no such vcpu',
  says: 'The line is that of a vcpu that exists.',
  cite: inArm,
  errno: 'EINVAL',
  of: { irq: ['KVM_ARM_IRQ_TYPE_CPU', 'KVM_ARM_IRQ_TYPE_PPI'] },
  when: (here, arg) => ofVcpu(arg) && !of(here, arg),
})
const noLine: Refusal<Level> = {
  why: 'no such line',
  says: 'A vcpu has IRQ and FIQ; PPIs are 16 to 31, SPIs come after them.',
  cite: api('4.25', 'irq_type'),
  errno: 'EINVAL',
  when: (_, { irq: i }) => {
    const n = numberOf(i)
    return typeOf(i) === CPU
      ? n > cpuIrqs.KVM_ARM_IRQ_CPU_FIQ
      : typeOf(i) === PPI
        ? n < FIRST_PPI || n >= FIRST_SPI
        : n < FIRST_SPI
  },
}

const refuses: readonly Refusal<Level>[] = [
  badPointer(takes, api('4.25', 'struct kvm_irq_level')),
  {
    why: 'no such type',
    says: 'A line is that of a vcpu, an SPI or a PPI.',
    cite: api('4.25', 'irq_type'),
    errno: 'EINVAL',
    of: { irq: 'other types' },
    when: (_, arg) => !isOf(CPU, SPI, PPI)(arg),
  },
  {
    why: 'in-kernel vgic',
    says: 'The lines of a vcpu are driven by its interrupt controller, where the kernel has one.',
    cite: api('4.25', 'out-of-kernel GIC: irq_id 0 is IRQ, irq_id 1 is FIQ'),
    errno: 'ENXIO',
    of: { irq: 'KVM_ARM_IRQ_TYPE_CPU' },
    when: ({ vm }, arg) => isOf(CPU)(arg) && vm.vgic !== undefined,
  },
  {
    why: 'no vgic',
    says: 'SPIs and PPIs belong to an in-kernel interrupt controller.',
    cite: api('4.25', 'SPI, irq_id between 32 and 1019 (incl.)'),
    errno: 'ENXIO',
    of: vgicLines,
    when: ({ vm }, arg) => ofVgic(arg) && vm.vgic === undefined,
  },
  ...inReleases({ since: '7.2', variant: 'before the line' }, notInitialised),
  ...inReleases({ until: '6.7', variant: 'as they were created' }, noVcpu(byCount)),
  ...inReleases({ since: '6.7', until: '7.2', variant: 'by id' }, noVcpu(byId)),
  ...inReleases({ since: '7.2', variant: 'by id, GICv2 initialised', leaves: lazily }, noVcpu(byId)),
  ...inReleases({ until: '7.2' }, noLine),
  ...inReleases({ since: '7.2', variant: 'GICv2 initialised', leaves: lazily }, noLine),
  ...inReleases({ until: '7.2', variant: 'after the line' }, notInitialised),
  {
    why: 'no such vcpu',
    variant: 'by the id of the one that was counted',
    says: 'A PPI is that of the vcpu which was created as the id of the one says that was asked for.',
    cite: src('arch/arm64/kvm/vgic/vgic.c', 'kvm_vgic_inject_irq'),
    errno: 'EINVAL',
    of: { irq: 'KVM_ARM_IRQ_TYPE_PPI' },
    since: '6.1',
    until: '6.7',
    when: (here, arg) => isOf(PPI)(arg) && !byCountOfId(here, arg),
    leaves: lazily,
  },
  {
    why: 'no such interrupt',
    says: 'The interrupt controller has as many interrupts as it was given.',
    cite: src('arch/arm64/kvm/vgic/vgic.c', 'kvm_vgic_inject_irq'),
    errno: 'EINVAL',
    when: ({ vm }, arg) => isOf(SPI)(arg) && vm.vgic !== undefined && numberOf(arg.irq) >= numbers(vm.vgic),
    leaves: lazily,
  },
]

const drives = (of: VcpuOf): Grant<Level> => ({
  says: 'The line is high or low.',
  cite: api('4.25', 'Sets the level of a GSI input to the interrupt controller model in the kernel'),
  // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
  then: drive(of),
  // 5.10 drives a line of the first vcpu then, or of none, by its point release.
  isGuess: (here, arg) => ofVcpu(arg) && !of(here, arg),
})
const grants: readonly Grant<Level>[] = [
  ...inReleases({ until: '6.7', variant: 'as they were created' }, drives(byCountOfId)),
  ...inReleases({ since: '6.7', variant: 'by id' }, drives(byId)),
]

const notWritable = (of: VcpuOf): Refusal<Level> => ({
  why: 'bad pointer',
  says: 'The struct is written back, after the line was driven.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  errno: 'EFAULT',
  when: (_, { at }) => faults(at, structs.kvm_irq_level.size, true),
  leaves: drive(of),
})

/** The same, which writes its argument back: on arm64 as it was. */
const lineStatus = ioctl<Level>('KVM_IRQ_LINE_STATUS', {
  nr: ioctls.KVM_IRQ_LINE_STATUS,
  on: ['vm'],
  capability: 'KVM_CAP_IRQCHIP',
  weight: 1,
  takes,
  refuses: [
    ...refuses,
    ...inReleases({ until: '6.7', variant: 'not writable, as they were created' }, notWritable(byCountOfId)),
    ...inReleases({ since: '6.7', variant: 'not writable' }, notWritable(byId)),
  ],
  grants,
})

export default [
  ioctl<Level>('KVM_IRQ_LINE', {
    nr: ioctls.KVM_IRQ_LINE,
    on: ['vm'],
    capability: 'KVM_CAP_IRQCHIP',
    weight: 4,
    takes,
    refuses,
    grants,
  }),
  lineStatus,
]
