/** ONE_REG as an ioctl of the VM: state alone has registers, and places are told with KVM_SET_DEVICE_ADDRESS. */
import { badPointer } from '../model/bad-pointer.ts'
import { andThen, changed, dialect } from '../model/dialect.ts'
import { assumed, ioctl, type Refusal } from '../model/rule.ts'
import { anyNumber, named64, u64 } from '../model/scalar.ts'
import { struct } from '../model/struct.ts'
import type { Here } from '../model/world.ts'
import type { Vm } from '../model/vm.ts'
import { _IOWR, ioctls } from '../names/index.ts'
import { comparedVmOneReg } from './parts/dev-reg/compared-vm-one-reg.ts'
import { lawsOfVmOneReg } from './parts/dev-reg/laws-of-vm-one-reg.ts'
import { maydell } from './parts/dev-reg/registers.ts'
import places from './set-device-address-2013.ts'

const SIZE = 16
/** "There's 16 bits of register group type": bits 31 to 16 of an id, here those of the one device. */
const GROUP = 0x18n
const inGroup = (n: number) => Number(GROUP << 16n) + n
const registers = { GICD_CTLR: inGroup(0), GICD_IGROUPR0: inGroup(1), GICC_PMR: inGroup(2) }
const ids = Object.values(registers).map(BigInt)

const fields = {
  id: {
    of: named64('id', registers, anyNumber(64, [...ids, ...ids, BigInt(inGroup(3)), 0x19_0000n])),
    bare: true as const,
  },
  value: { of: u64('value', anyNumber(64, [0n, 1n, 0xf0n, (1n << 32n) - 1n, 1n << 32n])), bare: true as const },
}
const layout = { size: SIZE, fields: { id: [0, 8], value: [8, 8] } } as const
const toSet = struct('kvm_one_reg', fields, { layout })
const toGet = struct('kvm_one_reg', { id: fields.id }, { layout, shows: 'value', written: true })
type ToSet = Parameters<typeof toSet.print>[0]
type ToGet = Parameters<typeof toGet.print>[0]

/** Values by register, of a VM that has the device. */
type State = Map<bigint, bigint>
const stateOf = ({ proposed }: Vm) => proposed as State | undefined

const noRegister: readonly Refusal<ToGet>[] = [
  {
    why: 'no such device',
    says: 'The group of the id is that of a device that the VM has.',
    cite: maydell(
      'ONE_REG already supports dividing up the ID space so you can say which device or whatever is being used',
    ),
    errno: 'ENODEV',
    when: ({ vm }, { id }) => id >> 16n !== GROUP || stateOf(vm) === undefined,
  },
  {
    why: 'no such register',
    says: 'The device has the register.',
    cite: maydell('we had things like GIC registers in mind when we put that API together'),
    errno: 'ENOENT',
    when: (_, { id }) => id >> 16n === GROUP && !ids.includes(id),
  },
]

const set = ioctl<ToSet>('KVM_SET_VM_ONE_REG', {
  // The number that it has on a vcpu is free on a VM.
  nr: ioctls.KVM_SET_ONE_REG,
  on: ['vm'],
  weight: 8,
  takes: toSet,
  refuses: [
    badPointer(toSet, maydell('you might as well just make ONE_REG OK as a VM ioctl')),
    ...noRegister,
    {
      why: 'value',
      says: 'The registers of the interrupt controller have 32 bits.',
      cite: assumed('registers of the device have the size that the architecture gives them'),
      errno: 'EINVAL',
      when: (_, { value }) => value >> 32n !== 0n,
    },
  ],
  grants: {
    says: 'The register has the value, whether the VM has run or not.',
    cite: maydell('unlike a DEV_REG which would presumably be generally valid'),
    then: ({ vm }: Here, { id, value }) => void stateOf(vm)?.set(id, value),
  },
})

const get = ioctl<ToGet>('KVM_GET_VM_ONE_REG', {
  // The number that it has on a vcpu is that of KVM_SET_DEVICE_ADDRESS on a VM: one of both has to have another.
  nr: _IOWR(0xae, 0xab, SIZE),
  on: ['vm'],
  weight: 6,
  takes: toGet,
  refuses: [badPointer(toGet, maydell('you might as well just make ONE_REG OK as a VM ioctl')), ...noRegister],
  grants: {
    says: 'The value of the register.',
    cite: maydell('things you need to propagate for migration'),
    gives: ({ vm }, { id }) => stateOf(vm)?.get(id) ?? 0n,
  },
})

export default dialect({
  name: 'vm-one-reg-2013',
  about: 'Where a device lies is set up once; its state is registers of the VM, which can be written at any time',
  host: '6.12-max-gicv2',
  mail: {
    date: '2013-01-09',
    from: 'Peter Maydell',
    subject: 'Re: [PATCH v5 01/12] KVM: ARM: Introduce KVM_SET_DEVICE_ADDRESS ioctl',
  },
  ioctls: (shipped) =>
    changed(
      places.ioctls(shipped),
      {
        KVM_CREATE_IRQCHIP: andThen(({ vm }) => {
          const state: State = new Map()
          vm.proposed = state
        }),
      },
      [set, get],
    ),
  sequences: [
    ...places.sequences,
    {
      title: 'things of machine setup, and things that a migration propagates',
      says: 'Peter Maydell: there is a distinction between the two, and the second need to be writable always.',
      text: `
        vm: KVM_SET_VM_ONE_REG(GICC_PMR, 0xf0)                       -> -ENODEV (no such device)
        vm: KVM_GET_VM_ONE_REG(GICC_PMR)                             -> -ENODEV (no such device)
        vm: KVM_CREATE_IRQCHIP                                       -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> ok
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_CPU, 0x8010000) -> ok
        vm: KVM_SET_VM_ONE_REG(GICC_PMR, 0xf0)                       -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
        vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
        vm: KVM_SET_VM_ONE_REG(GICD_CTLR, 0x1)                       -> ok
        vm: KVM_GET_VM_ONE_REG(GICC_PMR)                             -> ok = 0xf0
        KVM_SET_DEVICE_ADDRESS(KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000) -> -EBUSY (too late)`,
    },
    {
      title: 'the group of an id says which device',
      text: `
        vm: KVM_CREATE_IRQCHIP                         -> ok
        vm: KVM_SET_VM_ONE_REG(0x190000, 0x1)          -> -ENODEV (no such device)
        vm: KVM_SET_VM_ONE_REG(0x180003, 0x1)          -> -ENOENT (no such register)
        vm: KVM_GET_VM_ONE_REG(0x180003)               -> -ENOENT (no such register)
        vm: KVM_SET_VM_ONE_REG(GICD_CTLR, 0x100000000) -> -EINVAL (value)
        vm: KVM_SET_VM_ONE_REG(&short(15), GICD_CTLR)  -> -EFAULT (bad pointer)
        vm: KVM_GET_VM_ONE_REG(&readonly, GICD_CTLR)   -> -EFAULT (bad pointer)`,
    },
  ],
  ...(places.equivalent && { equivalent: places.equivalent }),
  laws: lawsOfVmOneReg,
  compared: comparedVmOneReg,
})
