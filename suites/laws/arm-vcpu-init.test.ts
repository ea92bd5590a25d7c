/** Which features KVM_ARM_VCPU_INIT takes, and what it makes of a vcpu. */
import fc from 'fast-check'
import { api } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { caps, features, type Cap, type Feature } from '../../harness/names.ts'
import { reached } from '../../harness/release.ts'
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

law('a set of vcpu features is accepted if and only if each has its capability and the two of PTRAUTH come together (5.10: PMU_V3 needs none)',
  api('4.82', 'EINVAL the target is unknown, or the combination of features is invalid'), async ({ ask, askAll, host }) => {
    const asked = Object.values(needs)
    const { answers } = await ask(asked.map((cap) => `kvm: KVM_CHECK_EXTENSION(${cap})`).join('\n'))
    const has = new Set<Cap | undefined>([undefined, ...asked.filter((cap, i) => caps[cap] !== undefined && answers[i]!.value !== 0n)])
    if (!reached(host.kernel.release, '6.1')) has.add('KVM_CAP_ARM_PMU_V3')
    const halves = (set: string[]) => set.filter((f) => f.startsWith('KVM_ARM_VCPU_PTRAUTH')).length === 1
    await askAll(subsets(known).map((set) => {
      const isFine = set.every((f) => has.has(needs[f as Feature])) && !halves(set)
      return `KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ${isFine ? 'ok' : '-EINVAL'}`
    }))
  })

law('feature bits that no release knows (9 to 223) are refused with ENOENT, whatever else is set',
  api('4.82', 'ENOENT a features bit specified is unknown'), async ({ askAll, forAll }) => {
    await askAll([0, 1, 2, 3, 4].map((part) => Array.from({ length: 43 }, (_, i) => 9 + part * 43 + i)
      .map((bit) => `KVM_ARM_VCPU_INIT(features[] = 1 << ${bit}) -> -ENOENT`).join('\n')))
    const line = fc.tuple(fc.subarray(known), fc.integer({ min: 9, max: 223 })).map(([set, bit]) =>
      `KVM_ARM_VCPU_INIT(features[] = ${join([...set, `1 << ${bit}`])}) -> -ENOENT`)
    await forAll(fc.array(line, { minLength: 1, maxLength: 60, size: 'max' }), async (lines) => { await askAll([lines.join('\n')]) }, 6)
  })

law('KVM_ARM_VCPU_INIT with the same features succeeds at any time, and any other set is refused with EINVAL and changes nothing (POWER_OFF is free from 6.12 on)',
  api('4.82', 'All calls to this function after the initial call must use the same target and same set of feature flags'),
  async ({ host, ask, forAll }) => {
    const isFree = reached(host.kernel.release, '6.12')
    const later = fc.oneof(
      fc.constant('same'), fc.constant('off'),
      fc.constantFrom(...Object.keys(features).filter((f) => features[f as Feature] > 0 && features[f as Feature] < 7)),
      fc.constantFrom('KVM_RUN(immediate_exit)', 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'))
    await forAll(fc.tuple(anySet(host), fc.array(later, { minLength: 1, maxLength: 20, size: 'max' })), async ([first, then]) => {
      const init = `KVM_ARM_VCPU_INIT(features[] = ${join(first)}) -> ok`
      const names = new Set(first.flatMap((f) => f.split(' | ')))
      await ask([init, ...then.flatMap((what) => {
        if (what.includes('(')) return [what]
        if (what === 'same') return [init]
        if (what === 'off') return [`KVM_ARM_VCPU_INIT(features[] = ${join(['KVM_ARM_VCPU_POWER_OFF', ...first])}) -> ${isFree ? 'ok' : '-EINVAL'}`, init]
        const other = names.has(what) ? [...names].filter((f) => f !== what) : [...names, what]
        return [`KVM_ARM_VCPU_INIT(features[] = ${join(other)}) -> -EINVAL`]
      }), init].join('\n'))
    }, 60)
  })
