/** The CPU interface of a GICv3, which userspace sees as system registers: gic_v3_icc_reg_descs. */
import { icc } from '../../../names/gic-registers.ts'
import { hasEl2 } from '../../registers/core.ts'
import { held, hold } from './held.ts'
import type { At, Register } from './register.ts'

type Name =
  'PMR' | 'BPR0' | 'BPR1' | 'CBPR' | 'EOImode' | 'IGRPEN0' | 'IGRPEN1' | 'PRIbits' | 'IDbits' | 'AP0R' | 'AP1R'

/** What a run of the vcpu carries through the hardware. */
export const hardwareV3: readonly Name[] = [
  'PMR',
  'BPR0',
  'BPR1',
  'CBPR',
  'EOImode',
  'IGRPEN0',
  'IGRPEN1',
  'AP0R',
  'AP1R',
]

const get = ({ vgic, cpu }: At, name: Name, index = 0): bigint | undefined => held(vgic.held, name, cpu.id, index, 0n)
const put = ({ vgic, cpu }: At, name: Name, value: bigint, index = 0): void =>
  hold(vgic.held, name, cpu.id, index, value)

/** A field of ICC_CTLR_EL1: where it begins, and its bits. */
const bit = (shift: bigint) => ({ shift, mask: 1n })
const [CBPR, EOI, SEIS, A3V] = [bit(0n), bit(1n), bit(14n), bit(15n)]
const [PRI_BITS, ID_BITS] = [8n, 11n].map((shift) => ({ shift, mask: 7n }))
const inside = (value: bigint, { shift, mask }: typeof CBPR) => (value >> shift) & mask

/** ICC_CTLR_EL1 of the host's GICv3, as it was recorded. */
const recorded = ({ here: { host } }: At): bigint | undefined => host.gicv3 && BigInt(`0x${host.gicv3.ctlr}`)
/** How many bits priorities, or numbers of interrupts, have: what the host has, or what was last written. */
const bitsOf = (at: At, name: 'PRIbits' | 'IDbits'): bigint | undefined => {
  const host = recorded(at)
  return host === undefined
    ? undefined
    : held(at.vgic.held, name, at.cpu.id, 0, inside(host, name === 'PRIbits' ? PRI_BITS! : ID_BITS!))
}

/** What a write of ICC_CTLR_EL1 does before it is found that the host cannot do so: as the kernel does it, in order. */
const control: Register & { refuses(at: At, value: bigint): boolean } = {
  refuses: (at, value) => {
    const host = recorded(at)
    if (host === undefined) return false
    return (
      inside(value, PRI_BITS!) > bitsOf(at, 'PRIbits')!
      || inside(value, ID_BITS!) > bitsOf(at, 'IDbits')!
      || [SEIS, A3V].some((field) => inside(value, field) !== inside(host, field))
    )
  },
  reads: (at) => {
    const host = recorded(at)
    const [cbpr, eoi] = [get(at, 'CBPR'), get(at, 'EOImode')]
    if (host === undefined || cbpr === undefined || eoi === undefined) return undefined
    const fixed = [SEIS, A3V].reduce((all, field) => all | (inside(host, field) << field.shift), 0n)
    return (
      fixed
      | (bitsOf(at, 'PRIbits')! << PRI_BITS!.shift)
      | (bitsOf(at, 'IDbits')! << ID_BITS!.shift)
      | (cbpr << CBPR.shift)
      | (eoi << EOI.shift)
    )
  },
  writes: (at, value) => {
    keepNumbersOfBits(at, value)
    put(at, 'CBPR', inside(value, CBPR))
    put(at, 'EOImode', inside(value, EOI))
  },
}
/** The number of bits is taken over before the next field is looked at, so that it stays where that one is refused. */
export const keepNumbersOfBits = (at: At, value: bigint): void => {
  for (const [name, field] of [
    ['PRIbits', PRI_BITS!],
    ['IDbits', ID_BITS!],
  ] as const) {
    const limit = bitsOf(at, name)
    if (limit === undefined || inside(value, field) > limit) return
    put(at, name, inside(value, field))
  }
}

