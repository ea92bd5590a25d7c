/** DEV_REG: what KVM_GET_ONE_REG and KVM_SET_ONE_REG are to a vcpu, for the registers of a device that has a handle. */
import { badPointer } from '../model/bad-pointer.ts'
import { andThen, changed, dialect } from '../model/dialect.ts'
import { assumed, ioctl } from '../model/rule.ts'
import { anyNumber, named64, u64 } from '../model/scalar.ts'
import { struct } from '../model/struct.ts'
import { _IOWR } from '../names/index.ts'
import { compared } from './parts/dev-reg/compared.ts'
import { laws } from './parts/dev-reg/laws.ts'
import {
  FIRST_HANDLE,
  graf,
  made,
  noRegister,
  notWritable,
  registers,
  valueOf,
  write,
} from './parts/dev-reg/registers.ts'

const SIZE = 24
const ids = Object.values(registers).map(BigInt)

const fields = {
  dev: {
    of: u64('dev', anyNumber(64, [FIRST_HANDLE, FIRST_HANDLE, FIRST_HANDLE, 0n, 2n]), String),
    bare: true as const,
  },
  id: { of: named64('id', registers, anyNumber(64, [...ids, ...ids, BigInt(ids.length)])), bare: true as const },
  value: {
    of: u64('value', anyNumber(64, [0n, 1n, 0x800_0000n, 0x801_0000n, (1n << 32n) - 1n, 1n << 32n, 1n << 40n])),
    bare: true as const,
  },
}
const layout = { size: SIZE, fields: { dev: [0, 8], id: [8, 8], value: [16, 8] } } as const
const toSet = struct('kvm_dev_reg', fields, { layout })
const toGet = struct('kvm_dev_reg', { dev: fields.dev, id: fields.id }, { layout, shows: 'value', written: true })

const set = ioctl<Parameters<typeof toSet.print>[0]>('KVM_SET_DEV_REG', {
  nr: _IOWR(0xae, 0xaf, SIZE),
  on: ['vm'],
  weight: 8,
  takes: toSet,
  refuses: [badPointer(toSet, assumed('it holds a device, a register and a value')), ...noRegister, ...notWritable],
  grants: {
    says: 'The register has the value. A place can be changed as long as it can be set.',
    cite: graf('the same semantics as ONE_REG'),
    then: write,
  },
})

const get = ioctl<Parameters<typeof toGet.print>[0]>('KVM_GET_DEV_REG', {
  nr: _IOWR(0xae, 0xae, SIZE),
  on: ['vm'],
  weight: 6,
  takes: toGet,
  refuses: [badPointer(toGet, assumed('it holds a device, a register and a value')), ...noRegister],
  grants: {
    says: 'The value of the register.',
    cite: graf('the same semantics as ONE_REG'),
    gives: valueOf,
  },
})

export default dialect({
  name: 'dev-reg-2013',
  about: 'A device has a handle, and registers of its own that a VM ioctl reads and writes, its places among them',
  host: '6.12-max-gicv2',
  mail: {
    date: '2013-01-09',
    from: 'Alexander Graf',
    subject: 'Re: [PATCH v5 01/12] KVM: ARM: Introduce KVM_SET_DEVICE_ADDRESS ioctl',
  },
  ioctls: (shipped) =>
    changed(shipped, { KVM_ARM_SET_DEVICE_ADDR: () => undefined, KVM_CREATE_IRQCHIP: andThen(made) }, [set, get]),
  sequences: [
    {
      title: 'a place is a register of the device: per device, one id for one purpose',
      text: `
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> -ENODEV (no such device)
        vm: KVM_CREATE_IRQCHIP                   -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> ok
        KVM_GET_DEV_REG(1, GICD_BASE)            -> ok = 0x8000000
        KVM_SET_DEV_REG(2, GICD_BASE, 0x8000000) -> -ENODEV (no such device)
        KVM_SET_DEV_REG(1, 5, 0)                 -> -ENOENT (no such register)`,
    },
    {
      title: 'reading is refused like writing, but for what only a write can do wrong',
      text: `
        KVM_GET_DEV_REG(1, GICD_BASE)                -> -ENODEV (no such device)
        vm: KVM_CREATE_IRQCHIP                       -> ok
        KVM_GET_DEV_REG(1, 5)                        -> -ENOENT (no such register)
        KVM_GET_DEV_REG(&readonly, 1, GICD_BASE)     -> -EFAULT (bad pointer)
        KVM_SET_DEV_REG(&short(23), 1, GICD_BASE)    -> -EFAULT (bad pointer)
        KVM_SET_DEV_REG(1, GICD_BASE, 0x10000000000) -> -E2BIG (beyond the IPA size)
        KVM_SET_DEV_REG(1, GICD_CTLR, 0x100000000)   -> -EINVAL (value)
        KVM_GET_DEV_REG(1, GICD_BASE)                -> ok = 0x0`,
    },
    {
      title: 'a register that can be written at certain times only is in the way of copying all of them',
      says:
        'Peter Maydell: a migration is a complete copy of all registers, so it needs to be always possible to write '
        + 'them. Alexander Graf: do not include this register in that list then.',
      text: `
        vm: KVM_CREATE_IRQCHIP                   -> ok
        KVM_CREATE_VCPU(0)                       -> ok
        KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> ok
        KVM_SET_DEV_REG(1, GICC_BASE, 0x8010000) -> ok
        KVM_RUN(immediate_exit)                  -> -EINTR (immediate_exit)
        KVM_SET_DEV_REG(1, GICD_CTLR, 1)         -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> -EPERM (too late)`,
    },
    {
      title: 'each VM has devices of its own, and what is copied before the copy runs is copied whole',
      text: `
        vm: KVM_CREATE_IRQCHIP                        -> ok
        vm: KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000)  -> ok
        vm: KVM_SET_DEV_REG(1, GICC_PMR, 0xf0)        -> ok
        vm1: KVM_SET_DEV_REG(1, GICC_PMR, 0xf0)       -> -ENODEV (no such device)
        vm1: KVM_CREATE_IRQCHIP                       -> ok
        vm1: KVM_GET_DEV_REG(1, GICC_PMR)             -> ok = 0x0
        vm1: KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> ok
        vm1: KVM_SET_DEV_REG(1, GICC_PMR, 0xf0)       -> ok
        vm1: KVM_GET_DEV_REG(1, GICC_PMR)             -> ok = 0xf0`,
    },
  ],
  laws,
  equivalent: {
    'KVM_SET_DEV_REG/no such register after KVM_SET_DEV_REG/too late': 'what is no register is no place',
    'KVM_SET_DEV_REG/beyond the IPA size after KVM_SET_DEV_REG/value': 'a register is a place or has state',
  },
  compared,
})
