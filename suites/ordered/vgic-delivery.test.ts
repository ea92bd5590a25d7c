/** A guest that asks its GICv3 for interrupts, and is given those that userspace, a line or a timer has raised. */
import { sequence } from '../../harness/suite/sequence.ts'
import { get, set, DIST } from './gic-v3.ts'

const CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'
const REDIST = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const [PMR, IGRPEN1] = ['0xc230', '0xc667']
const ok = (line: string) => `${line} -> ok`
/** ICC_PMR_EL1 and ICC_IGRPEN1_EL1, GICD_CTLR. */
const setUp = `
  vcpu0 = KVM_CREATE_VCPU(0)                        -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(acknowledge)) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  ${ok(set(DIST, '0x0', '0x2'))}
  ${ok(set(CPU, PMR, '0xf0'))}
  ${ok(set(CPU, IGRPEN1, '0x1'))}
`
const NONE = '1023'
const given = (irq: string) => `
  vcpu0: KVM_RUN             -> ok = KVM_EXIT_MMIO
  vcpu0: kvm_run(mmio.data)  -> ok = ${irq}
`
/** KVM_IRQ_LINE of a shared interrupt. */
const line = (irq: string, level: string) => `vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | ${irq}, level = ${level}) -> ok`

sequence(
  'an edge of a line is given once, and not before the interrupt is enabled',
  `${setUp}
  ${line('40', '1')}
  ${given(NONE)}
  ${ok(set(DIST, '0x104', '0x100'))}
  ${given('40')}
  ${given(NONE)}
  ${line('40', '0')}
  ${line('40', '1')}
  ${given('40')}
  ${get(DIST, '0x204')} -> ok = 0
`,
)

sequence(
  'a line that is high is given again and again, until it is low',
  `${setUp}
  ${ok(set(DIST, '0xc08', '0x0'))}
  ${ok(set(DIST, '0x104', '0x100'))}
  ${line('40', '1')}
  ${given('40')}
  ${given('40')}
  ${line('40', '0')}
  ${given(NONE)}
`,
)

sequence(
  'an interrupt of its own is given as well, at once with its group',
  `${setUp}
  ${ok(set(REDIST, '0x10100', '0x100000'))}
  ${ok(set(REDIST, '0x10200', '0x100000'))}
  ${ok(set(REDIST, '0x10080', '0x0'))}
  ${given(NONE)}
  ${get(REDIST, '0x10200')} -> ok = 0x100000
`,
)

sequence(
  'an interrupt that is routed elsewhere is not given',
  `${setUp}
  ${ok(set(DIST, '0x104', '0x100'))}
  ${ok(set(DIST, '0x6140', '0x1'))}
  ${ok(set(DIST, '0x204', '0x100'))}
  ${given(NONE)}
`,
)
