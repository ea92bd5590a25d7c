/** System registers of the CPU interface: which writes, and which of its active priority registers, are refused. */
import type { Host } from '../../model/host.ts'
import { src, type Refusal } from '../../model/rule.ts'
import { vgicGroups } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr, Verb } from '../args/attr.ts'
import { aboutGroups } from './attributes.ts'
import { atOf, encodingOf } from './registers/access.ts'
import {
  activeIndex,
  activeRegisters,
  isBeyondHost,
  isControl,
  isOfHypervisor,
  keepNumbersOfBits,
  switchesOff,
} from './registers/cpu-interface.ts'

const { KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: CPU_SYSREGS } = vgicGroups
const file = 'arch/arm64/kvm/vgic-sys-reg-v3.c'
const isSysreg = ({ group }: Attr) => group === CPU_SYSREGS
const of = aboutGroups(CPU_SYSREGS)
const notApplicable = ({ gicv3 }: Host) =>
  gicv3 === undefined ? 'what ICC_CTLR_EL1 of this host reads was not recorded' : undefined

/** How many bits a priority has decides how many registers hold the active ones. */
export const noActivePriorities: Refusal<Attr> = {
  why: 'no such active priorities',
  says: 'ICC_AP0R1_EL1 and its like are there as far as the priorities have bits for them.',
  cite: src('arch/arm64/kvm/vgic/vgic.h', 'vgic_v3_max_apr_idx'),
  errno: 'EINVAL',
  of: { ...of, register: 'active priorities' },
  notApplicable,
  when: (here, arg) => {
    const index = activeIndex(encodingOf(arg))
    const at = isSysreg(arg) ? atOf(here, arg) : undefined
    return at !== undefined && index !== undefined && index >= (activeRegisters(at) ?? 4)
  },
}

export const cpuRows: readonly Refusal<Attr>[] = [
  noActivePriorities,
  {
    why: 'beyond the host',
    says:
      'ICC_CTLR_EL1 has no more bits of priorities and interrupt numbers than the host or the last write said, '
      + 'and its SEIS and A3V are those of the host. The numbers of bits that were fine are kept.',
    cite: src(file, 'set_gic_ctlr'),
    errno: 'EINVAL',
    of: { ...of, register: 'ICC_CTLR_EL1' },
    notApplicable,
    when: (here, arg) => {
      const at = isSysreg(arg) ? atOf(here, arg) : undefined
      return at !== undefined && isBeyondHost(at, encodingOf(arg), arg.value ?? 0n)
    },
    leaves: (here, arg) => keepNumbersOfBits(atOf(here, arg)!, arg.value ?? 0n),
  },
  {
    why: 'system registers off',
    says: 'ICC_SRE_EL1.SRE is one: a GICv3 has no other CPU interface.',
    cite: src(file, 'set_gic_sre'),
    errno: 'EINVAL',
    of: { ...of, register: 'ICC_SRE_EL1' },
    when: (_, arg) => isSysreg(arg) && switchesOff(encodingOf(arg), arg.value ?? 0n),
  },
]

/** Where ICC_CTLR_EL1 of the host was not recorded, and registers of a hypervisor. */
export const isUnknownOfCpu = (here: Here, arg: Attr, verb: Verb): boolean => {
  if (!isSysreg(arg)) return false
  const encoding = encodingOf(arg)
  if (isOfHypervisor({ here }, encoding)) return true
  if (verb === 'has' || here.host.gicv3 !== undefined) return false
  return (isControl(encoding) && verb === 'set') || (activeIndex(encoding) ?? 0) > 0
}
