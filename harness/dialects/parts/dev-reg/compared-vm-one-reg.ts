/** What became of ONE_REG as an ioctl of the VM, beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

export const comparedVmOneReg: readonly Comparison[] = [
  {
    about: 'ONE_REG on a VM',
    drafted: 'as on a vcpu: there is no reason not to have not-per-cpu but not device registers',
    shipped: 'never; the number of KVM_GET_ONE_REG is KVM_ARM_SET_DEVICE_ADDR on a VM, so that both could not be',
    asks: `
      vm: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x1) -> -EINVAL (unknown ioctl)
      vm: ioctl(0xc010aeab)                                    -> -EINVAL (unknown ioctl)
      vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)          -> -ENODEV (device)`,
    because: 'A device is no constant part of an id, as a group is, but a handle that changes.',
    source: `Alexander Graf, 2013-01-09, to Peter Maydell: that's "register group", not "device id"`,
  },
  {
    about: 'machine setup and state',
    drafted: 'two interfaces: one that is called before the VM runs, and one that can be written always',
    shipped: 'one interface with groups: addresses are set once, state can be written between runs',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)            -> ok
      KVM_CREATE_VCPU(0)                                           -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x8000000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_CPU, &0x8010000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
      vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 8, &0) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST, &0x0) -> -EEXIST (already set)`,
    because: 'What has to be set up and what has to be propagated are different things.',
    source:
      'Peter Maydell, 2013-01-09: there is a distinction between "things you need to do in machine setup" and state',
  },
]