const masked = (name: Name, mask: bigint): Register => ({
  reads: (at) => get(at, name),
  writes: (at, value) => put(at, name, value & mask),
})
/** ICC_BPR1_EL1: with CBPR it is what ICC_BPR0_EL1 makes of it. */
const binaryPoint1: Register = {
  reads: (at) => {
    const [common, bpr0] = [get(at, 'CBPR'), get(at, 'BPR0')]
    if (common === 0n) return get(at, 'BPR1')
    return common === undefined || bpr0 === undefined ? undefined : bpr0 < 7n ? bpr0 + 1n : 7n
  },
  writes: (at, value) => {
    const common = get(at, 'CBPR')
    if (common === 0n) put(at, 'BPR1', value & 7n)
  },
}
const groupEnable = (name: 'IGRPEN0' | 'IGRPEN1'): Register => ({
  reads: (at) => get(at, name),
  writes: (at, value) => {
    put(at, name, value & 1n)
    if (value & 1n) at.vgic.delivers = true
  },
})
const active = (name: 'AP0R' | 'AP1R'): Register => ({
  reads: (at) => get(at, name, at.index),
  writes: (at, value) => put(at, name, value & 0xffff_ffffn, at.index),
})

const registers: Record<number, Register> = {
  [icc.ICC_PMR_EL1]: masked('PMR', 0xffn),
  [icc.ICC_BPR0_EL1]: masked('BPR0', 7n),
  [icc.ICC_BPR1_EL1]: binaryPoint1,
  [icc.ICC_CTLR_EL1]: control,
  // System registers, and no bypass of interrupts.
  [icc.ICC_SRE_EL1]: { reads: () => 7n },
  [icc.ICC_IGRPEN0_EL1]: groupEnable('IGRPEN0'),
  [icc.ICC_IGRPEN1_EL1]: groupEnable('IGRPEN1'),
}
const APRS = [icc.ICC_AP0R0_EL1, icc.ICC_AP1R0_EL1]
for (let n = 0; n < 4; n++) APRS.forEach((base, i) => (registers[base + n] = active(i === 0 ? 'AP0R' : 'AP1R')))

/** The register of that encoding, 16 bits; undefined: there is none. */
export const cpuRegister = (encoding: number): Register | undefined => registers[encoding]

/** Number of an active priority register among its four; undefined: it is none. */
export const activeIndex = (encoding: number): number | undefined =>
  APRS.some((base) => encoding >= base && encoding < base + 4) ? encoding & 3 : undefined

/** Active priority registers that there are, by the bits of priorities; undefined: it was not recorded. */
export const activeRegisters = (at: At): number | undefined => {
  const bits = bitsOf(at, 'PRIbits')
  return bits === undefined ? undefined : bits === 6n ? 4 : bits === 5n ? 2 : 1
}

/** True where the host cannot do what is written to ICC_CTLR_EL1, or where system registers would be switched off. */
export const isBeyondHost = (at: At, encoding: number, value: bigint): boolean =>
  encoding === icc.ICC_CTLR_EL1 && control.refuses(at, value)
export const switchesOff = (encoding: number, value: bigint): boolean =>
  encoding === icc.ICC_SRE_EL1 && (value & 1n) === 0n
export const isControl = (encoding: number): boolean => encoding === icc.ICC_CTLR_EL1

/** Registers of a hypervisor, op1 4, are there for vcpus with KVM_ARM_VCPU_HAS_EL2, which nobody has looked at. */
export const isOfHypervisor = ({ here: { vm } }: Pick<At, 'here'>, encoding: number): boolean =>
  ((encoding >> 11) & 7) === 4 && vm.vcpus.some(hasEl2)
