/** Freezing a vcpu's features: what KVM_ARM_VCPU_FINALIZE opens and closes, and for whom. */
import fc from 'fast-check'
import type { Answer } from '../../harness/model/call.ts'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { anySet, join, offered, subsets } from './feature-sets.ts'

const sve = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok'
const finalize = 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'

const text = ({ ret, value, list }: Answer) => [ret, value, ...(list ?? [])].join(' ')

/** What the vcpus of one VM may be asked in any order; all have the same features. */
const questions = (set: readonly string[]): string[] => [
  `KVM_ARM_VCPU_INIT(features[] = ${join(set)})`,
  finalize,
  'KVM_GET_REG_LIST(n = 1000)',
  'KVM_RUN(immediate_exit)',
  'KVM_GET_REG_LIST(n = 0)',
  'KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)',
]

law(
  'what a vcpu answers to INIT, FINALIZE, REG_LIST and RUN never depends on what other vcpus do',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'),
  async ({ host, ask, holds, forAll }) => {
    const order = fc.array(fc.tuple(fc.nat(2), fc.nat(5)), { minLength: 1, maxLength: 24, size: 'max' })
    const played = async ([set, steps]: [string[], readonly [vcpu: number, question: number][]]) => {
      const said = steps.map(([n, i]) => ({ n, call: questions(set)[i]! }))
      const of = (n: number) => said.filter((s) => s.n === n)
      const alone = [0, 1, 2].flatMap((n) => of(n).map((s) => `vm${n + 1}.vcpu${n}: ${s.call}`))
      const heard = await ask([...said.map(({ n, call }) => `vcpu${n}: ${call}`), ...alone].join('\n'))
      const together = [0, 1, 2].flatMap((n) => heard.answers.filter((_, i) => said[i]?.n === n))
      for (const [i, answer] of heard.answers.slice(said.length).entries()) {
        const other = text(together[i]!)
        holds(text(answer) === other, heard, `the answer in the other VM: ${other}`, said.length + i)
      }
    }
    // Each vcpu a step behind the one before it, so that each step is taken when another has taken it.
    const inTurn = Array.from({ length: 8 }, (_, step) => [0, 1, 2].map((n): [number, number] => [n, step - n]))
      .flat()
      .filter(([, question]) => question >= 0 && question < 6)
    for (const set of subsets(offered(host))) await played([set, inTurn])
    await forAll(fc.tuple(anySet(host), order), played, 50)
  },
)

law(
  'KVM_ARM_VCPU_FINALIZE succeeds once, for SVE, on a vcpu that has it: ENOEXEC before INIT, EPERM later, else EINVAL',
  api('4.119', 'KVM_ARM_VCPU_FINALIZE'),
  async ({ host, ask, forAll }) => {
    const what = fc.constantFrom(4, 4, 4, 0, 1, 2, 3, 5, 6, 7, 16, -1, 0x7fffffff)
    const steps = fc.array(fc.oneof(fc.constant('init'), fc.constant('run'), what), {
      minLength: 1,
      maxLength: 20,
      size: 'max',
    })
    const played = async ([set, order]: [string[], readonly (string | number)[]]) => {
      const has = set.includes('KVM_ARM_VCPU_SVE')
      let isInit = false,
        isFinal = false
      await ask(
        order
          .map((step) => {
            if (step === 'run') {
              const answer = !isInit ? '-ENOEXEC' : has && !isFinal ? '-EPERM' : '-EINTR or -EINVAL'
              return `KVM_RUN(immediate_exit) -> ${answer}`
            }
            if (step === 'init') {
              isInit = true
              return `KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ok`
            }
            const answer = !isInit ? '-ENOEXEC' : step !== 4 || !has ? '-EINVAL' : isFinal ? '-EPERM' : 'ok'
            isFinal ||= answer === 'ok'
            return `KVM_ARM_VCPU_FINALIZE(${step}) -> ${answer}`
          })
          .join('\n'),
      )
    }
    for (const set of subsets(offered(host)))
      await played([set, [4, 'run', 'init', 0, 'run', 4, 4, 'init', 4, 'run', 5]])
    await forAll(fc.tuple(anySet(host), steps), played, 50)
  },
)

law(
  'KVM_REG_ARM64_SVE_VLS takes exactly the non-empty prefixes of the host’s vector lengths, and only before FINALIZE',
  api('4.68', 'KVM_REG_ARM64_SVE_VLS'),
  async ({ host, ask, askAll, forAll, notOffered }) => {
    if (!host.features.includes('KVM_ARM_VCPU_SVE')) notOffered('KVM_CAP_ARM_SVE = 0')
    const all = (await ask(`${sve}\nKVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok`)).last.value!
    const lengths = Array.from({ length: 512 }, (_, i) => BigInt(i)).filter((bit) => all & (1n << bit))
    const prefixes = new Set(lengths.map((bit) => all & ((2n << bit) - 1n)))
    const set = (vls: bigint, answer: string) =>
      `KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x${vls.toString(16)}) -> ${answer}`
    const get = (vls: bigint) => `KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok = ${vls}`
    const tried = (vls: bigint) =>
      (prefixes.has(vls)
        ? [sve, set(vls, 'ok'), get(vls), `${finalize} -> ok`, set(vls, '-EPERM'), get(vls)]
        : [sve, set(vls, '-EINVAL'), get(all)]
      ).join('\n')
    const top = lengths.at(-1)!
    const flips = [...lengths, top + 1n]
    const near = [...prefixes].flatMap((p) => [p, ...flips.map((bit) => p ^ (1n << bit))])
    await askAll([...new Set(near)].map(tried))
    if (top < 6n) await askAll(Array.from({ length: 2 ** (Number(top) + 2) }, (_, n) => tried(BigInt(n))))
    const any = fc.oneof(
      fc.bigInt({ min: 0n, max: (2n << top) - 1n }),
      fc.bigInt({ min: 0n, max: (1n << 512n) - 1n }),
      fc.tuple(fc.constantFrom(...prefixes), fc.bigInt({ min: 0n, max: 511n })).map(([p, bit]) => p ^ (1n << bit)),
    )
    await forAll(fc.array(any, { minLength: 1, maxLength: 16, size: 'max' }), (values) => askAll(values.map(tried)), 6)
  },
)
