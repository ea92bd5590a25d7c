/** What KVM_RUN changes in an interrupt controller, and what it does to a guest. */
import { holdsIn, type Dated } from '../../model/release.ts'
import type { Held } from '../../model/vgic.ts'
import { vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { overlap } from '../../model/overlap.ts'
import { sizeOf } from './redistributors.ts'
import { hardwareV3 } from './registers/cpu-interface.ts'
import { held, lose } from './registers/held.ts'
import { loseInterrupts, loseMet, loseOwn, loseToDevices } from './registers/interrupts.ts'
import { hardwareV2 } from './registers/v2.ts'
import { noteLpis } from './its/lpis.ts'
import { loseTranslation } from './its/translation.ts'
import { driveLines } from './device-lines.ts'

/** What any hardware has of a GICv3's CPU interface: a mask of five bits, and fields of one. */
const isKept = (all: Held, name: string, cpu: number): boolean => {
  const value = held(all, name, cpu, 0, 0n)
  if (value === undefined) return false
  if (name === 'PMR') return (value & 7n) === 0n
  return name === 'IGRPEN1' || name === 'EOImode' || (name === 'AP1R' && value === 0n)
}

/** The CPU interface of the vcpu went through the hardware, which has fewer bits; its timers may have spoken. */
export const noteRun = ({ vm: { vgic }, vcpu }: Here): void => {
  if (!vgic) return
  for (const name of [...hardwareV2, ...hardwareV3])
    if (!isKept(vgic.held, name, vcpu.id)) lose(vgic.held, name, vcpu.id)
  loseToDevices(vgic, vcpu.id)
}

/** Before, a KVM_RUN that is to come back at once did so before the timers saw it. */
const timersComeFirst: Dated = { since: '6.1' }

/** The timers and the PMU of the vcpu drive their lines. */
export const noteDevices = (here: Here, isEntered: boolean): void => {
  if (here.vm.vgic && (isEntered || holdsIn(here.world.release, timersComeFirst))) driveLines(here, isEntered)
}

/**
 * The guest was entered: interrupts that were enabled went through the hardware. `isUnknown`: nobody knows what it did,
 * so that it may have told the interrupt controller anything. `hasInterrupt`: it took one, and all is known of the
 * others.
 */
export const noteGuest = (here: Here, { isUnknown, hasInterrupt }: { isUnknown?: true; hasInterrupt?: true }): void => {
  const { vm, vcpu } = here
  const { vgic, vcpus } = vm
  if (!vgic) return
  if (isUnknown) {
    if (vm.hasIts) loseTranslation(here)
    loseInterrupts(vgic, 'shared')
    for (const name of hardwareV3) lose(vgic.held, name, vcpu.id)
  } else if (!hasInterrupt) loseMet({ here, vgic, cpu: vcpus[0]!, index: 0 })
  if (!hasInterrupt) loseOwn({ here, vgic, cpu: vcpu, index: 0 })
  noteLpis(here, vcpu.id)
}

const { KVM_VGIC_V2_DIST_SIZE, KVM_VGIC_V2_CPU_SIZE, KVM_VGIC_V3_DIST_SIZE, KVM_VGIC_V3_ITS_SIZE } = vgicSizes

/**
 * True where so many bytes of guest memory are registers of the interrupt controller, so that userspace hears nothing.
 */
export const isVgic = ({ vm }: Here, address: bigint, size: number): boolean => {
  const { vgic, placedIts = [] } = vm
  const isIn = (base: bigint | undefined, length: number | bigint): boolean =>
    base !== undefined && overlap(base, BigInt(length), address, BigInt(size))
  if (placedIts.some(({ addr }) => isIn(addr, KVM_VGIC_V3_ITS_SIZE))) return true
  if (vgic === undefined) return false
  return vgic.model === 'v2'
    ? isIn(vgic.dist, KVM_VGIC_V2_DIST_SIZE) || isIn(vgic.cpu, KVM_VGIC_V2_CPU_SIZE)
    : isIn(vgic.dist, KVM_VGIC_V3_DIST_SIZE) || vgic.redist.some((r) => isIn(r.base, sizeOf(vm, r)))
}

/** True where interrupts may reach the guest, of which nobody has looked what it does then. */
export const isInterrupted = ({ vm: { vgic } }: Here): boolean => vgic?.delivers === true
