/** KVM_ARM_VCPU_PVTIME_CTRL: where the guest finds how long its vcpu was kept from running. */
import { doc, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { memFlags, pvtimeAttrs, vcpuGroups } from '../../names/index.ts'
import type { Attr } from '../args/attr.ts'
import { ofGroup, unknown, unreadable, unwritable, VCPU_RST } from './attributes.ts'

const { KVM_ARM_VCPU_PVTIME_CTRL: GROUP } = vcpuGroups
const IPA = BigInt(pvtimeAttrs.KVM_ARM_VCPU_PVTIME_IPA)
const UNSET = (1n << 64n) - 1n
/** Bytes of struct pvclock_vcpu_stolen_time, and what it is aligned to. */
const SIZE = 64n
const ofPvtime = (rows: readonly Refusal<Attr>[]) => ofGroup(GROUP, 'KVM_ARM_VCPU_PVTIME_CTRL', rows)
const inPvtime = src('arch/arm64/kvm/pvtime.c', 'kvm_arm_pvtime_set_attr')

const absent: readonly Refusal<Attr>[] = [
  {
    why: 'no stolen time',
    says: 'The kernel counts how long tasks wait.',
    cite: doc(VCPU_RST, '-ENXIO Stolen time not implemented'),
    errno: 'ENXIO',
    when: ({ host }) => (host.caps.KVM_CAP_STEAL_TIME ?? 0) === 0,
    lacks: () => 'KVM_CAP_STEAL_TIME = 0',
    unseen: 'no kernel without KVM_CAP_STEAL_TIME was recorded',
  },
  unknown((_, { attr }) => attr !== IPA),
]

/** A slot that the guest may write holds the address. */
const isInMemory = ({ vm }: Here, ipa: bigint): boolean =>
  vm.memslots.some((s) => s.gpa <= ipa && ipa < s.gpa + s.size && (s.flags & memFlags.KVM_MEM_READONLY) === 0)

export const setPvtime: readonly Refusal<Attr>[] = ofPvtime([
  ...absent,
  { ...unreadable, cite: inPvtime },
  {
    why: 'misaligned',
    says: 'The address is a multiple of 64.',
    cite: doc(VCPU_RST, '-EINVAL Base address not 64 byte aligned'),
    errno: 'EINVAL',
    when: (_, { value = 0n }) => value % SIZE !== 0n,
  },
  {
    why: 'already set',
    says: 'The address is told once.',
    cite: doc(VCPU_RST, '-EEXIST Base address already set for this VCPU'),
    errno: 'EEXIST',
    when: ({ vcpu }) => vcpu.stolenTime !== undefined,
  },
  {
    why: 'no memory',
    says: 'The address lies in a memory slot that is not read-only.',
    cite: doc(VCPU_RST, 'base address must be 64 byte aligned and exist within a valid guest memory region'),
    errno: 'EINVAL',
    when: (here, { value = 0n }) => !isInMemory(here, value),
  },
])

export const getPvtime: readonly Refusal<Attr>[] = ofPvtime([...absent, { ...unwritable, cite: inPvtime }])
export const hasPvtime: readonly Refusal<Attr>[] = ofPvtime(absent)

/** KVM_SET_DEVICE_ATTR. */
export const setsPvtime = ({ vcpu }: Here, { value }: Attr): void => {
  vcpu.stolenTime = value!
}
/** KVM_GET_DEVICE_ATTR: all ones where it was not told. */
export const givesPvtime = ({ vcpu }: Here): bigint => vcpu.stolenTime ?? UNSET
