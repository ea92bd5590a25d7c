/** From an attribute of a register group to the register it names, and what reading and writing it do. */
import { vgicGroups } from '../../../names/index.ts'
import type { Here } from '../../../model/world.ts'
import type { Vcpu } from '../../../model/vcpu.ts'
import type { Attr } from '../../args/attr.ts'
import { affinityOf } from '../affinity.ts'
import { activeIndex, cpuRegister } from './cpu-interface.ts'
import { loseAll } from './held.ts'
import { lineLevels } from './interrupts.ts'
import { placeAt, type At, type Place, type Register } from './register.ts'
import { distributorV2, interfaceV2 } from './v2.ts'
import { distributorV3, redistributorV3 } from './v3.ts'

const {
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: LEVEL_INFO,
} = vgicGroups

export const offsetOf = ({ attr }: Attr): bigint => attr & 0xffff_ffffn
export const encodingOf = ({ attr }: Attr): number => Number(attr & 0xffffn)

/** Vcpus that an attribute names: two only where they have the same affinity. A GICv3's distributor takes the first. */
const vcpusOf = ({ kind, vm }: Here, { group, attr }: Attr): Vcpu[] => {
  if (kind === 'gic-v2') return vm.vcpus.filter((v) => BigInt(v.id) === ((attr >> 32n) & 0xffn))
  return group === DIST_REGS ? vm.vcpus.slice(0, 1) : vm.vcpus.filter((v) => affinityOf(v) === attr >> 32n)
}

const placesOf = ({ kind }: Here, group: number): readonly Place[] => {
  if (kind === 'gic-v2') return group === DIST_REGS ? distributorV2 : interfaceV2
  return group === DIST_REGS ? distributorV3 : redistributorV3
}

interface Found {
  register: Register
  index: number
}

const find = (here: Here, arg: Attr): Found | undefined => {
  if (arg.group === LEVEL_INFO) return { register: lineLevels, index: Number(arg.attr & 0x3ffn) / 32 }
  if (arg.group === CPU_SYSREGS) {
    const register = cpuRegister(encodingOf(arg))
    return register && { register, index: activeIndex(encodingOf(arg)) ?? 0 }
  }
  const place = placeAt(placesOf(here, arg.group), here, offsetOf(arg))
  return place && { register: place.is, index: (Number(offsetOf(arg)) - place.at) / 4 }
}

/** True where the attribute names a register. */
export const isThere = (here: Here, arg: Attr): boolean => find(here, arg) !== undefined

/** Where the attribute's register is looked at; undefined: no vcpu is named, or no register. */
export const atOf = (here: Here, arg: Attr): At | undefined => {
  const [cpu] = vcpusOf(here, arg)
  const found = find(here, arg)
  return cpu && found && { here, vgic: here.vm.vgic!, cpu, index: found.index }
}

/** Which vcpu an affinity names that several have is not told, once the VM has run. */
const isAmbiguous = (here: Here, arg: Attr): boolean =>
  (arg.group === REDIST_REGS || arg.group === CPU_SYSREGS || arg.group === LEVEL_INFO)
  && here.vm.hasRun
  && vcpusOf(here, arg).length > 1

/** What KVM_GET_DEVICE_ATTR gives; where there is no register, 0. Undefined: nobody knows. */
export const readRegister = (here: Here, arg: Attr): bigint | undefined => {
  const found = find(here, arg)
  if (!found) return 0n
  return isAmbiguous(here, arg) ? undefined : found.register.reads(atOf(here, arg)!)
}

/** What KVM_SET_DEVICE_ATTR leaves; where there is no register, nothing. */
export const writeRegister = (here: Here, arg: Attr): void => {
  const writes = find(here, arg)?.register.writes
  if (!writes) return
  if (isAmbiguous(here, arg)) loseAll(here.vm.vgic!.held)
  else writes(atOf(here, arg)!, arg.value ?? 0n)
}
