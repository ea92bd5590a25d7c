/** What holds of finalization in whatever order a vcpu is asked. */
import fc from 'fast-check'
import { offers } from '../../../model/host.ts'
import type { Law, Tools } from '../../../model/law.ts'
import { features } from '../../../names/index.ts'
import { martin, martinFirst } from './call.ts'

const hasSve = ({ host }: Tools): boolean => offers(host, features.KVM_ARM_VCPU_SVE)
const sve = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok'
const FINALIZE = 'vcpu0: KVM_ARM_VCPU_FINALIZE'
const LIST = 'KVM_GET_REG_LIST(n = 1000)'
const RUN = 'KVM_RUN(immediate_exit)'
const VLS = 'KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x1)'

const upTo = (n: number) => [...Array(n).keys()]
const vectors = [
  ...upTo(32).map((n) => `KVM_REG_ARM64_SVE_ZREG(${n}, 0)`),
  ...upTo(16).map((n) => `KVM_REG_ARM64_SVE_PREG(${n}, 0)`),
  'KVM_REG_ARM64_SVE_FFR(0)',
]

/** Sets of features that a vcpu can have without anything else being set up. */
const setsOf = (tools: Tools): string[] => [
  '0',
  'KVM_ARM_VCPU_PSCI_0_2',
  'KVM_ARM_VCPU_POWER_OFF | KVM_ARM_VCPU_PSCI_0_2',
  ...(hasSve(tools) ? ['KVM_ARM_VCPU_SVE', 'KVM_ARM_VCPU_SVE | KVM_ARM_VCPU_PSCI_0_2'] : []),
]

/** The userspace of the mail: it finalizes whatever it has made, and goes on where a kernel does not know the call. */
export const userspaceOfTheMail = (isNoError: string, sets: (tools: Tools) => readonly string[] = setsOf): Law => ({
  title: `userspace that takes ${isNoError} of KVM_ARM_VCPU_FINALIZE for no error runs its vcpu, whatever its features`,
  cite: martin('Userspace treats KVM_ARM_VCPU_FINALIZE() -> EINVAL as no error'),
  async body(tools) {
    await tools.askAll(
      sets(tools).map((set) =>
        [
          `vcpu0: KVM_ARM_VCPU_INIT(features[] = ${set}) -> ok`,
          `${FINALIZE} -> ok or ${isNoError}`,
          `vcpu0: ${LIST} -> ok`,
          `vcpu0: ${RUN} -> -EINTR`,
        ].join('\n'),
      ),
    )
  },
})

/** Configuration before, state after. */
export const barrier: Law = {
  title: 'before a vcpu is finalized its vector lengths can be written and no vector register, afterwards the reverse',
  cite: martinFirst('This makes a clear barrier between reg writes that manipulate the "physical" configuration'),
  async body(tools) {
    if (!hasSve(tools)) tools.notOffered('KVM_CAP_ARM_SVE = 0')
    const reads = (answer: string) => vectors.map((id) => `KVM_GET_ONE_REG(${id}) -> ${answer}`)
    const writes = (answer: string) => vectors.map((id) => `KVM_SET_ONE_REG(${id}, &0x0) -> ${answer}`)
    await tools.ask([sve, `${VLS} -> ok`, ...reads('-EPERM'), `${FINALIZE} -> ok`].join('\n'))
    await tools.ask([sve, ...writes('-EPERM'), `${VLS} -> ok`, `${FINALIZE} -> ok`].join('\n'))
    await tools.ask([sve, `${FINALIZE} -> ok`, ...reads('ok'), `${VLS} -> -EPERM`].join('\n'))
    await tools.ask([sve, `${FINALIZE} -> ok`, ...writes('ok'), `${VLS} -> -EPERM`].join('\n'))
  },
}

/** What KVM_ARM_VCPU_FINALIZE, KVM_RUN and KVM_GET_REG_LIST answer in any order; `alone`: without SVE. */
export const order = (alone: 'ok' | '-EPERM'): Law => ({
  title: 'a vcpu with SVE runs and lists its registers once it was finalized, which is once and before it runs',
  cite: martinFirst('KVM_RUN -> -EPERM (too early)'),
  async body(tools) {
    const played = async ([isSve, steps]: readonly [boolean, readonly string[]]) => {
      let isFinal = false,
        hasRun = false
      const lines = steps.map((call) => {
        const isEarly = isSve && !isFinal
        if (call === LIST) return `${call} -> ${isEarly ? '-EPERM' : 'ok'}`
        if (call === RUN) {
          hasRun ||= !isEarly
          return `${call} -> ${isEarly ? '-EPERM' : '-EINTR'}`
        }
        const answer = isFinal || hasRun ? '-EPERM' : isSve ? 'ok' : alone
        isFinal ||= isSve && answer === 'ok'
        return `${call} -> ${answer}`
      })
      await tools.ask(
        [`KVM_ARM_VCPU_INIT(features[] = ${isSve ? 'KVM_ARM_VCPU_SVE' : '0'}) -> ok`, ...lines].join('\n'),
      )
    }
    const steps = fc.array(fc.constantFrom(FINALIZE, LIST, RUN), { minLength: 1, maxLength: 12, size: 'max' })
    const isSve = hasSve(tools) ? fc.boolean() : fc.constant(false)
    await played([false, [FINALIZE, LIST, RUN, FINALIZE]])
    if (hasSve(tools)) await played([true, [LIST, RUN, FINALIZE, FINALIZE, LIST, RUN, FINALIZE]])
    await tools.forAll(fc.tuple(isSve, steps), played, 60)
  },
})

/** Flags are for later. */
export const flagsAreRefused: Law = {
  title: 'an argument other than 0 is refused with EINVAL and finalizes nothing, whatever it is',
  cite: martin('We can add explicit flags later if needed to finalize individual features separately'),
  async body(tools) {
    const set = hasSve(tools) ? 'KVM_ARM_VCPU_SVE' : '0'
    const refused = (args: readonly bigint[]) =>
      tools.ask(
        [
          `vcpu0: KVM_ARM_VCPU_INIT(features[] = ${set}) -> ok`,
          ...args.map((arg) => `${FINALIZE}(0x${arg.toString(16)}) -> -EINVAL`),
          ...(hasSve(tools) ? [`vcpu0: ${RUN} -> -EPERM`] : []),
          `${FINALIZE}(0) -> ok`,
        ].join('\n'),
      )
    await refused(Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)))
    const any = fc.bigInt({ min: 1n, max: (1n << 64n) - 1n })
    await tools.forAll(fc.array(any, { minLength: 1, maxLength: 40 }), async (args) => void (await refused(args)), 20)
  },
}
