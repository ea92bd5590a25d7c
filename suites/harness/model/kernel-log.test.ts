/** Which lines of a kernel log count against the kernel, as real kernels print them. */
import { expect, it } from 'vitest'
import { isFatal, isFault } from '../../../harness/model/kernel-log.ts'

const faults = [
  '4,WARNING: CPU: 0 PID: 122 at arch/arm64/kvm/pmu-emul.c:49 kvm_pmu_evtyper_mask+0xac/0xc0',
  // Linux 7.2.
  '4,WARNING: arch/arm64/kvm/pmu-emul.c:54 at kvm_pmu_evtyper_mask+0xa8/0xc0, CPU#0: init/92',
  '4,WARNING: possible circular locking dependency detected',
  '4,WARNING: suspicious RCU usage',
  '3,INFO: task init:92 blocked for more than 120 seconds.',
  '3,rcu: INFO: rcu_sched self-detected stall on CPU',
  '3,rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
  '3,UBSAN: shift-out-of-bounds in arch/arm64/kvm/sys_regs.c:1:2',
]

const fatal = [
  '1,Unable to handle kernel NULL pointer dereference at virtual address 00000000000008a8',
  '0,Internal error: Oops: 0000000096000004 [#1] SMP',
  '2,kernel BUG at arch/arm64/kvm/arm.c:1!',
  '3,BUG: KASAN: slab-use-after-free in kvm_put_kvm+0x10/0x20',
  '3,BUG: sleeping function called from invalid context at kernel/locking/mutex.c:1',
  '0,Kernel panic - not syncing: kernel: panic_on_warn set ...',
]

it.each([...faults, ...fatal])('%s', (line) => expect(isFault(line)).toBe(true))

it('after a fatal one the kernel is not trusted any more', () => {
  expect([...faults, ...fatal].filter(isFatal)).toEqual(fatal)
})

it.each([
  '4,Modules linked in:',
  '4,Call trace:',
  '4,------------[ cut here ]------------',
  '4,Unknown PMU version 0',
  '6,kvm [1]: Hyp mode initialized successfully',
  '4,kvm [92]: Unsupported guest access at: 0',
  '6,init: KVM_BUG_ON is a macro',
])('not %s', (line) => expect(isFault(line)).toBe(false))
