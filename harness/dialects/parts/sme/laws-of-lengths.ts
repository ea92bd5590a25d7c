/** What holds of the vector lengths of SME, whatever they are. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { SVCR, SVE_VLS, VLS, final, get, init, needsSme, ones, p, prefixesOf, readMask, set, upTo, z } from './lines.ts'
import { documented, patch } from './names.ts'

export const ofLengths: readonly Law[] = [
  {
    title: 'one finalization closes the lengths of SVE and of SME alike, whichever the vcpu has',
    cite: patch(
      'v12 00/29',
      'it seems clearer to just express directly that only one finalisation can be done in the ABI',
    ),
    async body(tools) {
      needsSme(tools)
      for (const features of [['SVE'], ['SME'], ['SVE', 'SME']]) {
        const ids = [...(features.includes('SVE') ? [SVE_VLS] : []), ...(features.includes('SME') ? [VLS] : [])]
        for (const named of ['VEC', 'SVE'])
          await tools.ask(
            [
              init(...features),
              'KVM_RUN(immediate_exit) -> -EPERM',
              'KVM_GET_REG_LIST(n = 1000) -> -EPERM',
              ...ids.map((id) => set(id, 1)),
              `KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_${named}) -> ok`,
              ...ids.flatMap((id) => [set(id, 1, '-EPERM'), get(id, 'ok = 1')]),
              ...['VEC', 'SVE'].map((f) => `KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_${f}) -> -EPERM`),
              'KVM_GET_REG_LIST(n = 1000) -> ok',
              'KVM_RUN(immediate_exit) -> -EINTR',
            ].join('\n'),
          )
      }
    },
  },
  {
    title: 'KVM_REG_ARM64_SME_VLS takes exactly the non-empty prefixes of the lengths that it begins with',
    cite: documented(
      'Attempting to configure an invalid set of vector lengths via KVM_SET_ONE_REG will fail with EINVAL',
    ),
    async body(tools) {
      needsSme(tools)
      const all = await readMask(tools, 'SME', VLS)
      const fine = new Set(prefixesOf(all).map(({ mask }) => mask))
      const tried = (mask: bigint) => [init('SME'), set(VLS, mask, fine.has(mask) ? 'ok' : '-EINVAL')].join('\n')
      await tools.askAll([...fine, 0n].map(tried))
      await tools.askAll([...fine].flatMap((mask) => upTo(18).map((bit) => tried(mask ^ (1n << BigInt(bit))))))
      await tools.forAll(
        fc.bigInt({ min: 0n, max: ones(512) }),
        async (mask) => void (await tools.ask(tried(mask))),
        40,
      )
    },
  },
  {
    title: 'Z and P are as long as SVE makes them, and in streaming mode as long as SME does, for all pairs of lengths',
    cite: documented(
      'If SME is supported and SVCR.SM is 1, then the max_vq used for the Z and P registers is the maximum SME',
    ),
    async body(tools) {
      needsSme(tools)
      const sve = prefixesOf(await readMask(tools, 'SVE', SVE_VLS))
      const sme = prefixesOf(await readMask(tools, 'SME', VLS))
      const shows = (bits: number) => [
        ...[0, 31].flatMap((n) => [set(z(n), ones(2048)), get(z(n), `ok = ${ones(bits)}`)]),
        ...[0, 15].flatMap((n) => [set(p(n), ones(256)), get(p(n), `ok = ${ones(bits / 8)}`)]),
      ]
      await tools.askAll(
        sve.flatMap((a) =>
          sme.map((b) =>
            [
              init('SVE', 'SME'),
              set(SVE_VLS, a.mask),
              set(VLS, b.mask),
              final,
              ...shows(a.bits),
              set(SVCR, 1),
              ...shows(b.bits),
            ].join('\n'),
          ),
        ),
      )
    },
  },
]
