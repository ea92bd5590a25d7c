/** What KVM_RUN changes in an interrupt controller, and what it does to a guest. */
import { MMIO_ADDRESS } from '../../model/guest-program.ts'
import { vgicSizes } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { overlap, sizeOf } from './redistributors.ts'
import { hardwareV3 } from './registers/cpu-interface.ts'
import { lose } from './registers/held.ts'
import { loseInterrupts, loseToDevices } from './registers/interrupts.ts'
import { hardwareV2 } from './registers/v2.ts'

/** The CPU interface of the vcpu went through the hardware, which has fewer bits; its timers may have spoken. */
export const noteRun = ({ vm: { vgic }, vcpu }: Here): void => {
  if (!vgic) return
  for (const name of [...hardwareV2, ...hardwareV3]) lose(vgic.held, name, vcpu.id)
  loseToDevices(vgic, vcpu.id)
}

/** The guest was entered: interrupts that were pending went through the hardware. */
export const noteGuest = ({ vm: { vgic } }: Here): void => {
  if (vgic) loseInterrupts(vgic, 'shared')
}

const { KVM_VGIC_V2_DIST_SIZE, KVM_VGIC_V2_CPU_SIZE, KVM_VGIC_V3_DIST_SIZE, KVM_VGIC_V3_ITS_SIZE } = vgicSizes
const isUnderStore = (base: bigint | undefined, size: number | bigint): boolean =>
  base !== undefined && overlap(base, BigInt(size), MMIO_ADDRESS, 4n)

/**
 * True where nobody has looked what becomes of the guest: it may be interrupted, or its store reaches a register of the
 * interrupt controller instead of userspace.
 */
export const isDisturbed = ({ vm }: Here): boolean => {
  const { vgic, itsAddresses = [] } = vm
  if (vgic?.delivers || itsAddresses.some((addr) => isUnderStore(addr, KVM_VGIC_V3_ITS_SIZE))) return true
  if (vgic === undefined) return false
  return vgic.model === 'v2'
    ? isUnderStore(vgic.dist, KVM_VGIC_V2_DIST_SIZE) || isUnderStore(vgic.cpu, KVM_VGIC_V2_CPU_SIZE)
    : isUnderStore(vgic.dist, KVM_VGIC_V3_DIST_SIZE) || vgic.redist.some((r) => isUnderStore(r.base, sizeOf(vm, r)))
}
