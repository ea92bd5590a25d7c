/** The type argument of KVM_CREATE_VM. */
import fc from 'fast-check'
import { api } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'

const cite = api('4.2', 'Host_IPA_Limit is the maximum possible value for IPA_Bits on the host')

law('for every size n, KVM_CREATE_VM(n) succeeds if and only if n is 0 or from 32 to the limit', cite, async ({ ask, holds }) => {
  const limit = Number((await ask('KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)')).last.value ?? 40n) || 40
  await Promise.all(Array.from({ length: 256 }, async (_, n) => {
    const heard = await ask(`KVM_CREATE_VM(${n})`)
    const isFine = n === 0 ? limit >= 40 : n >= 32 && n <= limit
    holds((heard.last.ret === 0) === isFine && [0, -22].includes(heard.last.ret), heard, isFine ? 'ok' : '-EINVAL')
  }))
})

law('bits of the type beyond the IPA size and the protected bit are refused with EINVAL', cite, async ({ ask, holds, forAll }) => {
  const bit = fc.integer({ min: 8, max: 63 }).filter((b) => b !== 31).map((b) => 1n << BigInt(b))
  const type = fc.tuple(fc.array(bit, { minLength: 1, maxLength: 4 }), fc.constantFrom(0n, 32n, 40n, 255n))
    .map(([bits, size]) => bits.reduce((all, b) => all | b, size))
  await forAll(type, async (n) => {
    const heard = await ask(`KVM_CREATE_VM(0x${n.toString(16)})`)
    holds(heard.last.ret === -22, heard, '-EINVAL')
  })
})
