/** What a filter makes of the guest's hypercalls, before anybody looks what they are. */
import { exitReasons, runFlags, smcccActions } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { NOT_SUPPORTED, returns, type LeftToUserspace, type Returned } from './hypercall.ts'

/** All of the struct is 0 besides the function, and the flag of an SMC; no instruction of the guest has 16 bits. */
const forwarded = (fn: number, by: 'hvc' | 'smc'): LeftToUserspace => ({
  exit: exitReasons.KVM_EXIT_HYPERCALL,
  run: [
    { field: 'hypercall.nr', value: 0n, length: 72 },
    { field: 'hypercall.nr', value: BigInt(fn) },
    ...(by === 'smc' ? [{ field: 'hypercall.flags' as const, value: BigInt(runFlags.KVM_HYPERCALL_EXIT_SMC) }] : []),
  ],
  keeps: 'registers',
})

/** undefined: the filter leaves the function alone. */
export const filteredOf = ({ vm }: Here, fn: number, by: 'hvc' | 'smc'): Returned | LeftToUserspace | undefined => {
  const action = vm.smcccFilter?.find(({ first, last }) => first <= fn && fn <= last)?.action
  if (action === smcccActions.KVM_SMCCC_FILTER_DENY) return returns(NOT_SUPPORTED)
  return action === smcccActions.KVM_SMCCC_FILTER_FWD_TO_USER ? forwarded(fn, by) : undefined
}
