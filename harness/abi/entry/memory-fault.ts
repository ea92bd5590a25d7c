/** An access of the guest to a slot without memory. */
import { exitReasons } from '../../names/index.ts'
import type { Memslot } from '../../model/vm.ts'
import { PAGE } from '../args/set-user-memory-region.ts'
import type { Entered } from './entered.ts'

/** There is nothing behind the slot. Only where a guest_memfd is gone is userspace told more than the errno. */
export const fault = ({ memfd }: Memslot, address: bigint): Pick<Entered, 'exit' | 'errno' | 'run' | 'effects'> => ({
  errno: 'EFAULT',
  ...(memfd && { exit: exitReasons.KVM_EXIT_MEMORY_FAULT }),
  run: memfd
    ? [
        { field: 'memory_fault.flags', value: 0n },
        { field: 'memory_fault.gpa', value: address - (address % PAGE) },
        { field: 'memory_fault.size', value: PAGE },
      ]
    : [],
  effects: [],
})
