/** Guests that load, store, meet breakpoints and are stepped, and what kvm_run says of it. */
import { init } from '../lines/vcpu-init.ts'
import { programSlot, slot } from '../lines/memory-region.ts'
import type { Picker } from '../pick.ts'
import { onVcpu, type Bias } from './bias.ts'
import { PC, PSTATE, X } from '../../names/index.ts'

const logged = slot(
  1,
  'flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x20000, memory_size = 0x10000, userspace_addr = &ram + 0x10000',
)

const data = ['0x0', '0x8877665544332211', '0x7f7f7f7f7f7f7f7f', '0x8080808080808080', '0xffffffffffffffff']
/** Memory, none, an interrupt controller's usual place, the program itself, and beyond the guest's addresses. */
const addresses = [
  '0x20000',
  '0x2fffc',
  '0x30000',
  '0x10000000',
  '0x8000000',
  '0x0',
  '0x100',
  '0x20002',
  '0x100000000',
  '0x10000000000',
  '0xfffffffff8',
  '0x40000000000000',
]
const fields = [
  'exit_reason',
  'flags',
  'mmio.phys_addr',
  'mmio.data',
  'mmio.len',
  'mmio.is_write',
  'arm_nisv.fault_ipa',
  'debug.arch.hsr',
  'debug.arch.far',
  's.regs.device_irq_level',
]

const look = (vcpu: string, pick: Picker): string =>
  pick.once(2)
    ? `${vcpu}: kvm_run(${pick.of(fields)})`
    : `${vcpu}: KVM_GET_ONE_REG(${pick.once(3) ? pick.of([PC, PSTATE]) : X(pick.nat(10))})`
const run = (vcpu: string, pick: Picker): string[] => [
  `${vcpu}: KVM_RUN${pick.once(8) ? '(immediate_exit)' : ''}`,
  look(vcpu, pick),
]
const set = (vcpu: string, n: number, pick: Picker): string =>
  `${vcpu}: KVM_SET_ONE_REG(${X(n)}, &${pick.of(n === 1 || n === 3 ? addresses : data)})`

const exception = [
  PC,
  PSTATE,
  'KVM_REG_ARM_CORE_REG(elr_el1)',
  'KVM_REG_ARM_CORE_REG(spsr[0])',
  'ARM64_SYS_REG(3, 0, 5, 2, 0)',
  'ARM64_SYS_REG(3, 0, 6, 0, 0)',
  ...[0, 1, 2, 3, 4].map(X),
]
const lookAtException = (vcpu: string, pick: Picker): string => `${vcpu}: KVM_GET_ONE_REG(${pick.of(exception)})`
const abort = (vcpu: string, pick: Picker): string =>
  `${vcpu}: KVM_SET_VCPU_EVENTS(${pick.once(6) ? 'exception.serror_pending = 1, ' : ''}exception.ext_dabt_pending = ${pick.of([1, 1, 2, 255])})`

