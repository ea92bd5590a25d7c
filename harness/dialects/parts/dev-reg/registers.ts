/** The registers of a device that has a handle, and who may read and write them when. */
import { assumed, mail, type Refusal } from '../../../model/rule.ts'
import type { Here } from '../../../model/world.ts'
import type { Vm } from '../../../model/vm.ts'

export const graf = (passage: string) => mail('2013-01-09 Alexander Graf', passage)
export const maydell = (passage: string) => mail('2013-01-09 Peter Maydell', passage)

/** The one interrupt controller that KVM_CREATE_IRQCHIP makes has this handle, the next would have 2. */
export const FIRST_HANDLE = 1n

/** Its registers: two places in guest physical memory, and state of the distributor and of the CPU interface. */
export const registers = { GICD_BASE: 0, GICC_BASE: 1, GICD_CTLR: 2, GICD_IGROUPR0: 3, GICC_PMR: 4 }
const { GICD_BASE, GICC_BASE } = registers
const COUNT = Object.keys(registers).length
/** State has so many bits, a place 64. */
const STATE_BITS = 32n

/** A register of a device, however a call names it. */
export interface DevReg {
  dev: bigint
  id: bigint
}
export interface NewValue extends DevReg {
  value: bigint
}

/** Values by register. */
type Registers = Map<bigint, bigint>
const registersOf = ({ proposed }: Vm) => proposed as Registers | undefined

const isPlace = ({ id }: DevReg) => id === BigInt(GICD_BASE) || id === BigInt(GICC_BASE)

/** The VM has an interrupt controller from now on, whose registers are 0. */
export const made = ({ vm }: Here): void => {
  const values: Registers = new Map(Object.values(registers).map((id) => [BigInt(id), 0n]))
  vm.proposed = values
}

export const valueOf = ({ vm }: Here, { id }: DevReg): bigint => registersOf(vm)?.get(id) ?? 0n

export const write = ({ vm }: Here, { id, value }: NewValue): void => {
  registersOf(vm)?.set(id, value)
  if (vm.vgic && id === BigInt(GICD_BASE)) vm.vgic.dist = value
  if (vm.vgic && id === BigInt(GICC_BASE)) vm.vgic.cpu = value
}

/** Why there is no such register. */
export const noRegister: readonly Refusal<DevReg>[] = [
  {
    why: 'no such device',
    says: 'A device has the handle that its creation gave it.',
    cite: graf('a device id is similar to a handle that should be returned by the device create ioctl'),
    errno: 'ENODEV',
    when: ({ vm }, { dev }) => dev !== FIRST_HANDLE || registersOf(vm) === undefined,
  },
  {
    why: 'no such register',
    says: 'There is one id for one purpose.',
    cite: graf('one id for one purpose'),
    errno: 'ENOENT',
    when: (_, { id }) => id >= BigInt(COUNT),
  },
]

/** Why it does not take a value now. */
export const notWritable: readonly Refusal<NewValue>[] = [
  {
    why: 'too late',
    says: 'Where the device lies is told before the VM runs, like the type of a CPU; after that point it is forbidden.',
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
  {
    why: 'value',
    says: 'The state of an interrupt controller is in registers of 32 bits.',
    cite: assumed('registers of the device have the size that the architecture gives them'),
    errno: 'EINVAL',
    when: (_, arg) => !isPlace(arg) && arg.value >> STATE_BITS !== 0n,
  },
]
