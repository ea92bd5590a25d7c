/** KVM_ARM_VCPU_PMU_V3_CTRL: what a vcpu's PMU is told, in which order, and what is found wrong with it at last. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'without KVM_ARM_VCPU_PMU_V3 there is nothing to be told, whatever it is',
  `
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)      -> -ENXIO (no PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)      -> -ENODEV (no PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, 9, &23)                       -> -ENODEV (no PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)     -> -ENODEV (no PMU)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0)  -> -EINVAL (no vgic)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                           -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)      -> -ENXIO (no PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER)   -> -ENODEV (no PMU)
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, 9)                            -> -ENXIO (unknown attribute)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                  -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0)  -> -ENODEV (no PMU)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT, &0) -> -ENXIO (unknown attribute)
`,
)

sequence(
  'up to 6.1 one vcpu has a PMU and another has none',
  `
  vm: KVM_CREATE_VCPU(0)                                                            -> ok
  vm: KVM_CREATE_VCPU(1)                                                            -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                        -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)    -> -ENODEV (no PMU)
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)    -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                 -> ok
  vcpu1: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0) -> -ENODEV (no PMU)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0) -> -ENXIO (no interrupt)
`,
  { until: '6.12' },
)

sequence(
  'up to 6.1 a PMU is left by a KVM_ARM_VCPU_INIT that failed',
  `
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3 | 1 << 20)                  -> -ENOENT (unknown feature)
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -EBUSY (PMU initialised)
`,
  { until: '6.12' },
)

sequence(
  'from 6.12 on a vcpu has the PMU of its VM before it is initialised',
  `
  vm: KVM_CREATE_VCPU(0)                                                         -> ok
  vm: KVM_CREATE_VCPU(1)                                                         -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -ENODEV (no PMU)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                     -> ok
  vcpu1: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -EBUSY (PMU initialised)
`,
  { since: '6.12' },
)

sequence(
  '5.10 knows three attributes',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                        -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER)  -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU) -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU) -> -ENXIO (unknown attribute)
`,
  { until: '6.1' },
)

sequence(
  'a fourth chooses the PMU',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                     -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU)              -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS)      -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0)  -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU)              -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &0xffffffff) -> -ENXIO (no such PMU)
`,
  { since: '6.1', until: '7.2' },
)

sequence(
  'a fifth says how many counters it has, whether or not a PMU was chosen',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                     -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS)      -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, 5)                                        -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, 5)                                        -> -ENXIO (unknown attribute)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS)      -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &32) -> -EINVAL (too many counters)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &1)  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0)  -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &0xffffffff) -> -ENXIO (no such PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                 -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0)  -> -EBUSY (PMU initialised)
`,
  { since: '7.2' },
)

sequence(
  'the interrupt is private or shared, told once, and read back',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                 -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)              -> -EINVAL (no vgic)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> -ENXIO (unknown attribute)
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                          -> ok
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0)          -> -ENXIO (no interrupt)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &unmapped) -> -ENXIO (no interrupt)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)              -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &15)         -> -EINVAL (no such interrupt)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &1020)       -> -EINVAL (no such interrupt)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0xffffffff) -> -EINVAL (no such interrupt)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &16)         -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &16)         -> -EBUSY (already set)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &17)         -> -EINVAL (interrupt of other vcpus)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &40)         -> -EBUSY (already set)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &0)          -> ok = 16
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)              -> -EFAULT (value not writable)
`,
)

sequence(
  'a private interrupt is that of all vcpus, a shared one of one',
  `
  vm: KVM_CREATE_VCPU(0)                                                               -> ok
  vm: KVM_CREATE_VCPU(1)                                                               -> ok
  vm: KVM_CREATE_VCPU(2)                                                               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                           -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                           -> ok
  vcpu2: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &1019) -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &1019) -> -EINVAL (interrupt of other vcpus)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23)   -> -EINVAL (interrupt of other vcpus)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &32)   -> ok
  vcpu2: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &40)   -> ok
`,
)

sequence(
  'events are chosen in a range that the PMU has',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                                           -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER)                     -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 0, nevents = 0x400, action = KVM_PMU_EVENT_DENY)) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 0x400, action = KVM_PMU_EVENT_ALLOW, pad = 0xffffff)) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 0xffff, nevents = 2, action = KVM_PMU_EVENT_ALLOW)) -> -EINVAL (range or action)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 17, nevents = 1, action = 2)) -> -EINVAL (range or action)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)                       -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 17, nevents = 1, action = KVM_PMU_EVENT_DENY)) -> -EBUSY (PMU initialised)
`,
)

sequence(
  'the PMU that a VM has may be chosen also where there is a filter of events, whatever the text says',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = 0, nevents = 1, action = KVM_PMU_EVENT_DENY)) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10) -> ok
`,
  { since: '6.1' },
)

sequence(
  'one PMU is chosen for all vcpus, before one of them runs',
  `
  vm: KVM_CREATE_VCPU(0)                                       -> ok
  vm: KVM_CREATE_VCPU(1)                                       -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)   -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)   -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10) -> ok
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10) -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT)         -> ok
  vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10) -> -EBUSY (PMU initialised)
  vcpu1: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10) -> -EBUSY (has run)
`,
  { since: '6.1' },
)

sequence(
  '5.10 takes KVM_ARM_VCPU_PMU_V3 on a host without a PMU, and gives none',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)                           -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                    -> ok
  vcpu0: KVM_HAS_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)        -> -ENXIO (no PMU)
  vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &23)   -> -ENODEV (no PMU)
  vcpu0: KVM_GET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ)        -> -ENXIO (no interrupt)
`,
  { until: '6.1' },
)

const STRICT = 'KVM_ARM_VCPU_PMU_V3 | KVM_ARM_VCPU_PMU_V3_STRICT'
const CTRL = 'KVM_ARM_VCPU_PMU_V3_CTRL'
const deny = '&(base_event = 0, nevents = 1, action = KVM_PMU_EVENT_DENY)'

sequence(
  'a strict PMU is there once it was chosen, and not before',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = ${STRICT})                                         -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_FILTER, ${deny})                 -> -ENXIO (no PMU chosen)
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0)             -> -EINVAL (no PMU chosen)
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS)                 -> -EFAULT (value not readable)
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_INIT)                            -> -ENXIO (no PMU chosen)
  vcpu0: KVM_RUN(immediate_exit)                                                           -> -EINVAL (PMU not set up)
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10)                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_FILTER, ${deny})                 -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, &0)             -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_INIT)                            -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                           -> -EINTR (immediate_exit)
`,
  { since: '7.3' },
)

sequence(
  'a strict PMU that nobody chose does not wait for a vgic',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = ${STRICT})                                         -> ok
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)                                        -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_INIT)                            -> -ENXIO (no PMU chosen)
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_SET_PMU, &10)                    -> ok
  vcpu0: KVM_SET_DEVICE_ATTR(${CTRL}, KVM_ARM_VCPU_PMU_V3_INIT)                            -> -ENODEV (vgic not initialised)
`,
  { since: '7.3' },
)
