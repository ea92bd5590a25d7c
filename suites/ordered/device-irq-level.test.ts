/** Interrupts of timers and of the PMU where there is no vgic: userspace takes them, told by kvm_run.s.regs.device_irq_level. */
import { sequence } from '../../harness/suite/sequence.ts'
import { PC, X } from '../../harness/names/index.ts'

const VTIMER = '0x1'
const PTIMER = '0x2'

const guest = (name: string, features = '0') => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})) -> ok
  KVM_ARM_VCPU_INIT(features[] = ${features}) -> ok
`
const GUEST = guest('mmio-stores')
const set = (register: string, value: string) => `KVM_SET_ONE_REG(KVM_REG_ARM_${register}, &${value}) -> ok`
const levels = (value: string) => `kvm_run(s.regs.device_irq_level) -> ok = ${value}`
/** Userspace is told, and then the guest goes on. */
const told = (value: string) => `
  KVM_RUN -> -EINTR (device interrupt)
  kvm_run(exit_reason) -> ok = KVM_EXIT_INTR
  ${levels(value)}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${levels(value)}
`
/** A timer whose time has come, since that is 0. */
const due = (timer: string) => set(`${timer}_CTL`, '0x1')

sequence(
  'a virtual timer that is due is told before the guest runs, once, and when it is so no more',
  `${GUEST}
  ${levels('0')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${levels('0')}
  ${due('TIMER')}
  KVM_GET_ONE_REG(${PC}) -> ok = 0x4
  ${told(VTIMER)}
  ${set('TIMER_CTL', '0x3')}
  ${told('0')}
  ${due('TIMER')}
  ${told(VTIMER)}
  ${set('TIMER_CTL', '0x0')}
  ${told('0')}
`,
)

sequence(
  'a timer that is masked, off, or due in the far future has nothing to tell',
  `${GUEST}
  ${set('TIMER_CTL', '0x3')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${set('TIMER_CTL', '0x2')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${set('TIMER_CVAL', '0x7fffffffffffffff')}
  ${due('TIMER')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${levels('0')}
  ${set('TIMER_CVAL', '0x0')}
  ${told(VTIMER)}
`,
)

sequence(
  'both timers are told, each by its bit',
  `${GUEST}
  ${due('PTIMER')}
  ${told(PTIMER)}
  ${due('TIMER')}
  ${told('0x3')}
  ${set('PTIMER_CTL', '0x0')}
  ${told(VTIMER)}
`,
  { since: '6.12' },
)

sequence(
  'a timer is due when the counter that userspace has set has come there',
  `${GUEST}
  ${set('TIMER_CVAL', '0x100000000000000')}
  ${due('TIMER')}
  ${set('TIMER_CNT', '0x100000000000000')}
  ${told(VTIMER)}
  ${set('TIMER_CNT', '0x0')}
  ${set('TIMER_CVAL', '0x2000000000000000')}
  ${told('0')}
`,
)

sequence(
  'userspace that forgets what it was told is told again, and bits that are no device stay',
  `${GUEST}
  ${due('TIMER')}
  KVM_RUN -> -EINTR (device interrupt)
  kvm_run(s.regs.device_irq_level = 0xf0) -> ok
  KVM_RUN -> -EINTR (device interrupt)
  ${levels('0xf1')}
  ${set('TIMER_CTL', '0x0')}
  KVM_RUN -> -EINTR (device interrupt)
  ${levels('0xf0')}
  kvm_run(s.regs.device_irq_level = 0x3) -> ok
  KVM_RUN -> -EINTR (device interrupt)
  ${levels('0')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'a KVM_RUN that comes back at once tells nothing',
  `${GUEST}
  ${due('TIMER')}
  KVM_RUN(immediate_exit) -> -EINTR (immediate_exit)
  ${levels('0')}
  ${told(VTIMER)}
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  ${levels(VTIMER)}
  KVM_RUN(immediate_exit) -> -EINTR (immediate_exit)
  ${levels(VTIMER)}
  KVM_RUN -> -EINTR (device interrupt)
  ${levels('0')}
`,
)

sequence(
  'a load of the guest is completed before it is told',
  `${guest('mmio-loads')}
  KVM_RUN -> ok = KVM_EXIT_MMIO
  kvm_run(mmio.data = 0x12) -> ok
  ${due('TIMER')}
  KVM_RUN -> -EINTR (device interrupt)
  KVM_GET_ONE_REG(${X(0)}) -> ok = 0x12
  KVM_GET_ONE_REG(${PC}) -> ok = 0x8
  kvm_run(mmio.data = 0x34) -> ok
  KVM_RUN -> ok = KVM_EXIT_MMIO
  KVM_GET_ONE_REG(${X(0)}) -> ok = 0x12
`,
)

sequence(
  'a vcpu that is off is told when a signal comes, not before',
  `${GUEST}
  KVM_SET_MP_STATE(KVM_MP_STATE_STOPPED) -> ok
  ${due('TIMER')}
  KVM_RUN -> -EINTR (signal)
  ${levels(VTIMER)}
  KVM_SET_MP_STATE(KVM_MP_STATE_RUNNABLE) -> ok
  KVM_RUN -> ok = KVM_EXIT_MMIO
`,
)

sequence(
  'it is told without memory to run in, too',
  `
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  ${due('TIMER')}
  KVM_RUN -> -EINTR (device interrupt)
  ${levels(VTIMER)}
`,
)

const suspended = (wakes: string) => `${guest('hypercalls', 'KVM_ARM_VCPU_PSCI_0_2')}
  ${due('TIMER')}
  KVM_RUN -> -EINTR (device interrupt)
  KVM_SET_ONE_REG(${X(0)}, &0x84000001) -> ok
  ${wakes}
`
sequence(
  'a timer that is due does not end CPU_SUSPEND, whose interrupt userspace would have to bring',
  suspended('KVM_RUN -> -EINTR (signal)'),
  { since: '6.1' },
)
sequence('in 5.10 a timer that is due ends CPU_SUSPEND', suspended('KVM_RUN -> ok = KVM_EXIT_MMIO'), { until: '6.1' })

sequence(
  'without a vgic the level of each vcpu is its own',
  `${GUEST.replace('KVM_ARM', 'vcpu0: KVM_ARM')}
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1) -> ok
  vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO
  vcpu0: kvm_run(s.regs.device_irq_level) -> ok = 0
  vcpu1: KVM_RUN -> -EINTR (device interrupt)
  vcpu1: kvm_run(s.regs.device_irq_level) -> ok = 0x1
  vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO
  vcpu0: kvm_run(s.regs.device_irq_level) -> ok = 0
`,
)

sequence(
  'with a vgic nothing is told',
  `${GUEST.replace('KVM_ARM', 'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok\n  vcpu0: KVM_ARM')}
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x1) -> ok
  vcpu0: kvm_run(s.regs.device_irq_level = 0x2) -> ok
  vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO
  vcpu0: kvm_run(s.regs.device_irq_level) -> ok = 0x2
`,
)
