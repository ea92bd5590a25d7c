/** What a guest brings about: hypercalls of one, and what they leave in its registers and on the other vcpus. */
import { onVcpu, type Bias } from './bias.ts'
import { init } from '../lines/vcpu-init.ts'
import { programSlot } from '../lines/memory-region.ts'
import type { Picker } from '../pick.ts'
import { X } from '../../names/index.ts'

const program = programSlot('hypercalls')

/** PSCI's functions, most of which come back at once; each wait costs the time until a signal. */
const functions = [
  ...['0', '3', '4', '5', '6', 'a', 'a', 'a', '12', '15', '14', 'f', '1f'].map((n) => `0x840000${n.padStart(2, '0')}`),
  ...['3', '4', '12', '13', '15'].map((n) => `0xc40000${n.padStart(2, '0')}`),
  '0x95c1ba5e',
  '0x95c1ba60',
  '0x95c1ba61',
  '0x80000000',
  '0x80000001',
  '0x84000050',
  '0x84000051',
  '0x84000052',
  '0x84000053',
  '0xc4000053',
  '0x84000054',
  '0x86000000',
  '0x86000001',
  '0x8600ff01',
  '0xc5000020',
  '0xc5000021',
  '0x80003fff',
  '0x5584000006',
  '0x8400000e',
  '0xc400000e',
  '0x2',
  '0x84000020',
  '0xffffffff',
]
const rare = ['0x84000001', '0x84000002', '0x84000008', '0x84000009', '0x95c1ba5f']
/** Other functions, affinities of vcpus, levels, kinds of reset. */
const args = [
  '0x0',
  '0x1',
  '0x2',
  '0x3',
  '0x4',
  '0x100',
  '0x80000000',
  '0x7fffffff',
  '0x100000000',
  '0xffffffffffffffff',
  '0x84000003',
  '0xc4000003',
  '0x84000012',
  '0xc4000015',
  '0x80000000',
  '0x84000005',
  '0x84000050',
  '0xc4000053',
  '0xc5000020',
  '0xc5000021',
  '0x80003fff',
  '0x80008000',
  '0x60',
  '0xc1',
]
const bitmaps = ['STD_BMAP', 'STD_HYP_BMAP', 'VENDOR_HYP_BMAP', 'VENDOR_HYP_BMAP_2']
const setBitmap = (vcpu: string, pick: Picker): string =>
  `${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_${pick.of(bitmaps)}, &${pick.nat(3)})`
const versions = ['0x2', '0x10000', '0x10001', '0x10002', '0x10003']

const filter = (pick: Picker): string => {
  const base = pick.of(['0x84000000', '0x84000004', '0xc4000003', '0x95c1ba5e', '0x84000050', '0x86000000', '0x2'])
  return `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = ${base}, nr_functions = ${pick.of([1, 3, 0x20])}, action = ${pick.nat(2)}))`
}

const hypercall = (vcpu: string, pick: Picker): string[] => [
  `${vcpu}: KVM_SET_ONE_REG(${X(0)}, &${pick.of(pick.once(12) ? rare : functions)})`,
  `${vcpu}: KVM_SET_ONE_REG(${X(1)}, &${pick.of(args)})`,
  ...(pick.once(2) ? [`${vcpu}: KVM_SET_ONE_REG(${X(2)}, &${pick.of(args)})`] : []),
  `${vcpu}: KVM_RUN`,
  `${vcpu}: KVM_GET_ONE_REG(${X(pick.nat(3))})`,
  ...(pick.once(3)
    ? [
        `${vcpu}: kvm_run(${pick.of(['system_event.type', 'system_event.ndata', 'system_event.data[0]', 'hypercall.nr', 'hypercall.flags'])})`,
      ]
    : []),
]

const ENTRIES = ['0x0', '0x4', '0x8', '0x100000004', '0x2', '0x10000000']
const CONTEXTS = ['0x0', '0x84000000', '0x1122334455667788', '0xffffffffffffffff']

/** One vcpu switches another on, and userspace is there first or not. */
export const cpuOn: Bias = {
  name: 'CPU_ON of a guest',
  weight: 1,
  lines: onVcpu((other, pick, { vcpus }) => {
    const vcpu = vcpus.find((one) => one !== other)
    if (vcpu === undefined) return []
    const args = [
      pick.of(['0xc4000003', '0x84000003']),
      pick.of(['0x0', '0x1', '0x2']),
      pick.of(ENTRIES),
      pick.of(CONTEXTS),
    ]
    return [
      program,
      init(vcpu, 'KVM_ARM_VCPU_PSCI_0_2'),
      init(other, 'KVM_ARM_VCPU_PSCI_0_2'),
      `${other}: KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)`,
      ...args.map((value, n) => `${vcpu}: KVM_SET_ONE_REG(${X(n)}, &${value})`),
      `${vcpu}: KVM_RUN`,
      ...pick.of([
        [],
        [`${other}: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))`],
        [`${other}: KVM_SET_ONE_REG(${X(0)}, &0x84000000)`],
        [`${other}: KVM_RUN(immediate_exit)`, `${other}: KVM_SET_ONE_REG(0x0, &1)`],
        [init(other, 'KVM_ARM_VCPU_PSCI_0_2')],
        [`${other}: KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED)`, `${other}: KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE)`],
      ]),
      `${other}: KVM_RUN`,
      `${other}: KVM_GET_ONE_REG(${X(pick.nat(1))})`,
      `${other}: kvm_run(mmio.data)`,
    ]
  }),
}

/** A guest is there, of one PSCI or another, and makes hypercalls. */
export const hypercalls: Bias = {
  name: 'hypercalls of a guest',
  weight: 2,
  lines: onVcpu((vcpu, pick) => [
    ...(pick.once(3) ? [] : [pick.once(4) ? programSlot('monitor-calls') : program]),
    ...(pick.once(6) ? ['vm: KVM_ENABLE_CAP(KVM_CAP_ARM_SYSTEM_SUSPEND)'] : []),
    ...(pick.once(6) ? [filter(pick)] : []),
    ...(pick.once(3) ? [`${vcpu}: KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &${pick.of(versions)})`] : []),
    ...(pick.once(3) ? [setBitmap(vcpu, pick)] : []),
    ...hypercall(vcpu, pick),
    ...(pick.once(4) ? [setBitmap(vcpu, pick)] : []),
    ...(pick.once(2) ? hypercall(vcpu, pick) : []),
  ]),
}
