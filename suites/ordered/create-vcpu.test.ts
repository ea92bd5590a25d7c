/** KVM_CREATE_VCPU: ids, how many, and when. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'vcpu ids come in any order and leave gaps',
  `
  KVM_CREATE_VCPU(7) -> ok
  KVM_CREATE_VCPU(0) -> ok
  KVM_CREATE_VCPU(3) -> ok
`,
)

sequence(
  'a vcpu id is given once',
  `
  KVM_CREATE_VCPU(0)     -> ok
  vm: KVM_CREATE_VCPU(0) -> -EEXIST (already there)
  KVM_CREATE_VCPU(1)     -> ok
  vm: KVM_CREATE_VCPU(1) -> -EEXIST (already there)
  vm: KVM_CREATE_VCPU(0) -> -EEXIST (already there)
`,
)

sequence(
  'a vcpu id from 512 on is refused',
  `
  KVM_CREATE_VCPU(512)        -> -EINVAL (id too big)
  KVM_CREATE_VCPU(0xffffffff) -> -EINVAL (id too big)
`,
)

sequence(
  'the largest vcpu id is 511',
  `
  KVM_CREATE_VCPU(511) -> ok
  KVM_CREATE_VCPU(0)   -> ok
`,
)

sequence(
  'a host with a GICv2 alone has eight vcpus a VM, even without the GICv2',
  `
  KVM_CREATE_VCPU(8) -> -EINVAL (id beyond the vcpus)
  KVM_CREATE_VCPU(7) -> ok
`,
)

sequence(
  'a refused KVM_CREATE_VCPU takes no id',
  `
  vcpu0 = KVM_CREATE_VCPU(512)             -> -EINVAL (id too big)
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> -EBADF (no descriptor)
  vcpu0 = KVM_CREATE_VCPU(0)               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
`,
)

sequence(
  'only the low 32 bits of a vcpu id are looked at',
  `
  vcpu0 = KVM_CREATE_VCPU(0x100000000) -> ok
  vcpu1 = KVM_CREATE_VCPU(0)           -> -EEXIST (already there)
`,
  { until: '6.12' },
)

sequence(
  'all 64 bits of a vcpu id are looked at',
  `
  vcpu0 = KVM_CREATE_VCPU(0x100000000) -> -EINVAL (id too big)
  vcpu0 = KVM_CREATE_VCPU(0)           -> ok
`,
  { since: '6.12' },
)

sequence(
  'a vcpu can be added after another has run',
  `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  KVM_CREATE_VCPU(1)                       -> ok
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
`,
)

sequence(
  'a vcpu more than a GICv2 can serve is refused before its initialisation is noticed',
  `
  vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)                                 -> ok
  vm: KVM_CREATE_VCPU(0)                                                          -> ok
  vm: KVM_CREATE_VCPU(1)                                                          -> ok
  vm: KVM_CREATE_VCPU(2)                                                          -> ok
  vm: KVM_CREATE_VCPU(3)                                                          -> ok
  vm: KVM_CREATE_VCPU(4)                                                          -> ok
  vm: KVM_CREATE_VCPU(5)                                                          -> ok
  vm: KVM_CREATE_VCPU(6)                                                          -> ok
  vm: KVM_CREATE_VCPU(7)                                                          -> ok
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
  vm: KVM_CREATE_VCPU(8)                                                          -> -EINVAL (too many vcpus)
`,
  { since: '6.1' },
)

sequence(
  'in protected mode a vcpu that is made after another has run never runs itself, and no harm is done to the others',
  `
  KVM_CREATE_VM(0)                         -> ok
  vcpu0 = KVM_CREATE_VCPU(0)               -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1 = KVM_CREATE_VCPU(1)               -> ok
  vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  vcpu2 = KVM_CREATE_VCPU(2)               -> ok
  vcpu2: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu2: KVM_RUN(immediate_exit)           -> -EINVAL (after the VM first ran)
  vcpu2: KVM_RUN(immediate_exit)           -> -EINVAL (after the VM first ran)
  vcpu1: KVM_ARM_VCPU_INIT(features[] = 0) -> ok
  vcpu1: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
  vcpu0: KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)
`,
  { since: '7.2' },
)
