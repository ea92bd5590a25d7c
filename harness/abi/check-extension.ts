/** What this kernel, on this machine, can do; on a VM: what this VM can. */
import fc from 'fast-check'
import { plain, type Codec } from '../codec.ts'
import { api, ioctl } from '../ioctl.ts'
import { caps, ioctls } from '../names.ts'
import { named } from '../scalar.ts'
import { maxVcpus } from './create-vcpu.ts'

const cap = named('a capability', caps, fc.oneof(
  fc.constantFrom(...Object.values(caps)), fc.constantFrom(-1, 0x7fffffff, 9999)))

const takes: Codec<number> = { ...plain(cap), value: (ret) => (ret >= 0 ? BigInt(ret) : undefined) }

export default ioctl('KVM_CHECK_EXTENSION', {
  nr: ioctls.KVM_CHECK_EXTENSION,
  on: ['kvm', 'vm'],
  takes,
  refuses: [],
  grants: {
    says: 'A number greater than 0 says that the extension is there, and how much of it; 0 that it is not, or not known.',
    cite: api('4.4', '0 if unsupported; 1 (or some other positive integer) if supported'),
    gives: ({ kind, host, vm }, n) => {
      if (n === caps.KVM_CAP_MAX_VCPUS) return BigInt(kind === 'vm' ? maxVcpus(vm, host) : host.maxVcpus)
      const name = nameOf.get(n)
      return BigInt((name && ((kind === 'vm' ? host.vmCaps[name] : undefined) ?? host.caps[name])) ?? 0)
    },
  },
})

const nameOf = new Map(Object.entries(caps).map(([name, n]) => [n as number, name]))
