/** GICR_TYPER: whose redistributor it is, and whether another one follows. */
import { holdsIn } from '../../../model/release.ts'
import type { Vcpu } from '../../../model/vcpu.ts'
import type { Vm } from '../../../model/vm.ts'
import { FRAME } from '../redistributors.ts'
import { affinityOf } from '../affinity.ts'
import type { Register } from './register.ts'

const LPIS = 1n
const LAST = 0x10n
/** Userspace was not told which is the last one before. */
const TELLS_LAST = { since: '5.13' }

/** True where the vcpu's redistributor is the last of its region, and no region that is in use follows. */
const isLast = ({ vgic }: Vm, { frame }: Vcpu): boolean => {
  if (!frame) return false
  const { region, index } = frame
  if (index < region.used - 1) return false
  const end = region.base + BigInt(region.count) * FRAME
  const isFull = region.count > 0 && index === region.count - 1
  return !(isFull && vgic!.redist.some((next) => next.base === end && next.used > 0))
}

export const type: Register = {
  reads: ({ here: { world, vm }, cpu, index }) => {
    if (index === 1) return affinityOf(cpu) & 0xff_ffffn
    const last = holdsIn(world.release, TELLS_LAST) && isLast(vm, cpu)
    return (BigInt(cpu.id) << 8n) | (vm.hasIts ? LPIS : 0n) | (last ? LAST : 0n)
  },
}
