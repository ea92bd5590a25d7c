/** Registers of interrupt controllers: what a write leaves in the register itself, and in those beside it. */
import { hex } from '../../model/scalar.ts'
import { gicc, gicd, gicdV2, gicr, gits, icc } from '../../names/gic-registers.ts'
import { CTRL_INIT } from '../lines/device-attr.ts'
import { place } from '../lines/vgic-address.ts'
import type { Picker } from '../pick.ts'
import { oneOf, onGic, type Bias } from './bias.ts'

type Range = readonly [number, number]
type Group = readonly [name: string, ranges: readonly Range[], unit: number]
const groups: Record<'v2' | 'v3', readonly Group[]> = {
  v2: [
    ['DIST_REGS', [...Object.values(gicd), ...Object.values(gicdV2)], 4],
    ['CPU_REGS', Object.values(gicc), 4],
  ],
  v3: [
    ['DIST_REGS', Object.values(gicd), 4],
    ['REDIST_REGS', Object.values(gicr), 4],
    ['CPU_SYSREGS', Object.values(icc).map((at): Range => [at, 4]), 1],
    ['LEVEL_INFO', [[0, 0x400]], 32],
  ],
}
const ofIts: Group = ['ITS_REGS', Object.values(gits), 8]

/** A register in one of the ranges, mostly one of its first: interrupts beyond are often not there. */
const somewhere = (pick: Picker, ranges: readonly Range[], unit: number): number => {
  const [at, size] = pick.of(ranges)
  const most = Math.max(Math.ceil(size / unit) - 1, 0)
  return at + unit * pick.nat(pick.once(4) ? most : Math.min(most, 3))
}
const word = (pick: Picker): bigint =>
  pick.of([0n, 0xffff_ffffn, 1n << BigInt(pick.nat(31)), BigInt(pick.nat(0xffff)) | (BigInt(pick.nat(0xffff)) << 16n)])
const value = (pick: Picker, group: string): bigint =>
  group === 'ITS_REGS' || group === 'CPU_SYSREGS' ? word(pick) | (word(pick) << 32n) : word(pick)

/** Writes of some registers of a group, and what they and a neighbour then read. */
const writesAndReads = (on: string, [name, ranges, unit]: Group, pick: Picker, cpus: number): string[] => {
  const group = `KVM_DEV_ARM_VGIC_GRP_${name}`
  const cpu = name === 'ITS_REGS' ? 0n : BigInt(pick.nat(cpus - 1)) << 32n
  const at = BigInt(somewhere(pick, ranges, unit))
  const beside = pick.once(2) ? BigInt(somewhere(pick, ranges, unit)) : at ^ 0x80n
  const set = (offset: bigint) =>
    `${on}: KVM_SET_DEVICE_ATTR(${group}, ${hex(cpu | offset)}, &${hex(value(pick, name))})`
  const get = (offset: bigint) => `${on}: KVM_GET_DEVICE_ATTR(${group}, ${hex(cpu | offset)}, &0x0)`
  return [
    ...(pick.once(3) ? [`${on}: KVM_HAS_DEVICE_ATTR(${group}, ${hex(cpu | at)})`] : []),
    set(at),
    ...(pick.once(2) ? [set(beside)] : []),
    get(at),
    get(beside),
  ]
}

/** What a write of a register leaves: in itself, and in those that show the same state. */
export const vgicRegisters: Bias = {
  name: 'registers of the interrupt controllers',
  weight: 5,
  lines: oneOf([
    onGic((model, pick, { vcpus }) => {
      const some = () => writesAndReads('gic', pick.of(groups[model]), pick, Math.max(vcpus.length, 1))
      return [
        ...(vcpus.length === 0 ? ['vm: KVM_CREATE_VCPU(0)'] : []),
        ...(pick.once(8) ? some() : []),
        CTRL_INIT,
        ...some(),
        ...(pick.once(4)
          ? [`vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | ${32 + pick.nat(70)}, level = ${pick.nat(1)})`]
          : []),
        ...(pick.once(4) && vcpus.length > 0 ? [`${vcpus[0]}: KVM_RUN(immediate_exit)`] : []),
        ...some(),
      ]
    }),
    (state, pick) =>
      state.devices.includes('its')
        ? [
            place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its'),
            ...writesAndReads('its', ofIts, pick, 1),
            ...writesAndReads('its', ofIts, pick, 1),
          ]
        : [],
  ]),
}
