/** What this kernel, on this machine, can do; on a VM: what this VM can. */
import { api, ioctl, src, type Statement } from '../../model/rule.ts'
import { caps, ioctls } from '../../names/index.ts'
import { maxVcpus } from './create-vcpu.ts'
import { takes } from '../args/check-extension.ts'

const noErrors: Statement = {
  says: 'It gives a number; no error is mentioned.',
  cite: api('4.4', '0 if unsupported; 1 (or some other positive integer) if supported'),
}

export default ioctl('KVM_CHECK_EXTENSION', {
  nr: ioctls.KVM_CHECK_EXTENSION,
  on: ['kvm', 'vm'],
  weight: 4,
  takes,
  refuses: [
    {
      why: 'needs a VM',
      variant: 'KVM_CAP_MSI_DEVID',
      says: 'Whether a message names its device is a matter of the VM: KVM_CAP_MSI_DEVID is asked of one.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_check_extension'),
      text: [noErrors],
      errno: 'EINVAL',
      when: ({ kind }, n) => kind === 'kvm' && n === BigInt(caps.KVM_CAP_MSI_DEVID),
    },
    {
      why: 'needs a VM',
      variant: 'KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED',
      says: 'KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED is asked of a VM.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_check_extension'),
      text: [noErrors],
      since: '6.17',
      errno: 'EINVAL',
      when: ({ kind }, n) => kind === 'kvm' && n === BigInt(caps.KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED),
    },
  ],
  grants: {
    says:
      'A number greater than 0 says that the extension is there, and how much of it; 0 that it is not, or not '
      + 'known.',
    cite: api('4.4', '0 if unsupported; 1 (or some other positive integer) if supported'),
    gives: ({ kind, host, vm }, n) => {
      if (n === BigInt(caps.KVM_CAP_MSI_DEVID)) return BigInt(vm.hasIts === true)
      if (n === BigInt(caps.KVM_CAP_MAX_VCPUS)) return BigInt(kind === 'vm' ? maxVcpus(vm, host) : host.maxVcpus)
      if (kind === 'vm' && n === BigInt(caps.KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)) return vm.chunkSize ?? 0n
      const name = nameOf.get(n)
      return BigInt((name && ((kind === 'vm' ? host.vmCaps[name] : undefined) ?? host.caps[name])) ?? 0)
    },
  },
})

const nameOf = new Map(Object.entries(caps).map(([name, n]) => [BigInt(n), name]))
