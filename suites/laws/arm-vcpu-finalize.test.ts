/** Freezing a vcpu's features: what KVM_ARM_VCPU_FINALIZE opens and closes, and for whom. */
import fc from 'fast-check'
import type { Answer } from '../../harness/call.ts'
import { api, src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { anySet, join } from './feature-sets.ts'

const sve = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok'
const finalize = 'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)'

const text = ({ ret, value, list }: Answer) => [ret, value, ...(list ?? [])].join(' ')

law('what a vcpu answers to KVM_ARM_VCPU_INIT, KVM_ARM_VCPU_FINALIZE, KVM_GET_REG_LIST and KVM_RUN never depends on what other vcpus do',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'), async ({ host, ask, holds, forAll }) => {
    const order = fc.array(fc.tuple(fc.nat(2), fc.nat(6)), { minLength: 1, maxLength: 24, size: 'max' })
    await forAll(fc.tuple(anySet(host), order), async ([set, steps]) => {
      const calls = [
        `KVM_ARM_VCPU_INIT(features[] = ${join(set)})`, finalize, 'KVM_GET_REG_LIST(n = 1000)', 'KVM_RUN(immediate_exit)',
        'KVM_GET_REG_LIST(n = 0)', 'KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)', `KVM_ARM_VCPU_INIT(features[] = ${join(set)} | 1 << 200)`,
      ].filter((_, i) => i < 6 || set.length === 0)
      const said = steps.map(([n, i]) => ({ n, call: calls[i % calls.length]! }))
      const alone = [0, 1, 2].flatMap((n) => said.filter((s) => s.n === n).map((s) => `vm${n + 1}.vcpu${n}: ${s.call}`))
      const heard = await ask([...said.map(({ n, call }) => `vcpu${n}: ${call}`), ...alone].join('\n'))
      const together = [0, 1, 2].flatMap((n) => heard.answers.slice(0, said.length).filter((_, i) => said[i]!.n === n))
      for (const [i, answer] of heard.answers.slice(said.length).entries())
        holds(text(answer) === text(together[i]!), heard, `the answer in the other VM: ${text(together[i]!)}`, said.length + i)
    }, 60)
  })

law('KVM_ARM_VCPU_FINALIZE succeeds once, for SVE, on a vcpu initialised with it: ENOEXEC before KVM_ARM_VCPU_INIT, EPERM a second time, EINVAL for all else',
  api('4.119', 'KVM_ARM_VCPU_FINALIZE'), async ({ host, ask, forAll }) => {
    const step = fc.oneof(fc.constant('init'), fc.constant('run'), fc.constantFrom(4, 4, 4, 0, 1, 2, 3, 5, 6, 7, 16, -1, 0x7fffffff))
    await forAll(fc.tuple(anySet(host), fc.array(step, { minLength: 1, maxLength: 20, size: 'max' })), async ([set, steps]) => {
      const has = set.includes('KVM_ARM_VCPU_SVE')
      let isInit = false, isFinal = false
      await ask(steps.map((what) => {
        if (what === 'run') return `KVM_RUN(immediate_exit)${!isInit ? ' -> -ENOEXEC' : has && !isFinal ? ' -> -EPERM' : ' -> -EINTR or -EINVAL'}`
        if (what === 'init') {
          isInit = true
          return `KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ok`
        }
        const answer = !isInit ? '-ENOEXEC' : what !== 4 || !has ? '-EINVAL' : isFinal ? '-EPERM' : 'ok'
        isFinal ||= answer === 'ok'
        return `KVM_ARM_VCPU_FINALIZE(${what}) -> ${answer}`
      }).join('\n'))
    }, 60)
  })

law('of all sets of vector lengths KVM_REG_ARM64_SVE_VLS takes exactly the non-empty prefixes of what the host has, and only before KVM_ARM_VCPU_FINALIZE',
  api('4.68', 'KVM_REG_ARM64_SVE_VLS'), async ({ host, ask, askAll, forAll, notOffered }) => {
    if (!host.features.includes('KVM_ARM_VCPU_SVE')) notOffered('KVM_CAP_ARM_SVE = 0')
    const all = (await ask(`${sve}\nKVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok`)).last.value!
    const lengths = Array.from({ length: 512 }, (_, i) => BigInt(i)).filter((bit) => all & (1n << bit))
    const prefixes = new Set(lengths.map((bit) => all & ((2n << bit) - 1n)))
    const set = (vls: bigint) => `KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &0x${vls.toString(16)})`
    const tried = (vls: bigint) => prefixes.has(vls)
      ? `${sve}\n${set(vls)} -> ok\nKVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok = 0x${vls.toString(16)}\n${finalize} -> ok
         ${set(vls)} -> -EPERM\nKVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok = 0x${vls.toString(16)}`
      : `${sve}\n${set(vls)} -> -EINVAL\nKVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok = 0x${all.toString(16)}`
    // Every prefix, and every prefix with one length missing or one too many.
    await askAll([...new Set([...prefixes].flatMap((p) => [p, ...[...lengths, lengths.at(-1)! + 1n].map((bit) => p ^ (1n << bit))]))].map(tried))
    const top = lengths.at(-1)!
    if (top < 6n) await askAll(Array.from({ length: 2 ** (Number(top) + 2) }, (_, n) => tried(BigInt(n))))
    const bits = fc.oneof(
      fc.bigInt({ min: 0n, max: (2n << top) - 1n }), fc.bigInt({ min: 0n, max: (1n << 512n) - 1n }),
      fc.tuple(fc.constantFrom(...prefixes), fc.bigInt({ min: 0n, max: 511n })).map(([p, bit]) => p ^ (1n << bit)))
    await forAll(fc.array(bits, { minLength: 1, maxLength: 16, size: 'max' }), async (values) => { await askAll(values.map(tried)) }, 6)
  })
