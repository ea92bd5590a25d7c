/** DEV_REG: what KVM_GET_ONE_REG and KVM_SET_ONE_REG are to a vcpu, for the registers of a device that has a handle. */
import fc from 'fast-check'
import { badPointer } from '../model/bad-pointer.ts'
import { struct } from '../model/struct.ts'
import { andThen, changed, dialect } from '../model/dialect.ts'
import { assumed, ioctl, mail, type Refusal } from '../model/rule.ts'
import { named64, u64 } from '../model/scalar.ts'
import type { Here, Vm } from '../model/world.ts'
import { _IOWR } from '../names/index.ts'

const graf = (passage: string) => mail('2013-01-09 Alexander Graf', passage)

/** The one interrupt controller that KVM_CREATE_IRQCHIP makes has this handle, the next would have 2. */
const FIRST_HANDLE = 1n
const SIZE = 24

/** Its registers: two places in guest physical memory, and state of the distributor. */
const registers = { GICD_BASE: 0n, GICC_BASE: 1n, GICD_CTLR: 2n }
const { GICD_BASE, GICC_BASE, GICD_CTLR } = registers

const fields = {
  dev: { of: u64('dev', fc.constantFrom(1n, 1n, 1n, 1n, 0n, 2n), String), bare: true as const },
  id: { of: named64('id', registers, fc.constantFrom(0n, 0n, 1n, 1n, 2n, 2n, 3n)), bare: true as const },
  value: { of: u64('value', fc.constantFrom(0n, 1n, 0x800_0000n, 0x801_0000n, 1n << 40n)), bare: true as const },
}
const layout = { size: SIZE, fields: { dev: [0, 8], id: [8, 8], value: [16, 8] } } as const
const toSet = struct('kvm_dev_reg', fields, { layout })
const toGet = struct('kvm_dev_reg', { dev: fields.dev, id: fields.id }, { layout, shows: 'value', written: true })
type DevReg = Parameters<typeof toGet.print>[0]
type NewValue = Parameters<typeof toSet.print>[0]

/** Values by register. */
type Registers = Map<bigint, bigint>
const registersOf = ({ proposed }: Vm) => proposed as Registers | undefined

const isPlace = ({ id }: { id: bigint }) => id === GICD_BASE || id === GICC_BASE

const shared = [
  {
    why: 'no such device',
    says: 'A device has the handle that its creation gave it.',
    cite: graf('a device id is similar to a handle that should be returned by the device create ioctl'),
    errno: 'ENODEV',
    when: ({ vm }: Here, { dev }: DevReg) => dev !== FIRST_HANDLE || registersOf(vm) === undefined,
  },
  {
    why: 'no such register',
    says: 'There is one id for one purpose.',
    cite: graf('one id for one purpose'),
    errno: 'ENOENT',
    when: (_: Here, { id }: DevReg) => !Object.values(registers).includes(id),
  },
] satisfies Refusal<any>[]

const set = ioctl<NewValue>('KVM_SET_DEV_REG', {
  nr: _IOWR(0xae, 0xaf, SIZE),
  on: ['vm'],
  takes: toSet,
  refuses: [
    badPointer(toSet, assumed('it holds a device, a register and a value')),
    ...shared,
    {
      why: 'too late',
      says: 'Where the device lies is told before the VM runs; later it is forbidden.',
      cite: graf('may or may not be writable during certain times'),
      errno: 'EPERM',
      when: ({ vm }, arg) => isPlace(arg) && vm.hasRun,
    },
    {
      why: 'beyond the IPA size',
      says: 'A place is a guest physical address.',
      cite: mail('2013-01-08 Christoffer Dall', 'E2BIG: Address outside guest physical address space'),
      errno: 'E2BIG',
      when: ({ vm }, arg) => isPlace(arg) && arg.value >= 1n << BigInt(vm.ipa),
    },
  ],
  grants: {
    says: 'The register has the value. A place can be changed as long as it can be set.',
    cite: graf('the same semantics as ONE_REG'),
    then: ({ vm }, { id, value }) => {
      registersOf(vm)?.set(id, value)
      if (vm.vgic && id === GICD_BASE) vm.vgic.dist = value
      if (vm.vgic && id === GICC_BASE) vm.vgic.cpu = value
    },
  },
})

const get = ioctl<DevReg>('KVM_GET_DEV_REG', {
  nr: _IOWR(0xae, 0xae, SIZE),
  on: ['vm'],
  takes: toGet,
  refuses: [badPointer(toGet, assumed('it holds a device, a register and a value')), ...shared],
  grants: {
    says: 'The value of the register.',
    cite: graf('the same semantics as ONE_REG'),
    gives: ({ vm }, { id }) => registersOf(vm)?.get(id) ?? 0n,
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
    changed(
      shipped,
      {
        KVM_ARM_SET_DEVICE_ADDR: () => undefined,
        KVM_CREATE_IRQCHIP: andThen(({ vm }) => {
          const values: Registers = new Map([GICD_BASE, GICC_BASE, GICD_CTLR].map((id) => [id, 0n]))
          vm.proposed = values
        }),
      },
      [set, get],
    ),
  sequences: [
    {
      title: 'a place is a register of the device',
      text: `
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> -ENODEV (no such device)
        vm: KVM_CREATE_IRQCHIP                   -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000) -> ok
        KVM_GET_DEV_REG(1, GICD_BASE)            -> ok = 0x8000000
        KVM_SET_DEV_REG(2, GICD_BASE, 0x8000000) -> -ENODEV (no such device)
        KVM_SET_DEV_REG(1, 3, 0)                 -> -ENOENT (no such register)`,
    },
    {
      title: 'reading is refused like writing, but for what only a write can do wrong',
      text: `
        KVM_GET_DEV_REG(1, GICD_BASE)                  -> -ENODEV (no such device)
        vm: KVM_CREATE_IRQCHIP                         -> ok
        KVM_GET_DEV_REG(1, 3)                          -> -ENOENT (no such register)
        KVM_GET_DEV_REG(&readonly, 1, GICD_BASE)       -> -EFAULT (bad pointer)
        KVM_SET_DEV_REG(&short(23), 1, GICD_BASE)      -> -EFAULT (bad pointer)
        KVM_SET_DEV_REG(1, GICD_BASE, 0x10000000000)   -> -E2BIG (beyond the IPA size)
        KVM_GET_DEV_REG(1, GICD_BASE)                  -> ok = 0x0`,
    },
    {
      title: 'a register that can be written at certain times only is in the way of copying all of them',
      says:
        'Peter Maydell: a migration is a complete copy of all registers, so it needs to be always possible to write '
        + 'them. Alexander Graf: do not include this register in that list then.',
      text: `
        vm: KVM_CREATE_IRQCHIP                                                  -> ok
        KVM_CREATE_VCPU(0)                                                      -> ok
        KVM_ARM_VCPU_INIT(features[] = 0)                                       -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000)                                -> ok
        KVM_SET_DEV_REG(1, GICC_BASE, 0x8010000)                                -> ok
        KVM_RUN(immediate_exit)                                                 -> -EINTR (immediate_exit)
        KVM_SET_DEV_REG(1, GICD_CTLR, 1)                                        -> ok
        KVM_SET_DEV_REG(1, GICD_BASE, 0x8000000)                                -> -EPERM (too late)`,
    },
  ],
  compared: [],
})
