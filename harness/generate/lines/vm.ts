/** Calls on VMs and on /dev/kvm: vcpus, devices, interrupt lines, IPA sizes; and the events of a vcpu. */

export const disputedOnVm = [
  ['vm: KVM_CREATE_VCPU(0x100000000)'],
  ['vm: KVM_CREATE_VCPU(512)', 'vm: KVM_CREATE_VCPU(511)'],
  ['vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 31, level = 1)'],
  ['vm: KVM_IRQ_LINE(3 << 24)'],
  ['vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)'],
  ['vm: KVM_GET_DEVICE_ATTR(9, 0, &0)'],
  ['vm: KVM_RUN(immediate_exit)'],
]
export const events = [
  'exception.pad = 0x1',
  'exception.serror_pending = 1',
  'exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x1ffffff',
  'exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x2000000',
  'exception.serror_has_esr = 1, exception.serror_esr = 0x2000000',
  '&short(63)',
]
/** Interrupt lines of every kind, for a vgic in any state. */
export const lines = [
  'KVM_ARM_IRQ_TYPE_SPI | 32',
  'KVM_ARM_IRQ_TYPE_SPI | 31',
  'KVM_ARM_IRQ_TYPE_SPI | 64',
  'KVM_ARM_IRQ_TYPE_SPI | 1018',
  'KVM_ARM_IRQ_TYPE_PPI | 16',
  'KVM_ARM_IRQ_TYPE_PPI | vcpu 3 | 16',
  'KVM_ARM_IRQ_TYPE_PPI | 15',
  'KVM_ARM_IRQ_TYPE_CPU',
  'KVM_ARM_IRQ_TYPE_CPU | vcpu 5',
].map((irq) => `vm: KVM_IRQ_LINE(${irq}, level = 1)`)
export const deviceNames = [
  'KVM_DEV_TYPE_ARM_VGIC_V3',
  'KVM_DEV_TYPE_ARM_VGIC_V2',
  'KVM_DEV_TYPE_ARM_VGIC_ITS',
  'KVM_DEV_TYPE_VFIO',
  'KVM_DEV_TYPE_ARM_VGIC_V3',
  'KVM_DEV_TYPE_ARM_VGIC_V2',
  'KVM_DEV_TYPE_XICS',
]
const smallSizes = ['31', '32', '33', '36', '39', '40', '41']
/**
 * IPA sizes around the limits of hosts; large ones seldom, since 7.2 takes seconds to take apart a VM of 2^52 bytes.
 */
export const ipaSizes = [...smallSizes, ...smallSizes, ...smallSizes, '48', '49', '51', '52', '53']
export const neighbouringVcpus = [
  ['vm: KVM_CREATE_VCPU(511)', 'vm: KVM_CREATE_VCPU(512)'],
  ['vm: KVM_CREATE_VCPU(7)', 'vm: KVM_CREATE_VCPU(8)'],
  ['vm: KVM_CREATE_VCPU(0)', 'vm: KVM_CREATE_VCPU(0)', 'vm: KVM_CREATE_VCPU(1)'],
]
export const neighbouringVms = [
  ['kvm: KVM_CREATE_VM(31)', 'kvm: KVM_CREATE_VM(32)'],
  ['kvm: KVM_CREATE_VM(0x100)', 'kvm: KVM_CREATE_VM(0)'],
  ['kvm: KVM_CREATE_VM(0x80000000)', 'kvm: KVM_CREATE_VM(36)'],
]
