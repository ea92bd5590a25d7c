/** Defects of what a guest and userspace tell each other through kvm_run. */
import { coreRegs } from '../../../../harness/names/index.ts'
import type { Breakable } from '../../../../harness/table/errata.ts'
import type { Defect } from './defect.ts'

const X3 = coreRegs.get('regs.regs[3]')!

/** A field that reads as something else once the guest has run. */
const shows = (k: Breakable, field: string, wrong: (value: bigint) => bigint): void =>
  k.grants('kvm_run', ({ gives: sound }) => ({
    gives(here, arg) {
      const value = sound!(here, arg)
      return arg.field === field && here.vcpu.entered && value !== undefined ? wrong(value) : value
    },
  }))

export const ofKvmRun: readonly Defect[] = [
  {
    law: 'what userspace puts into mmio.data',
    is: 'a load of 8 bytes gets 4 of them',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives: sound }) => ({
        gives(here, arg) {
          const value = sound!(here, arg)
          return arg.id === X3 && value !== undefined ? BigInt.asUintN(32, value) : value
        },
      })),
  },
  {
    law: 'what a guest stores is in mmio.data',
    is: 'bytes behind those that are stored are cleared',
    breaks: (k) => shows(k, 'mmio.data', (value) => BigInt.asUintN(56, value)),
  },
  {
    law: 'a hypercall that a filter denies',
    is: 'userspace is told of another function',
    breaks: (k) => shows(k, 'hypercall.nr', (value) => value + 1n),
  },
  {
    law: 'kvm_valid_regs and kvm_dirty_regs are',
    is: 'the kernel takes note of dirty registers',
    breaks: (k) => shows(k, 'kvm_dirty_regs', () => 0n),
  },
]
