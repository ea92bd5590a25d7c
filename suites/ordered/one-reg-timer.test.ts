/** KVM_GET_ONE_REG and KVM_SET_ONE_REG on the timers. */
import { sequence } from '../../harness/suite/sequence.ts'

sequence(
  'the virtual timer has 64-bit registers only',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)       -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CTL)  -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CNT)  -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CVAL) -> ok
  KVM_GET_ONE_REG(0x602000000013df19)     -> -ENOENT (no register)
`,
)

sequence(
  'the physical timer is no register',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CTL)  -> -ENOENT (no register)
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CVAL) -> -ENOENT (no register)
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CNT)  -> -ENOENT (no register)
`,
  { until: '6.12' },
)

sequence(
  'the physical timer has its registers',
  `
  KVM_ARM_VCPU_INIT(features[] = 0)        -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CTL)  -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CVAL) -> ok
  KVM_GET_ONE_REG(KVM_REG_ARM_PTIMER_CNT)  -> ok
`,
  { since: '6.12' },
)
