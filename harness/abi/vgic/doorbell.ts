/** Which ITS hears what a device writes to an address. */
import type { Its } from '../../model/vgic.ts'
import type { Vm } from '../../model/vm.ts'
import { vgicSizes } from '../../names/index.ts'
import { overlap } from '../../model/overlap.ts'
import { sizeOf } from './redistributors.ts'

const { KVM_VGIC_V3_DIST_SIZE, KVM_VGIC_V3_ITS_SIZE } = vgicSizes
const SIZE = BigInt(KVM_VGIC_V3_ITS_SIZE)

/** True where messages are translated: a VM with a GICv2 may have an ITS, of which its GIC knows nothing. */
export const translates = ({ vgic, hasIts }: Vm): boolean => hasIts === true && vgic?.model === 'v3'

/** That among whose registers the address is, whichever of them it is. */
export const itsAt = ({ placedIts = [] }: Vm, address: bigint): Its | undefined =>
  placedIts.find(({ addr = 0n }) => addr <= address && address < addr + SIZE)

/** True where something else lies in the same place, so that nobody knows which of them the kernel finds. */
export const isUnclear = (vm: Vm, { addr = 0n }: Its): boolean => {
  const meets = (other: bigint | undefined, size: bigint | number) =>
    other !== undefined && overlap(addr, SIZE, other, BigInt(size))
  return (
    vm.placedIts!.filter((other) => meets(other.addr, SIZE)).length > 1
    || meets(vm.vgic?.dist, KVM_VGIC_V3_DIST_SIZE)
    || vm.vgic?.redist.some((region) => meets(region.base, sizeOf(vm, region))) === true
    || (vm.coalesced ?? []).length > 0
  )
}
