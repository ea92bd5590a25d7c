/** What else a VMM relies on: capabilities, features, devices, and attributes of devices and vcpus. */
import type { Call } from '../../harness/model/call.ts'
import {
  pmuAttrs,
  pvtimeAttrs,
  smcccAttrs,
  timerAttrs,
  vcpuGroups,
  vgicGroups,
  vmGroups,
} from '../../harness/names/index.ts'
import { printAnswer } from '../../harness/table/notation.ts'
import { factsOf } from '../diff/hosts.ts'
import type { Side } from '../diff/side.ts'
import { callsOf, playAfter } from './play.ts'
import { setUpLines, type MigratedVm } from './vm.ts'

export interface FactChange {
  what: string
  /** How it is on each; absent where it is not there. */
  a?: string
  b?: string
}

/** An attribute of each group of an interrupt controller. */
const ofDevice = (device: 'gic' | 'its', names: readonly (keyof typeof vgicGroups)[], attr = '0x0'): string[] =>
  names.map((group) => `${device}: KVM_HAS_DEVICE_ATTR(${group}, ${attr})`)

const V3 = [
  'KVM_DEV_ARM_VGIC_GRP_DIST_REGS',
  'KVM_DEV_ARM_VGIC_GRP_NR_IRQS',
  'KVM_DEV_ARM_VGIC_GRP_CTRL',
  'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS',
  'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO',
  'KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ',
] as const
const V2 = [
  'KVM_DEV_ARM_VGIC_GRP_DIST_REGS',
  'KVM_DEV_ARM_VGIC_GRP_CPU_REGS',
  'KVM_DEV_ARM_VGIC_GRP_NR_IRQS',
  'KVM_DEV_ARM_VGIC_GRP_CTRL',
] as const

const named = (
  on: string,
  group: keyof typeof vcpuGroups | keyof typeof vmGroups,
  names: Readonly<Record<string, number>>,
): string[] => Object.keys(names).map((name) => `${on}: KVM_HAS_DEVICE_ATTR(${group}, ${name})`)

const attributeLines = ({ gic, hasIts }: MigratedVm): string[] => [
  ...named('vcpu0', 'KVM_ARM_VCPU_PMU_V3_CTRL', pmuAttrs),
  ...named('vcpu0', 'KVM_ARM_VCPU_TIMER_CTRL', timerAttrs),
  ...named('vcpu0', 'KVM_ARM_VCPU_PVTIME_CTRL', pvtimeAttrs),
  ...named('vm', 'KVM_ARM_VM_SMCCC_CTRL', smcccAttrs),
  ...(gic === 'v3' ? [...ofDevice('gic', V3), ...ofDevice('gic', ['KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'], '0xc664')] : []),
  ...(gic === 'v2' ? ofDevice('gic', V2) : []),
  ...(hasIts ? ofDevice('its', ['KVM_DEV_ARM_VGIC_GRP_ITS_REGS', 'KVM_DEV_ARM_VGIC_GRP_CTRL']) : []),
]

/** Whether each attribute is there. */
const attributesOn = async (side: Side, vm: MigratedVm): Promise<Map<string, string>> => {
  const lines = attributeLines(vm)
  const calls: Call[] = callsOf(lines)
  const { answers } = await playAfter(side, callsOf(setUpLines(vm)), calls)
  return new Map(
    lines.flatMap((line, i): [string, string][] => {
      const answer = answers[i]
      if (!answer || answer.ret < 0) return []
      return [
        [line.replace('KVM_HAS_DEVICE_ATTR', 'attribute').replace(/^(\w+): /, '$1 '), printAnswer(answer, calls[i]!)],
      ]
    }),
  )
}

/** Everything that is otherwise on B than on A. */
export const factChanges = async (a: Side, b: Side, vm: MigratedVm): Promise<FactChange[]> => {
  const [attrsA, attrsB] = await Promise.all([attributesOn(a, vm), attributesOn(b, vm)])
  const [onA, onB] = [new Map([...factsOf(a.host), ...attrsA]), new Map([...factsOf(b.host), ...attrsB])]
  return [...new Set([...onA.keys(), ...onB.keys()])].flatMap((what): FactChange[] => {
    const [was, is] = [onA.get(what), onB.get(what)]
    return was === is ? [] : [{ what, ...(was !== undefined && { a: was }), ...(is !== undefined && { b: is }) }]
  })
}