type Lines = (vcpu: string, pick: Picker) => string[]
const ofProgram: Readonly<Record<string, Lines>> = {
  'mmio-stores': (vcpu, pick) => [set(vcpu, 0, pick), ...run(vcpu, pick), ...run(vcpu, pick), ...run(vcpu, pick)],
  'mmio-loads': (vcpu, pick) => [
    ...run(vcpu, pick),
    `${vcpu}: kvm_run(mmio.data = ${pick.of(data)})`,
    ...run(vcpu, pick),
    ...run(vcpu, pick),
  ],
  'no-syndrome': (vcpu, pick) => [
    ...(pick.once(2) ? ['vm: KVM_ENABLE_CAP(KVM_CAP_ARM_NISV_TO_USER)'] : []),
    ...run(vcpu, pick),
    ...(pick.once(2) ? [`${vcpu}: KVM_SET_ONE_REG(${PC}, &0x8)`, ...run(vcpu, pick)] : []),
  ],
  breakpoint: (vcpu, pick) => [
    ...run(vcpu, pick),
    ...(pick.once(2) ? [`${vcpu}: KVM_SET_ONE_REG(${PC}, &0x4)`] : []),
    ...run(vcpu, pick),
  ],
  'store-at': (vcpu, pick) => [
    ...(pick.once(2) ? [logged] : []),
    set(vcpu, 1, pick),
    ...(pick.once(2) ? [set(vcpu, 3, pick)] : []),
    ...run(vcpu, pick),
    'vm: KVM_GET_DIRTY_LOG(slot = 1)',
    ...run(vcpu, pick),
  ],
  'access-at': (vcpu, pick) => [
    set(vcpu, 1, pick),
    ...run(vcpu, pick),
    lookAtException(vcpu, pick),
    ...(pick.once(2) ? [set(vcpu, 1, pick)] : []),
    ...run(vcpu, pick),
    lookAtException(vcpu, pick),
  ],
  aborted: (vcpu, pick) => [
    init(vcpu, 'KVM_ARM_VCPU_PSCI_0_2'),
    ...run(vcpu, pick),
    ...(pick.once(2) ? run(vcpu, pick) : []),
    abort(vcpu, pick),
    pick.of([lookAtException(vcpu, pick), set(vcpu, 0, pick), init(vcpu, 'KVM_ARM_VCPU_PSCI_0_2'), abort(vcpu, pick)]),
    ...run(vcpu, pick),
    lookAtException(vcpu, pick),
    ...run(vcpu, pick),
  ],
  acknowledge: (vcpu, pick) => {
    const register = (group: string, at: string, value: string) =>
      `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_${group}, ${at}, &${value})`
    const spi = 32 + pick.nat(40)
    const at = (first: number) => `0x${(first + 4 * (spi >> 5)).toString(16)}`
    const bit = `0x${(1n << BigInt(spi & 31)).toString(16)}`
    return [
      register('DIST_REGS', '0x0', '0x2'),
      register('CPU_SYSREGS', '0xc230', pick.of(['0xf0', '0xf0', '0x80', '0x0'])),
      register('CPU_SYSREGS', '0xc667', '0x1'),
      register('DIST_REGS', at(0x100), bit),
      ...(pick.once(2) ? [`vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | ${spi}, level = 1)`] : []),
      ...(pick.once(2) ? [register('DIST_REGS', at(0x200), bit)] : []),
      ...run(vcpu, pick),
      `${vcpu}: kvm_run(mmio.data)`,
      ...run(vcpu, pick),
      `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, ${at(0x200)}, &0x0)`,
    ]
  },
  'send-sgis': (vcpu, pick) => {
    const to = () =>
      pick.of(['0x1', '0x3', '0xffff', '0x10000000000', '0x5000001', '0xf00ffff', '0x3010000000000', '0x10001', '0x0'])
    return [
      ...[0, 1, 2].map((n) => `${vcpu}: KVM_SET_ONE_REG(${X(n)}, &${to()})`),
      ...run(vcpu, pick),
      `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, ${pick.of(['0x10200', '0x100010200'])}, &0x0)`,
    ]
  },
  'store-then-off': (vcpu, pick) => [...run(vcpu, pick), ...run(vcpu, pick)],
}
const names = Object.keys(ofProgram)

/** Breakpoints and watchpoints for EL1, for EL0, for both, and what is not enabled. */
const debugRegisters = (pick: Picker): string =>
  pick.once(2)
    ? `arch.dbg_bcr = ${pick.of(['0x1e7', '0x1e3', '0x1e5', '0x1e6'])}, arch.dbg_bvr = ${pick.of(['0x0', '0x4', '0x8', '0xf', '0x200'])}`
    : `arch.dbg_wcr = ${pick.of(['0x1ff7', '0x1ff3', '0x1fef', '0x1fff', '0x1ffd'])}, arch.dbg_wvr = ${pick.of(['0x20000', '0x2fff8', '0x10000000', '0x0'])}`

const debugging = (vcpu: string, name: string, pick: Picker): string[] => {
  if (!pick.once(name === 'breakpoint' ? 1 : 4)) return []
  const how = pick.of([
    'KVM_GUESTDBG_SINGLESTEP',
    'KVM_GUESTDBG_USE_SW_BP',
    'KVM_GUESTDBG_USE_SW_BP',
    `KVM_GUESTDBG_USE_HW, ${debugRegisters(pick)}`,
    `KVM_GUESTDBG_USE_HW, ${debugRegisters(pick)}`,
  ])
  return [`${vcpu}: KVM_SET_GUEST_DEBUG(KVM_GUESTDBG_ENABLE | ${how})`]
}

/** A guest does what one of the programs does, and userspace looks at it. */
export const guestPrograms: Bias = {
  name: 'guest programs',
  weight: 2,
  lines: onVcpu((vcpu, pick) => {
    const name = pick.of(names)
    return [programSlot(name), ...debugging(vcpu, name, pick), ...ofProgram[name]!(vcpu, pick)]
  }),
}
