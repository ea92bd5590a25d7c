/** KVM_ARM_VCPU_TIMER_CTRL: the interrupts of timers. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'each timer has a usual interrupt, of which a vcpu need not be initialised',
  `
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0) -> ok = 27
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &0) -> ok = 30
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER)     -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER)     -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER)     -> -EFAULT (value not writable)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4)                                 -> -ENXIO (unknown attribute)
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4)                                 -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4)                                 -> -EINVAL (no vgic)
`,
)

sequence(
  'the timers of EL2 came later',
  `
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER, &0)  -> -ENXIO (unknown attribute)
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HPTIMER)      -> -ENXIO (unknown attribute)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER, &20) -> -ENXIO (unknown attribute)
`,
  { until: '6.12' },
)

sequence(
  'timers of EL2 have interrupts without EL2',
  `
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER, &0)  -> ok = 28
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HPTIMER, &0)  -> ok = 26
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HPTIMER)      -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER, &20) -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_HVTIMER, &0)  -> ok = 20
`,
  { since: '6.12' },
)

sequence(
  'an interrupt is private, and looked at before the timer is',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                       -> ok
  vm: KVM_CREATE_VCPU(0)                                                                  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4)                                  -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &15)                             -> -EINVAL (not a PPI)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &32) -> -EINVAL (not a PPI)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, 4, &16)                             -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &16) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &31) -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0)  -> ok = 16
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &0)  -> ok = 31
`,
)

sequence(
  'up to 6.1 the vcpus that there are get both interrupts of the one that is told',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                       -> ok
  vm: KVM_CREATE_VCPU(0)                                                                  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                  -> ok
  vcpu1: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0)  -> ok = 27
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &21) -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0)  -> ok = 27
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &0)  -> ok = 21
`,
  { until: '6.12' },
)

sequence(
  'from 6.12 on the VM has one interrupt for each timer',
  `
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                       -> ok
  vm: KVM_CREATE_VCPU(0)                                                                  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &20) -> ok
  vm: KVM_CREATE_VCPU(1)                                                                  -> ok
  vcpu1: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0)  -> ok = 20
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &21) -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_VTIMER, &0)  -> ok = 20
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_PTIMER, &0)  -> ok = 21
`,
  { since: '6.12' },
)

sequence(
  'a group that vcpus do not have',
  `
  vcpu0: KVM_SET_DEVICE_ATTR(3, 0)             -> -ENXIO (unknown attribute)
  vcpu0: KVM_GET_DEVICE_ATTR(3, 0)             -> -ENXIO (unknown attribute)
  vcpu0: KVM_HAS_DEVICE_ATTR(3, 0)             -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(&short(23), 3, 0) -> -EFAULT (bad pointer)
`,
)
