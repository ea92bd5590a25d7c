/** What holds where a vcpu is finalized as a side effect. */
import fc from 'fast-check'
import { offers } from '../../../model/host.ts'
import type { Law } from '../../../model/law.ts'
import type { Citation } from '../../../model/rule.ts'
import { features } from '../../../names/index.ts'

const LIST = 'KVM_GET_REG_LIST(n = 1000)'
const SHORT = 'KVM_GET_REG_LIST(n = 0)'
const RUN = 'KVM_RUN(immediate_exit)'
const VLS = 'KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)'
const ZREG = 'KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x0)'

export const implicitly = (cite: Citation): readonly Law[] => [
  {
    title: 'the first run or list that succeeds closes the vector lengths and opens the vector registers, in any order',
    cite,
    async body({ host, ask, forAll, notOffered }) {
      if (!offers(host, features.KVM_ARM_VCPU_SVE)) notOffered('KVM_CAP_ARM_SVE = 0')
      const played = async (steps: readonly string[]) => {
        let isFinal = false
        const lines = steps.map((call) => {
          if (call === VLS) return `${call} -> ${isFinal ? '-EPERM' : 'ok'}`
          if (call === ZREG) return `${call} -> ${isFinal ? 'ok' : '-EPERM'}`
          if (call === SHORT) return `${call} -> -E2BIG`
          isFinal = true
          return `${call} -> ${call === RUN ? '-EINTR' : 'ok'}`
        })
        await ask(['KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok', ...lines].join('\n'))
      }
      await played([VLS, ZREG, SHORT, VLS, LIST, VLS, ZREG])
      await played([VLS, ZREG, RUN, VLS, ZREG])
      const steps = fc.array(fc.constantFrom(VLS, ZREG, SHORT, LIST, RUN), { minLength: 1, maxLength: 10 })
      await forAll(steps, played, 60)
    },
  },
]
