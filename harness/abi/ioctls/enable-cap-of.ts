/** What rows of KVM_ENABLE_CAP have in common. */
import { src, type Refusal } from '../../model/rule.ts'
import { caps } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { EnableCap } from '../args/enable-cap.ts'

export const inGeneric = src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_enable_cap_generic')

/** A row about one capability. */
export const about = (
  name: keyof typeof caps,
  row: Omit<Refusal<EnableCap>, 'of' | 'when'> & { when(here: Here, arg: EnableCap): boolean },
): Refusal<EnableCap> => ({
  ...row,
  of: { cap: name },
  when: (here, arg) => arg.cap === caps[name] && row.when(here, arg),
})
export const hasVcpus = ({ vm }: Here): boolean => vm.vcpus.length > 0
export const hasMemory = ({ vm }: Here): boolean => vm.memslots.length > 0
