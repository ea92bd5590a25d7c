/** KVM_ARM_VCPU_TIMER_CTRL and KVM_RUN: interrupts of timers that clash, and until when they can be told. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'no vcpu of 6.1 runs while their timers differ',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20)       -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &21)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> -EBUSY (timers in use)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> ok
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> -EBUSY (timers in use)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &22) -> -EBUSY (timers in use)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &15) -> -EINVAL (not a PPI)
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'in 5.10 such vcpus run at the second attempt, and their timers can still be told',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20)       -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> -EBUSY (timers in use)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &22) -> -EBUSY (timers in use)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &15) -> -EINVAL (not a PPI)
`,
  { until: '6.1' },
)

sequence(
  'once a vcpu has run the interrupts are those of all its VM for good',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> -EBUSY (timers in use)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &22)       -> -EBUSY (timers in use)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &22)                                   -> -EBUSY (timers in use)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &15)                                   -> -EINVAL (not a PPI)
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
  { since: '6.12' },
)

sequence(
  'two timers with one interrupt never run; of 6.1 the virtual one has it from then on',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30)       -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &27)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &29)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
  { since: '6.1', until: '6.12' },
)

sequence(
  'two timers with one interrupt never run; from 6.12 on the physical one has it from then on',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30)       -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                      -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &29)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &27)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
  { since: '6.12' },
)

sequence(
  'the vgic is looked at before the timers',
  `
  vm: KVM_CREATE_VCPU(0)                                                                     -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                   -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30)    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                             -> -EBUSY (vgic not initialised)
`,
)

sequence(
  'a GICv2 is looked at before the timers, and kills the VM',
  `
  KVM_CREATE_IRQCHIP                                                                      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)                          -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8000000)                           -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                          -> -EINVAL (frames overlap)
  vcpu0: KVM_RUN(immediate_exit)                                                          -> -EIO (dead VM)
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 a GICv2 is looked at before the timers, and its cpu interface last of all',
  `
  KVM_CREATE_IRQCHIP                                                                      -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30) -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_DIST, 0)                                  -> ok
  KVM_ARM_SET_DEVICE_ADDR(KVM_VGIC_V2_ADDR_TYPE_CPU, 0xfffffff000)                        -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                          -> -ERANGE (frames beyond the IPA size)
`,
  { until: '6.1' },
)
