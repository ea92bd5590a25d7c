/** Which features KVM_ARM_VCPU_INIT takes, when, and what it makes of a vcpu. */
import fc from 'fast-check'
import { api } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { type Cap, type Feature } from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { anySet, join, known, subsets } from './feature-sets.ts'

/** What each feature depends on; POWER_OFF on nothing. */
const needs: Partial<Record<Feature, Cap>> = {
  KVM_ARM_VCPU_EL1_32BIT: 'KVM_CAP_ARM_EL1_32BIT',
  KVM_ARM_VCPU_PSCI_0_2: 'KVM_CAP_ARM_PSCI_0_2',
  KVM_ARM_VCPU_PMU_V3: 'KVM_CAP_ARM_PMU_V3',
  KVM_ARM_VCPU_SVE: 'KVM_CAP_ARM_SVE',
  KVM_ARM_VCPU_PTRAUTH_ADDRESS: 'KVM_CAP_ARM_PTRAUTH_ADDRESS',
  KVM_ARM_VCPU_PTRAUTH_GENERIC: 'KVM_CAP_ARM_PTRAUTH_GENERIC',
}

const init = (set: readonly string[], answer: string) => `KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ${answer}`

law(
  'a set of vcpu features is accepted if and only if each has its capability and PTRAUTH comes whole (5.10: PMU_V3 needs none)',
  api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'),
  async ({ ask, askAll, host }) => {
    const asked = Object.values(needs)
    const { answers } = await ask(asked.map((cap) => `kvm: KVM_CHECK_EXTENSION(${cap}) -> ok`).join('\n'))
    const has = new Set<Cap | undefined>([undefined, ...asked.filter((_, i) => answers[i]!.value !== 0n)])
    if (!reached(host.kernel.release, '6.1')) has.add('KVM_CAP_ARM_PMU_V3')
    const isHalf = (set: string[]) => set.filter((f) => f.startsWith('KVM_ARM_VCPU_PTRAUTH')).length === 1
    const isFine = (set: string[]) => set.every((f) => has.has(needs[f as Feature])) && !isHalf(set)
    await askAll(subsets(known).map((set) => init(set, isFine(set) ? 'ok' : '-EINVAL')))
  },
)

law(
  'feature bits that no release knows (10 to 223) are refused with ENOENT, whatever else is set',
  api('4.82', 'ENOENT a features bit specified is unknown'),
  async ({ askEach, forAll }) => {
    await askEach(
      [],
      Array.from({ length: 214 }, (_, i) => init([`1 << ${i + 10}`], '-ENOENT')),
    )
    const line = fc
      .tuple(fc.subarray(known), fc.integer({ min: 10, max: 223 }))
      .map(([set, bit]) => init([...set, `1 << ${bit}`], '-ENOENT'))
    const lines = fc.array(line, { minLength: 1, maxLength: 60, size: 'max' })
    await forAll(
      lines,
      async (some) => {
        await askEach([], some)
      },
      6,
    )
  },
)

law(
  'KVM_ARM_VCPU_INIT with the same features succeeds at any time, with others never and changes nothing (6.12: but POWER_OFF)',
  api(
    '4.82',
    'All calls to this function after the initial call must use the same target and same set of feature flags',
  ),
  async ({ host, ask, forAll }) => {
    const isFree = reached(host.kernel.release, '6.12')
    const step = fc.oneof(
      fc.constantFrom('same', 'off'),
      fc.constantFrom(...known.slice(1)),
      fc.constantFrom('KVM_RUN(immediate_exit)', 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'),
    )
    const steps = fc.array(step, { minLength: 1, maxLength: 20, size: 'max' })
    await forAll(
      fc.tuple(anySet(host), steps),
      async ([drawn, order]) => {
        const first = drawn.flatMap((f) => f.split(' | '))
        const same = init(first, 'ok')
        const lines = order.flatMap((what) => {
          if (what.includes('(')) return [what]
          if (what === 'same') return [same]
          if (what === 'off') return [init(['KVM_ARM_VCPU_POWER_OFF', ...first], isFree ? 'ok' : '-EINVAL'), same]
          return [init(first.includes(what) ? first.filter((f) => f !== what) : [...first, what], '-EINVAL')]
        })
        await ask([same, ...lines, same].join('\n'))
      },
      60,
    )
  },
)
