/** Any calls on one VM, and what can be seen of it afterwards: for laws that play them in two settings. */
import { errnos, irqFlags, memFlags, X } from '../../harness/names/index.ts'
import type { Answer } from '../../harness/model/call.ts'
import { isUnknownDescriptor } from '../../harness/model/descriptor-number.ts'
import { anyCalls } from '../../harness/generate/any-calls.ts'

/** What is compared of an answer; the value of a counter moves by itself. */
export const heardAs = ({ ret, value, list }: Answer, line: string): string =>
  [ret, ...(/KVM_GET_ONE_REG\(KVM_REG_ARM_P?TIMER_CNT/.test(line) ? [] : [value]), ...(list ?? [])].join(' ')

/**
 * A signal ended this KVM_RUN in one of the settings: how far its guest had come, if it had begun at all, is up to how busy
 * the machine is, and so is all that follows.
 */
export const isInterrupted = (line: string, ...answers: readonly Answer[]): boolean =>
  /\bKVM_RUN(?!\(.*immediate_exit)/.test(line) && answers.some(({ ret }) => ret === -errnos.EINTR)

/** Those of its vcpus and devices. */
const names = ['vcpu0', 'vcpu1', 'vcpu2', 'gic', 'its', 'device']

/** Makes every name known to the text, and none a descriptor. */
export const nothing = names.map((name) =>
  name.startsWith('vcpu')
    ? `vm: ${name} = KVM_CREATE_VCPU(9999) -> -EINVAL`
    : `vm: ${name} = KVM_CREATE_DEVICE(0) -> -ENODEV`,
)

const { KVM_IRQFD_FLAG_RESAMPLE: RESAMPLE } = irqFlags

/** What a process has at a small number depends on what was made before; a guest_memfd is called by a name of one VM. */
const isOfNumbers = (name: string, { fd, flags, resamplefd, guest_memfd }: any): boolean =>
  ((name === 'KVM_IRQFD' || name === 'KVM_IOEVENTFD')
    && (isUnknownDescriptor(fd)
      || (name === 'KVM_IRQFD' && (flags & RESAMPLE) !== 0 && isUnknownDescriptor(resamplefd))))
  || (name === 'KVM_SET_USER_MEMORY_REGION2'
    && (flags & memFlags.KVM_MEM_GUEST_MEMFD) !== 0
    && (typeof guest_memfd === 'string' || isUnknownDescriptor(guest_memfd)))

/** Calls in any order on one VM and what it has; no process forks, which all guests of it would notice. */
export const calls = anyCalls(24).map((all) =>
  all.filter(
    ({ on, ioctl: { name }, arg, by }) =>
      by !== 'child'
      && (on === 'vm' || names.includes(on))
      && !(name === 'KVM_CREATE_VCPU' && arg > 2n)
      && !isOfNumbers(name, arg),
  ),
)

/** Registers that are looked at; `turn` chooses among the many. */
const registers = (turn: number): string[] => [
  ...Array.from({ length: 6 }, (_, i) => X((i * 5 + turn) % 31)),
  ...['pc', 'sp', 'pstate'].map((field) => `KVM_REG_ARM_CORE_REG(regs.${field})`),
  ...Array.from({ length: 4 }, (_, i) => `ARM64_SYS_REG(3, 0, 0, 4, ${(i + turn) % 8})`),
  'ARM64_SYS_REG(3, 0, 0, 0, 5)',
  'ARM64_SYS_REG(3, 0, 1, 0, 0)',
  // ESR_EL1, FAR_EL1 and ELR_EL1: an exception that the guest takes
  'ARM64_SYS_REG(3, 0, 5, 2, 0)',
  'ARM64_SYS_REG(3, 0, 6, 0, 0)',
  'KVM_REG_ARM_CORE_REG(elr_el1)',
  'KVM_REG_ARM_TIMER_CTL',
  'KVM_REG_ARM_TIMER_CVAL',
  'KVM_REG_ARM64_SVE_VLS',
  `KVM_REG_ARM_FW_REG(${turn % 4})`,
  `KVM_REG_ARM_FW_FEAT_BMAP_REG(${turn % 4})`,
]

/** What a vcpu is told by attributes: interrupts of its timers and its PMU, and where its stolen time is. */
const attributes = [
  'KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER',
  'KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER',
  'KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ',
  'KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA',
]

const addresses = (verb: 'GET' | 'SET', types: readonly number[]) =>
  types.map(
    (type) => `gic: KVM_${verb}_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0x${verb === 'GET' ? 0 : type}000000)`,
  )
const memory = (id: number) =>
  'vm: KVM_SET_USER_MEMORY_REGION('
  + `slot = ${id}, guest_phys_addr = 0x${id}0000, memory_size = 0x1000, userspace_addr = &ram)`

/** What can be seen of the VM, and what can still be done with it. */
export const observed = (turn: number): string[] => [
  ...['vcpu0', 'vcpu1'].flatMap((vcpu) => [
    `${vcpu}: KVM_GET_REG_LIST(n = 1000)`,
    ...registers(turn).map((name) => `${vcpu}: KVM_GET_ONE_REG(${name})`),
    `${vcpu}: KVM_GET_MP_STATE`,
    `${vcpu}: KVM_GET_VCPU_EVENTS`,
    ...attributes.map((attr) => `${vcpu}: KVM_GET_DEVICE_ATTR(${attr}, &0)`),
  ]),
  ...addresses('GET', [0, 1, 2, 3]),
  'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)',
  'its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0)',
  'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)',
  'vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)',
  'vm: KVM_GET_DIRTY_LOG(slot = 0)',
  ...[0, 1, 2].map((id) => `vm: KVM_CREATE_VCPU(${id})`),
  memory(0),
  memory(1),
  'vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)',
  'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)',
  'vcpu0: KVM_RUN(immediate_exit)',
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)',
  ...addresses('SET', [0, 2, 3]),
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
  'vm: KVM_CREATE_VCPU(2)',
]
