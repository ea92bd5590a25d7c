/** What holds of the registers of a VM, whatever their values. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { hex, anyNumber } from '../../../model/scalar.ts'
import { maydell } from './registers.ts'

const REGISTERS = ['GICD_CTLR', 'GICD_IGROUPR0', 'GICC_PMR'] as const
const anyState = fc.tuple(...REGISTERS.map(() => anyNumber(32, [0n, 1n, 0xf0n, 0xffff_ffffn])))

const setAll = (vm: string, values: readonly bigint[]): string[] =>
  REGISTERS.map((id, i) => `${vm}: KVM_SET_VM_ONE_REG(${id}, ${hex(values[i]!)}) -> ok`)
const getAll = (vm: string, values: readonly bigint[]): string[] =>
  REGISTERS.map((id, i) => `${vm}: KVM_GET_VM_ONE_REG(${id}) -> ok = ${values[i]}`)

const set = (vm: string, type: string, addr: string) =>
  `${vm}: KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_${type}, ${addr})`

export const lawsOfVmOneReg: readonly Law[] = [
  {
    title: 'a complete copy of all registers is always possible: before the copy runs, and after it has run',
    cite: maydell('doing a complete copy of all ONE_REG (and DEV_REG if we have it) state from source to destination'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyState, anyState), async ([first, second]) => {
        await tools.ask(
          [
            'vm = KVM_CREATE_VM(0) -> ok',
            'vm1 = KVM_CREATE_VM(0) -> ok',
            'vm: KVM_CREATE_IRQCHIP -> ok',
            'vm1: KVM_CREATE_IRQCHIP -> ok',
            ...setAll('vm', first),
            ...getAll('vm', first),
            `${set('vm1', 'DIST', '0x8000000')} -> ok`,
            `${set('vm1', 'CPU', '0x8010000')} -> ok`,
            ...setAll('vm1', second),
            'vm1: KVM_CREATE_VCPU(0) -> ok',
            'vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            'vm1.vcpu0: KVM_RUN(immediate_exit) -> -EINTR',
            ...getAll('vm1', second),
            ...setAll('vm1', first),
            ...getAll('vm1', first),
            ...getAll('vm', first),
          ].join('\n'),
        )
      }),
  },
]
