/** A guest that makes the hypercalls which userspace puts into its registers, as sequences set it up and ask of it. */
import { X } from '../../harness/names/index.ts'

/** Lets the guest make a hypercall. `x`: function and arguments. */
export const call = (...x: string[]): string =>
  x.map((value, n) => `KVM_SET_ONE_REG(${X(n)}, &${value}) -> ok\n`).join('') + 'KVM_RUN'

/** A hypercall that comes back to the guest with these in x0 to x3. */
export const givesAll = (results: readonly string[], ...x: string[]): string => `
  ${call(...x)} -> ok = KVM_EXIT_MMIO
${results.map((result, n) => `  KVM_GET_ONE_REG(${X(n)}) -> ok = ${result}`).join('\n')}
`

/** A hypercall that comes back to the guest with this in x0; x1 to x3 are 0 then. */
export const gives = (result: string, ...x: string[]): string => givesAll([result, '0', '0', '0'], ...x)

export const guestWith = (features: string): string => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(hypercalls)) -> ok
  KVM_ARM_VCPU_INIT(features[] = ${features}) -> ok
`

export const NOT_SUPPORTED = '0xffffffffffffffff'
export const INVALID_PARAMETERS = '0xfffffffffffffffe'
