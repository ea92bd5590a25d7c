/** Groups of device attributes and their attributes by name, and the numbers that an argument holds. */
import type { Sort } from '../../model/codec.ts'
import type { NumberField } from '../../model/number-field.ts'
import { unsigned } from '../../model/scalar.ts'
import {
  itsAttrs,
  pmuAttrs,
  pvtimeAttrs,
  smcccAttrs,
  timerAttrs,
  vcpuGroups,
  vgicAddrTypes,
  vgicCtrl,
  vgicGroups,
  vmGroups,
} from '../../names/index.ts'
import { sizeOfValue, structOfValue, type Attr, type ValueStruct } from './attr.ts'
import { readStruct, scalarsOf, withStructField } from './attr-struct.ts'

const { KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR, KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL } = vgicGroups

export type Names = Readonly<Record<string, number>>
export const groupNames: Readonly<Record<Sort, Names>> = { kvm: {}, vm: vmGroups, vcpu: vcpuGroups, device: vgicGroups }
const attrNames: Readonly<Record<Sort, Readonly<Record<number, Names>>>> = {
  kvm: {},
  vm: { [vmGroups.KVM_ARM_VM_SMCCC_CTRL]: smcccAttrs },
  vcpu: {
    [vcpuGroups.KVM_ARM_VCPU_PMU_V3_CTRL]: pmuAttrs,
    [vcpuGroups.KVM_ARM_VCPU_TIMER_CTRL]: timerAttrs,
    [vcpuGroups.KVM_ARM_VCPU_PVTIME_CTRL]: pvtimeAttrs,
  },
  device: { [ADDR]: vgicAddrTypes, [CTRL]: { ...vgicCtrl, ...itsAttrs } },
}
/** The attributes of that group that have names. */
export const namesOf = (sort: Sort, group: number): Names => attrNames[sort][group] ?? {}

const values = (names: Names) => Object.values(names).map(BigInt)

/** The value cut to the size that it has for this attribute. */
const cut = (arg: Attr): Attr =>
  arg.value === undefined ? arg : { ...arg, value: BigInt.asUintN(sizeOfValue(arg) * 8, arg.value) }

const pointed = ({ value, valueAt }: Attr): bigint | undefined => (valueAt === undefined ? value : undefined)

/** The fields of a struct that is a value. */
const fieldsOfStruct = (struct: ValueStruct): NumberField<Attr>[] =>
  Object.entries(scalarsOf(struct)).map(([name, of]) => ({
    name: `${name} of ${struct}`,
    range: () => of.range,
    named: () => of.named ?? [],
    get: (arg) => {
      const value = structOfValue(arg) === struct ? pointed(arg) : undefined
      return value === undefined ? undefined : readStruct(struct, value)[name]
    },
    set: (arg, to) => {
      const value = structOfValue(arg) === struct ? pointed(arg) : undefined
      return value === undefined ? undefined : { ...arg, value: withStructField(struct, value, name, to) }
    },
  }))

const structsOn: Readonly<Record<Sort, readonly ValueStruct[]>> = {
  kvm: [],
  vm: ['kvm_smccc_filter'],
  vcpu: ['kvm_pmu_event_filter'],
  device: [],
}

export const fieldsOn = (sort: Sort): readonly NumberField<Attr>[] => [
  {
    name: 'group',
    range: () => unsigned(32),
    named: () => values(groupNames[sort]),
    get: ({ group }) => BigInt(group),
    set: (arg, group) => cut({ ...arg, group: Number(group) }),
  },
  {
    name: 'attr',
    range: () => unsigned(64),
    named: ({ group }) => values(namesOf(sort, group)),
    get: ({ attr }) => attr,
    set: (arg, attr) => cut({ ...arg, attr }),
  },
  {
    name: 'the value',
    range: (arg) => unsigned(sizeOfValue(arg) * 8),
    named: () => [],
    get: (arg) => (structOfValue(arg) ? undefined : pointed(arg)),
    set: (arg, value) => (arg.valueAt === undefined && !structOfValue(arg) ? { ...arg, value } : undefined),
  },
  ...structsOn[sort].flatMap(fieldsOfStruct),
  {
    name: 'flags',
    range: () => unsigned(32),
    named: () => [],
    get: ({ flags }) => BigInt(flags ?? 0),
    set: (arg, flags) => ({ ...arg, flags: Number(flags) }),
  },
]
