/** What became of DEV_REG, and of the arguments for and against it, beside what shipped. */
import type { Comparison } from '../../../model/dialect.ts'

const graf = 'Alexander Graf, 2013-01-09'
const maydell = 'Peter Maydell, 2013-01-09'

export const compared: readonly Comparison[] = [
  {
    about: 'what names a device',
    drafted: 'a handle that the creation gives, in a field of the argument of an ioctl of the VM',
    shipped: 'a descriptor that KVM_CREATE_DEVICE gives, on which the ioctl is made; no ioctl of the VM is DEV_REG',
    asks: `
      vm: ioctl(0xc018aeaf)                                        -> -EINVAL (unknown ioctl)
      vm: ioctl(0xc018aeae)                                        -> -EINVAL (unknown ioctl)
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok = 0x8000000`,
    because: 'A device id is similar to a handle that should be returned by the device create ioctl.',
    source: `${graf}: it also gets a unique dev id that gets created during in-kernel device creation`,
  },
  {
    about: 'a place that is set again before the VM runs',
    drafted: 'as often as userspace likes: a register can be written',
    shipped: 'once: EEXIST, as KVM_SET_DEVICE_ADDRESS had it',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> -EEXIST (already set)
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> ok = 0x0`,
    because: 'It is not state of the device, but configures the part of the system model that the kernel has.',
    source: `${maydell}: this isn't actually setting state in the irqchip device`,
  },
  {
    about: 'a place that is set after KVM_RUN',
    drafted: 'forbidden, as a register may or may not be writable during certain times',
    shipped: 'refused as set already, which it has to be for KVM_RUN; there is no errno for too late',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      KVM_CREATE_VCPU(0)                                           -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
      vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0) -> -EEXIST (already set)`,
    because:
      'Setting the type of a CPU only makes sense before a vcpu is first used, too, and is a register all the same.',
    source: `${graf}: after that point it should be forbidden`,
  },
  {
    about: 'when the state of a device can be read and written',
    drafted: 'always, so that a migration can copy it',
    shipped: 'between the initialisation and a run, and between runs; before it EBUSY, as there is no state yet',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      KVM_CREATE_VCPU(0)                                           -> ok
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 512, &0) -> -EBUSY (vgic not initialised)
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 512, &0) -> ok
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
      vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
      gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 512, &0) -> ok`,
    because: 'A migration is a complete copy of all state, so that it needs to be always possible to write it.',
    source: `${maydell}: there's a distinction between things you need to do in machine setup and things you propagate`,
  },
  {
    about: 'whether places are copied by a migration',
    drafted: 'with everything else, or left out of the list of what is copied',
    shipped: 'left out: places are one group of attributes, and state is in others; no list names any of them',
    because: 'Userspace needs to encode a list of what it synchronizes anyways, and leaves this register out of it.',
    source: `${graf}, to Peter Maydell: don't include this register in that list then`,
  },
  {
    about: 'ONE_REG as an ioctl of the VM, with the device in its id',
    drafted: 'for what is neither of a vcpu nor of a device; 16 bits of register group type can say which device',
    shipped:
      'never: a VM does not know KVM_SET_ONE_REG; the number of KVM_GET_ONE_REG is KVM_ARM_SET_DEVICE_ADDR there',
    asks: `
      vm: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x1)    -> -EINVAL (unknown ioctl)
      vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                    -> ok
      vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x1) -> ok`,
    because: 'A group is constant for an id and a device is not: a field of its own keeps the id space free of masks.',
    source: `${graf}, to Peter Maydell: that's "register group", not "device id"`,
  },
  {
    about: 'a second place of one device',
    drafted: 'one more register id, say for the MSI target registers of an interrupt controller',
    shipped: 'one more type of address; message-signalled interrupts have a device of their own, the ITS',
    asks: `
      gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)            -> ok
      its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS)           -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok
      gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok
      its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok`,
    because: 'The GIC has several memory regions already, and they are mapped with several calls.',
    source: `${maydell}, to Alexander Graf: imagine an interrupt controller that splits its address mappings`,
  },
  {
    about: 'the type of a CPU, told before it is first used',
    drafted: 'a register as well, as PVR is on PPC, that is forbidden afterwards',
    shipped: 'no register: KVM_ARM_VCPU_INIT tells it, and a second one with another type is refused',
    asks: `
      KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
      KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> -EINVAL (changed mind)`,
    because: 'Setting the CPU type only makes sense before a vcpu is first used.',
    source: `${graf}: on PPC we support setting the PVR (CPU type) via SREGS because ONE_REG only came later`,
  },
  {
    about: 'one interface for every architecture',
    drafted: 'agreed on at once, extensible, and used throughout the code',
    shipped: 'in two steps: KVM_ARM_SET_DEVICE_ADDR now, device attributes for all two releases later',
    asks: `
      kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SET_DEVICE_ADDR) -> ok = 1
      kvm: KVM_CHECK_EXTENSION(KVM_CAP_DEVICE_CTRL)         -> ok = 1`,
    because: 'Permanent API churn becomes a burden, and a consensus had been reached two months before.',
    source: 'Marc Zyngier, 2013-01-09: has something fundamentally changed? something that makes this API invalid?',
  },
]
