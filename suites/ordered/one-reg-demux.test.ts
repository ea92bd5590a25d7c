/** KVM_GET_ONE_REG and KVM_SET_ONE_REG on the cache sizes, the only registers behind a selector. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'a cache size has 32 bits and one of 14 selectors',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_DEMUX_ID_CCSIDR(0))  -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_DEMUX_ID_CCSIDR(14)) -> -ENOENT (no cache)
  KVM_GET_ONE_REG(0x6030000000110000)              -> -ENOENT (no cache)
  KVM_GET_ONE_REG(0x6020000000110100)              -> -ENOENT (no cache)
`,
)

sequence(
  'a cache size can be written back as it is',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)                          -> ok
  KVM_SET_ONE_REG(KVM_REG_ARM_DEMUX_ID_CCSIDR(0), &reset)    -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_DEMUX_ID_CCSIDR(0), &unmapped) -> -EFAULT (bad value pointer)
`,
)
