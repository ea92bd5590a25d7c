/** KVM_ARM_VCPU_PMU_V3_INIT, and the KVM_RUN that follows: what is found wrong with its interrupt, and what can be told no more. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the PMU is initialised after the vgic, and needs an interrupt that the vgic has',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &256)           -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> -ENODEV (vgic not initialised)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -ENODEV (vgic not initialised)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> -EINVAL (interrupt beyond the vgic)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> -EINVAL (interrupt beyond the vgic)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &200)           -> -EBUSY (already set)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> -ENXIO (no interrupt)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &255)           -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)                 -> -EBUSY (PMU initialised)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, 9)                                       -> -EBUSY (PMU initialised)
  vcpu1: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
)

sequence(
  'no timer raises the interrupt of the PMU, whichever of them comes first',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &27)            -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20)       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
  { since: '6.1' },
)

sequence(
  'a timer that has run has claimed its interrupt',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (PMU not set up)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &30)            -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> -EEXIST (interrupt of a timer)
`,
  { since: '6.1' },
)

sequence(
  'a PMU that was initialised before there was a vgic never runs with it',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (PMU without interrupt)
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (PMU without interrupt)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23)            -> -EBUSY (PMU initialised)
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 such a PMU keeps the vcpu from running once',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                             -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)   -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)               -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINVAL (PMU without interrupt)
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
`,
  { until: '6.1' },
)

sequence(
  'the PMU and its events are chosen before a vcpu runs',
  `
  vm: KVM_CREATE_VCPU(0)                                                                               -> ok
  vm: KVM_CREATE_VCPU(1)                                                                               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                           -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                           -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                       -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 17, nevents = 1, action = 2)) -> -EINVAL (range or action)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 17, nevents = 1, action = KVM_PMU_EVENT_DENY)) -> -EBUSY (has run)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &0xffffffff)       -> -ENXIO (no such PMU)
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 events may be chosen after another vcpu has run',
  `
  vm: KVM_CREATE_VCPU(0)                                                                               -> ok
  vm: KVM_CREATE_VCPU(1)                                                                               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                           -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                           -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                       -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                       -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 17, nevents = 1, action = KVM_PMU_EVENT_DENY)) -> ok
`,
  { until: '6.1' },
)

sequence(
  'in 7.2 counters may be counted after another vcpu has run',
  `
  vm: KVM_CREATE_VCPU(0)                                                                        -> ok
  vm: KVM_CREATE_VCPU(1)                                                                        -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                -> -EINTR (immediate_exit)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0) -> ok
`,
  { since: '7.2' },
)

sequence(
  'timers are looked at before the PMU',
  `
  vm: KVM_CREATE_VCPU(0)                                                                     -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                 -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30)    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)            -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                             -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23)         -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)             -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                             -> -EINVAL (interrupts of timers)
`,
  { since: '6.1' },
)

sequence(
  'in 5.10 timers that clash can be told again though the vcpu runs',
  `
  vm: KVM_CREATE_VCPU(0)                                                                     -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                 -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)             -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &30)    -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)            -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                             -> -EINVAL (interrupts of timers)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20)    -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                             -> -EINTR (immediate_exit)
`,
  { until: '6.1' },
)

sequence(
  'a PMU that was initialised without a vgic is not told of an interrupt',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                         -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)     -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23) -> -EBUSY (PMU initialised)
`,
)

sequence(
  'up to 6.1 a vcpu loses its PMU through a KVM_ARM_VCPU_INIT that fails',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3 | 1 << 20)                  -> -ENOENT (unknown feature)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -EBUSY (PMU initialised)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PTRAUTH_ADDRESS)                   -> -EINVAL (half of PTRAUTH)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -ENODEV (no PMU)
`,
  { until: '6.12' },
)
