/** What a timer says of itself. */
import fc from 'fast-check'
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'

/** Bits of CNTV_CTL_EL0 and CNTP_CTL_EL0: ENABLE and IMASK are kept, ISTATUS is the timer's own. */
const KEPT = 0x3,
  ISTATUS = 0x4

/** Times that have come since long ago, and that never come. */
const times = [
  { compare: '0x0', hasCome: true },
  { compare: '0xffffffffffffffff', hasCome: false },
]

law(
  'the status of a timer says whether its time has come (0 from 6.18 on), whatever was written of it; the rest is kept',
  src('arch/arm64/kvm/arch_timer.c', 'read_timer_ctl'),
  async ({ host, ask, forAll }) => {
    const isTold = !reached(host.kernel.release, '6.18')
    const names = ['TIMER', ...(reached(host.kernel.release, '6.12') ? ['PTIMER'] : [])]
    const state = names.map(() => ({ ctl: 0, time: times[0]! }))
    const step = fc.record({
      timer: fc.nat(names.length - 1),
      ctl: fc.option(fc.nat(KEPT | ISTATUS), { freq: 4 }),
      time: fc.constantFrom(...times),
    })
    await forAll(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (steps) => {
        const now = state.map((one) => ({ ...one }))
        const lines = steps.flatMap(({ timer, ctl, time }) => {
          Object.assign(now[timer]!, ctl === null ? { time } : { ctl: ctl & KEPT })
          const write = ctl === null ? `CVAL, &${time.compare}` : `CTL, &0x${ctl}`
          return [
            `KVM_SET_ONE_REG(KVM_REG_ARM_${names[timer]}_${write}) -> ok`,
            ...now.map(
              (one, i) =>
                `KVM_GET_ONE_REG(KVM_REG_ARM_${names[i]}_CTL) -> ok = 0x${one.ctl | (isTold && one.time.hasCome ? ISTATUS : 0)}`,
            ),
          ]
        })
        const begin = names.map((name) => `KVM_SET_ONE_REG(KVM_REG_ARM_${name}_CVAL, &0x0) -> ok`)
        await ask(['KVM_ARM_VCPU_INIT(features[] = 0) -> ok', ...begin, ...lines].join('\n'))
      },
      25,
    )
  },
)
