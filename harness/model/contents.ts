/** What memory holds that userspace shares with the kernel or with a guest, as far as that is known. */

/** Bytes by their offset, of a struct kvm_run say: undefined where they are not known, 0 where nobody has written. */
export interface Contents {
  bytes: Map<number, number | undefined>
  /** Nobody knows what the kernel has written; those that userspace wrote since are known. */
  isUnknown?: true
  /**
   * Words of 64 bits that the kernel wrote in an order of its own, by the offsets at which they are: which of them is
   * at which offset shows when one is read. `bytes` have one of the orders.
   */
  unordered?: readonly (readonly number[])[]
}

/** A guest program in memory, and the offsets of its instructions that were overwritten since. */
export interface ProgramInMemory {
  name: string
  overwritten: bigint[] | 'anywhere'
}
