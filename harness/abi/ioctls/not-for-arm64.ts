/**
 * Numbers that every architecture has, and arm64 refuses: its registers come one by one, its interrupts through GICs.
 */
import { badPointer } from '../../model/bad-pointer.ts'
import type { Codec } from '../../model/codec.ts'
import { api, ioctl, src, type Citation, type Ioctl } from '../../model/rule.ts'
import type { BadPointer } from '../../model/pointer.ts'
import { ioctls } from '../../names/index.ts'
import { ignored } from '../args/ignored.ts'
import { registers, translation, type Registers, type Translation } from '../args/not-for-arm64.ts'

const inGuest = (fn: string): Citation => src('arch/arm64/kvm/guest.c', fn)
const inVcpuIoctl = src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl')
const inVmIoctl = src('arch/arm64/kvm/arm.c', 'kvm_arch_vm_ioctl')

/** Nothing is read before the kernel refuses: it is as if it did not know the number. */
const unread = (name: keyof typeof ioctls, cite: Citation): Ioctl<bigint> =>
  ioctl<bigint>(name, {
    nr: ioctls[name],
    on: [],
    weight: 1,
    takes: ignored,
    refuses: [],
    grants: { says: 'No arm64 kernel does it.', cite },
  })

/** What it points to is read before the kernel refuses. */
const afterReading = <Arg extends { at?: BadPointer }>(
  name: keyof typeof ioctls,
  takes: Codec<Arg>,
  struct: Citation,
  cite: Citation,
): Ioctl<Arg> =>
  ioctl<Arg>(name, {
    nr: ioctls[name],
    on: ['vcpu'],
    weight: 1,
    takes,
    refuses: [
      badPointer(takes, struct),
      { why: 'not for arm64', says: 'No arm64 kernel does it.', cite, errno: 'EINVAL', when: () => true },
    ],
    grants: { says: 'No arm64 kernel does it.', cite, unseen: 'no arm64 kernel does it' },
  })

export default [
  unread('KVM_GET_REGS', inGuest('kvm_arch_vcpu_ioctl_get_regs')),
  afterReading<Registers>(
    'KVM_SET_REGS',
    registers,
    api('4.12', 'struct kvm_regs (in)'),
    inGuest('kvm_arch_vcpu_ioctl_set_regs'),
  ),
  unread('KVM_GET_SREGS', inGuest('kvm_arch_vcpu_ioctl_get_sregs')),
  // Its struct is empty, and so are those of floating point.
  unread('KVM_SET_SREGS', inGuest('kvm_arch_vcpu_ioctl_set_sregs')),
  unread('KVM_GET_FPU', inGuest('kvm_arch_vcpu_ioctl_get_fpu')),
  unread('KVM_SET_FPU', inGuest('kvm_arch_vcpu_ioctl_set_fpu')),
  afterReading<Translation>(
    'KVM_TRANSLATE',
    translation,
    api('4.15', 'struct kvm_translation (in/out)'),
    inGuest('kvm_arch_vcpu_ioctl_translate'),
  ),
  unread('KVM_INTERRUPT', inVcpuIoctl),
  unread('KVM_NMI', inVcpuIoctl),
  unread('KVM_PRE_FAULT_MEMORY', inVcpuIoctl),
  unread('KVM_SET_MEMORY_ATTRIBUTES', inVmIoctl),
  unread('KVM_GET_IRQCHIP', inVmIoctl),
  unread('KVM_SET_IRQCHIP', inVmIoctl),
  unread('KVM_SET_BOOT_CPU_ID', inVmIoctl),
  unread('KVM_SET_PMU_EVENT_FILTER', inVmIoctl),
]
