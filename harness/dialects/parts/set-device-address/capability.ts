/** The capability of KVM_SET_DEVICE_ADDRESS, which another architecture has got since. */
import { takesOf } from '../../../abi/args/check-extension.ts'
import { mail, type Ioctl } from '../../../model/rule.ts'
import { caps } from '../../../names/index.ts'

/** The next number that was free; the text of the patch calls it KVM_CAP_SET_DEVICE_ADDRESS. */
const KVM_CAP_SET_DEVICE_ADDR = 85

const said = (passage: string) => mail('2013-01-08 Christoffer Dall', passage)

/** KVM_CHECK_EXTENSION of a kernel that has it, and not the capability that shipped. */
export const withCapability = (shipped: Ioctl<bigint>): Ioctl<bigint> => ({
  ...shipped,
  takes: takesOf({ KVM_CAP_SET_DEVICE_ADDR, ...caps }),
  grants: [shipped.grants].flat().map((grant) => ({
    ...grant,
    cite: said('Capability: KVM_CAP_SET_DEVICE_ADDRESS'),
    text: [
      {
        says: 'In the patch the case has no break, and goes on to KVM_CAP_NR_VCPUS: the number of online CPUs.',
        cite: said('case KVM_CAP_SET_DEVICE_ADDR: r = 1; case KVM_CAP_NR_VCPUS: r = num_online_cpus();'),
      },
    ],
    gives(here, cap) {
      if (cap === BigInt(KVM_CAP_SET_DEVICE_ADDR)) return 1n
      return cap === BigInt(caps.KVM_CAP_ARM_SET_DEVICE_ADDR) ? 0n : grant.gives!(here, cap)
    },
  })),
})
