/** KVM_ARM_VM_SMCCC_CTRL: which calls of the guest to its firmware are answered, refused, or left to userspace. */
import { inReleases } from '../../model/in-releases.ts'
import { doc, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { smcccActions, smcccAttrs, vmGroups } from '../../names/index.ts'
import { readStruct } from '../args/attr-struct.ts'
import type { Attr } from '../args/attr.ts'
import { ofGroup, unknown, unreadable } from './attributes.ts'

const FILTER = BigInt(smcccAttrs.KVM_ARM_VM_SMCCC_FILTER)
const VM_RST = 'devices/vm.rst'
const inHypercalls = src('arch/arm64/kvm/hypercalls.c', 'kvm_smccc_set_filter')
/** Before, a VM has no attributes at all. */
const ofSmccc = (rows: readonly Refusal<Attr>[]) =>
  inReleases({ since: '6.4' }, ...ofGroup(vmGroups.KVM_ARM_VM_SMCCC_CTRL, 'KVM_ARM_VM_SMCCC_CTRL', rows))

/** The architecture's own calls, which a filter leaves alone. */
const reserved: readonly (readonly [number, number])[] = [
  [0x8000_0000, 0x8000_ffff],
  [0xc000_0000, 0xc000_ffff],
]
const LAST_ACTION = BigInt(smcccActions.KVM_SMCCC_FILTER_FWD_TO_USER)

interface Filter {
  first: number
  /** In 32 bits: of a range that wraps, it lies before the first. */
  last: number
  isEmpty: boolean
  action: bigint
  pad: bigint
}
const filterOf = ({ value = 0n }: Attr): Filter => {
  const { base, nr_functions, action, pad } = readStruct('kvm_smccc_filter', value) as Record<string, bigint>
  return {
    first: Number(base),
    last: Number(BigInt.asUintN(32, base! + nr_functions! - 1n)),
    isEmpty: nr_functions === 0n,
    action: action!,
    pad: pad!,
  }
}

const unknownFilter = unknown((_, { attr }) => attr !== FILTER)

/** Debian's 6.12.111 takes none for all, its 6.12.113 does not. */
const NONE_IS_NONE = ['7.3', '6.12.113', '7.2.9']

const badRange: Refusal<Attr> = {
  why: 'range or action',
  says: 'The range holds a function and does not wrap; the action is one of three.',
  cite: doc(VM_RST, 'EINVAL Invalid filter configuration'),
  errno: 'EINVAL',
  when: (_, arg) => {
    const { first, last, isEmpty, action } = filterOf(arg)
    return isEmpty || last < first || action > LAST_ACTION
  },
}

export const setSmccc: readonly Refusal<Attr>[] = ofSmccc([
  unknownFilter,
  { ...unreadable, cite: inHypercalls },
  {
    why: 'reserved fields',
    says: 'The padding is 0.',
    cite: doc(VM_RST, 'field is reserved for future use and must be zero'),
    errno: 'EINVAL',
    when: (_, arg) => filterOf(arg).pad !== 0n,
  },
  ...inReleases(
    {
      until: NONE_IS_NONE,
      variant: 'none from 0 on',
      says: 'The range does not wrap; the action is one of three. No functions from 0 on are taken for all there are.',
      text: [
        {
          says: 'A range of no functions is none.',
          cite: doc(VM_RST, 'The range is not allowed to wrap'),
        },
      ],
      when: (_, arg) => {
        const { first, last, action } = filterOf(arg)
        return last < first || action > LAST_ACTION
      },
    },
    badRange,
  ),
  ...inReleases({ since: NONE_IS_NONE, variant: 'of none' }, badRange),
  {
    why: 'has run',
    says: 'The filter is complete before a vcpu of the VM runs.',
    cite: doc(VM_RST, 'EBUSY A vCPU in the VM has already run'),
    errno: 'EBUSY',
    when: ({ vm }) => vm.hasRun,
  },
  {
    why: 'ranges overlap',
    says: 'No function lies in two ranges, nor in those of the architecture.',
    cite: doc(VM_RST, 'EEXIST Range intersects with a previously inserted'),
    errno: 'EEXIST',
    when: ({ vm }, arg) => {
      const { first, last } = filterOf(arg)
      const taken = [...reserved, ...(vm.smcccFilter ?? []).map((one) => [one.first, one.last] as const)]
      return taken.some(([from, to]) => first <= to && from <= last)
    },
  },
])

export const hasSmccc: readonly Refusal<Attr>[] = ofSmccc([unknownFilter])

/** KVM_SET_DEVICE_ATTR. */
export const setsSmccc = ({ vm }: Here, arg: Attr): void => {
  const { first, last, action } = filterOf(arg)
  vm.smcccFilter = [...(vm.smcccFilter ?? []), { first, last, action: Number(action) }]
}
