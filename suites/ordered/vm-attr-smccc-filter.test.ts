/** KVM_ARM_VM_SMCCC_FILTER: ranges of the calls that a guest makes to its firmware. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a range of functions holds one at least, and its action is one of three',
  `
  vm: KVM_HAS_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER)                              -> ok
  vm: KVM_HAS_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, 1)                                                    -> -ENXIO (unknown attribute)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, 1)                                                    -> -ENXIO (unknown attribute)
  vm: KVM_SET_DEVICE_ATTR(1, 0)                                                                        -> -ENXIO (unknown attribute)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER)                              -> -EFAULT (value not readable)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x80010000, nr_functions = 1, action = 3)) -> -EINVAL (range or action)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x80010000, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY, pad = 1 << 119)) -> -EINVAL (reserved fields)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x80010000, action = KVM_SMCCC_FILTER_DENY)) -> -EINVAL (range or action)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xffffffff, nr_functions = 2, action = KVM_SMCCC_FILTER_DENY)) -> -EINVAL (range or action)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xffffffff, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xfffffffe, nr_functions = 1, action = KVM_SMCCC_FILTER_FWD_TO_USER)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(nr_functions = 1, action = KVM_SMCCC_FILTER_HANDLE)) -> ok
  vm: KVM_GET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER)                              -> -EINVAL (unknown ioctl)
`,
  { since: '6.12' },
)

sequence(
  'ranges do not overlap, nor touch those of the architecture',
  `
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x7fffffff, nr_functions = 2, action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x8000ffff, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xc0000000, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xc000ffff, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x7fffffff, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x80010000, nr_functions = 0x3fff0000, action = KVM_SMCCC_FILTER_DENY)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xc0010000, nr_functions = 0x3fff0000, action = KVM_SMCCC_FILTER_DENY)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xc0010000, nr_functions = 0x3fff0000, action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0xffffffff, nr_functions = 1, action = KVM_SMCCC_FILTER_HANDLE)) -> -EEXIST (ranges overlap)
`,
  { since: '6.12' },
)

sequence(
  'before 6.12.113 no functions from 0 on are all there are',
  `
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(action = KVM_SMCCC_FILTER_DENY)) -> -EEXIST (ranges overlap)
`,
  { since: '6.12', until: ['7.3', '6.12.113', '7.2.9'] },
)

sequence(
  'since 6.12.113 no functions from 0 on are none',
  `
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(action = KVM_SMCCC_FILTER_DENY)) -> -EINVAL (range or action)
`,
  { since: ['7.3', '6.12.113', '7.2.9'] },
)

sequence(
  'the filter is complete before a vcpu runs',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                                                             -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000008, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> ok
  vcpu0: KVM_RUN(immediate_exit)                                                                       -> -EINTR (immediate_exit)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000009, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> -EBUSY (has run)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000008, nr_functions = 1, action = KVM_SMCCC_FILTER_DENY)) -> -EBUSY (has run)
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000009, nr_functions = 1, action = 3)) -> -EINVAL (range or action)
`,
  { since: '6.12' },
)
