/** struct kvm_arm_copy_mte_tags: from where, to where and how many tags of the guest's memory are copied. */
import { returned, type Codec } from '../../model/codec.ts'
import { address } from '../../model/pointer.ts'
import { anyNumber, named64, u64, unsigned } from '../../model/scalar.ts'
import { struct, type Field, type Struct } from '../../model/struct.ts'
import { mteFlags, structs } from '../../names/index.ts'

type Fields = Record<'guest_ipa' | 'length' | 'flags' | 'reserved', Field<bigint>>
export type CopyTags = Struct<Fields>

/** Where the tags are in the agent's data: there is room for those of 512 KiB of the guest's memory. */
const TAGS_AT = 0x100
const { fields } = structs.kvm_arm_copy_mte_tags
const size = (n: bigint) => u64('length', anyNumber(64, [n, n, 0n, 0x2000n, 0x800n, 1n << 31n, (1n << 31n) - 0x1000n]))

const whole = struct<Fields>('kvm_arm_copy_mte_tags', {
  guest_ipa: { of: u64('guest_ipa', anyNumber(64, [0n, 0n, 0x1000n, 0x10_0000n, 0x800n])), bare: true },
  length: { of: size(0x1000n), unless: 0n },
  flags: { of: named64('flags', mteFlags, anyNumber(64, [0n, 1n, 2n])), unless: 0n },
  reserved: { of: u64('reserved', anyNumber(128, [0n, 0n, 0n, 1n]), undefined, unsigned(128)), unless: 0n },
})

export const takes: Codec<CopyTags> = {
  ...whole,
  pack(arg, slot, host) {
    const { before, ...rest } = whole.pack(arg, slot, host)
    const tags = arg.at === undefined ? `p,d:${fields.addr[0].toString(16)},${address(undefined, TAGS_AT)} ` : ''
    return { before: before + tags, ...rest }
  },
  ...returned,
}
