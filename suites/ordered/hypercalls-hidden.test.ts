/** Hypercalls that are not PSCI's: what they give, and the bitmaps of firmware registers that hide them from the guest. */
import { sequence } from '../../harness/suite/sequence.ts'
import { call, gives, givesAll, guestWith, INVALID_PARAMETERS, NOT_SUPPORTED } from './guest-calls.ts'

const GUEST = guestWith('KVM_ARM_VCPU_PSCI_0_2')
const set = (bitmap: string, value: string): string => `KVM_SET_ONE_REG(KVM_REG_ARM_${bitmap}, &${value}) -> ok`
const hidden = (...x: string[]): string => gives(NOT_SUPPORTED, ...x)

const UUID = ['0xe0210d', '0xeb118443', '0x44527080', '0x4c5a4e55']
const UID = ['0xb66fb428', '0xe911c52e', '0x564bcaa9', '0x743a004d']

sequence(
  'the SMCCC is of version 1.1, and says which functions of its own there are',
  `${GUEST}
  ${gives('0x10001', '0x80000000', '0x11')}
  ${hidden('0x80000001', '0x80000000')}
  ${hidden('0x80000001', '0x80000001')}
  ${gives('0', '0x80000001', '0x11111111c5000020')}
  ${hidden('0x80000001', '0xc5000021')}
  ${hidden('0x80000002', '0x11')}
  ${hidden('0xc0000000', '0x11')}
`,
)

sequence(
  '5.10 has no random numbers, and no functions of its vendor',
  `${GUEST}
  ${hidden('0x84000050', '0x11')}
  ${hidden('0x84000053', '0x0')}
  ${hidden('0xc4000053', '0x0')}
  ${hidden('0x86000000', '0x11')}
  ${hidden('0x8600ff01', '0x11')}
`,
  { until: '6.1' },
)

sequence(
  'random numbers have version 1.0, know their functions and who makes them',
  `${GUEST}
  ${gives('0x10000', '0x84000050', '0x11')}
  ${gives('0', '0x84000051', '0x84000050')}
  ${gives('0', '0x84000051', '0x84000053')}
  ${gives('0', '0x84000051', '0xc4000053')}
  ${hidden('0x84000051', '0xc4000052')}
  ${hidden('0x84000051', '0x84000000')}
  ${hidden('0x84000051', '0x184000050')}
  ${givesAll(UUID, '0x84000052', '0x11')}
  ${hidden('0xc4000050', '0x11')}
  ${hidden('0xc4000052', '0x11')}
  ${hidden('0x84000054', '0x11')}
`,
  { since: '6.1' },
)

sequence(
  'random numbers have at most 96 bits, or 192; none is asked for and none comes',
  `${GUEST}
  ${gives('0', '0x84000053', '0x0')}
  ${gives('0', '0xc4000053', '0xff00000000')}
  ${gives(INVALID_PARAMETERS, '0x84000053', '0x61')}
  ${gives(INVALID_PARAMETERS, '0xc4000053', '0xc1')}
  ${givesAll(['0'], '0x84000053', '0x60')}
  ${givesAll(['0'], '0xc4000053', '0xc0')}
  ${givesAll(['0', '0'], '0x84000053', '0x40')}
  ${givesAll(['0', '0', '0'], '0xc4000053', '0x40')}
`,
  { since: '6.1' },
)

sequence(
  'a guest without its bit in KVM_REG_ARM_STD_BMAP has no random numbers, and PSCI all the same',
  `${GUEST}
  ${set('STD_BMAP', '0x0')}
  ${hidden('0x84000050', '0x11')}
  ${hidden('0x84000051', '0x84000050')}
  ${hidden('0x84000052', '0x11')}
  ${hidden('0x84000053', '0x0')}
  ${hidden('0xc4000053', '0x0')}
  ${gives('2', '0x84000006', '0x11')}
  ${givesAll(UID, '0x8600ff01', '0x11')}
  KVM_GET_ONE_REG(KVM_REG_ARM_STD_BMAP) -> ok = 0
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x0) -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x1) -> -EBUSY (VM has run)
  KVM_SET_ONE_REG(KVM_REG_ARM_STD_BMAP, &0x2) -> -EINVAL (unknown hypercalls)
`,
  { since: '6.1' },
)

sequence(
  'the vendor says who it is and which of its functions there are, where bit 0 of its bitmap is set',
  `${GUEST}
  ${givesAll(UID, '0x8600ff01', '0x11')}
  ${gives('0x3', '0x86000000', '0x11')}
  ${hidden('0x86000001', '0x2')}
  ${hidden('0x86000002', '0x11')}
  ${hidden('0xc6000000', '0x11')}
`,
  { since: '6.1' },
)

for (const [bitmap, features] of [
  ['0x1', gives('0x1', '0x86000000', '0x11')],
  ['0x2', hidden('0x86000000', '0x11') + hidden('0x8600ff01', '0x11')],
  ['0x0', hidden('0x86000000', '0x11') + hidden('0x8600ff01', '0x11') + hidden('0x86000001', '0x0')],
] as const)
  sequence(
    `a vendor's bitmap of ${bitmap} is what its functions are`,
    `${GUEST}
  ${set('VENDOR_HYP_BMAP', bitmap)}
  ${features}
  ${bitmap === '0x1' ? hidden('0x86000001', '0x0') : ''}
  ${gives('0x10000', '0x84000050', '0x11')}
`,
    { since: '6.1' },
  )

sequence(
  'the functions of another vendor are in x2',
  `${GUEST}
  ${set('VENDOR_HYP_BMAP_2', '0x1')}
  ${givesAll(['0x3', '0', '0x1', '0'], '0x86000000', '0x11')}
`,
  { since: '7.2' },
)

const stolen = 'vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x8000) -> ok'
sequence(
  'stolen time has an address once userspace has told it',
  `${GUEST}
  ${hidden('0xc5000020', '0xc5000020')}
  ${hidden('0xc5000020', '0xc5000021')}
  ${hidden('0xc5000021', '0x11')}
  ${stolen}
  ${gives('0', '0xc5000020', '0xc5000020')}
  ${gives('0', '0xc5000020', '0x11111111c5000021')}
  ${hidden('0xc5000020', '0xc5000022')}
  ${gives('0x8000', '0xc5000021', '0x11')}
  ${hidden('0x85000021', '0x11')}
`,
)

sequence(
  'a guest without its bit in KVM_REG_ARM_STD_HYP_BMAP has no stolen time, though it has an address',
  `${GUEST}
  ${stolen}
  ${set('STD_HYP_BMAP', '0x0')}
  ${hidden('0xc5000020', '0xc5000021')}
  ${hidden('0xc5000021', '0x11')}
  ${hidden('0x80000001', '0xc5000020')}
`,
  { since: '6.1' },
)

sequence(
  'a filter comes before the bitmaps, which it cannot undo',
  `${GUEST}
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000050, nr_functions = 1, action = KVM_SMCCC_FILTER_FWD_TO_USER)) -> ok
  vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = 0x84000052, nr_functions = 1, action = KVM_SMCCC_FILTER_HANDLE)) -> ok
  ${set('STD_BMAP', '0x0')}
  ${call('0x84000050', '0x11')} -> ok = KVM_EXIT_HYPERCALL
  kvm_run(hypercall.nr) -> ok = 0x84000050
  KVM_RUN -> ok = KVM_EXIT_MMIO
  ${hidden('0x84000052', '0x11')}
`,
  { since: '6.12' },
)
