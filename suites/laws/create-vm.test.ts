/** The type argument of KVM_CREATE_VM. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { limit, quickSizes } from './ipa-sizes.ts'

const cite = api('4.2', 'Host_IPA_Limit is the maximum possible value for IPA_Bits on the host')
const sizes = Array.from({ length: 256 }, (_, n) => n)

law(
  'for every size n of 0 to 255, KVM_CREATE_VM(n) succeeds if and only if n is 0 or from 32 to the limit',
  cite,
  async ({ host, ask, askAll, holds, notOffered }) => {
    if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
    const heard = await ask('KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)')
    const said = Number(heard.last.value)
    holds(said === 0 || (said >= 32 && said <= 52), heard, 'ok = 0, or from 32 to 52')
    const most = said || 40
    const fine = sizes.filter((n) => (n === 0 ? most >= 40 : n >= 32 && n <= most))
    const wrong = sizes.filter((n) => !fine.includes(n)).map((n) => `KVM_CREATE_VM(${n}) -> -EINVAL`)
    const right = (n: number) => `KVM_CREATE_VM(${n}) -> ok
      vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok = ${said}`
    const isQuick = (n: number) => n === 0 || quickSizes(host).includes(n)
    await askAll([...wrong, ...fine.filter(isQuick).map(right)])
    await Promise.all(fine.filter((n) => !isQuick(n)).map((n) => ask(right(n))))
  },
)

law(
  'type bits other than the size (7 to 0) and KVM_VM_TYPE_ARM_PROTECTED (31) are refused with EINVAL, whatever the size',
  cite,
  async ({ askAll, forAll }) => {
    const bits = Array.from({ length: 56 }, (_, i) => i + 8)
      .filter((b) => b !== 31)
      .map((b) => 1n << BigInt(b))
    const refused = (types: readonly bigint[]) =>
      askAll(types.map((type) => `KVM_CREATE_VM(0x${type.toString(16)}) -> -EINVAL`))
    await refused(bits)
    const size = fc.oneof(fc.constantFrom(0n, 32n, 40n), fc.bigInt({ min: 0n, max: 255n }))
    const some = fc
      .tuple(fc.subarray(bits, { minLength: 1, maxLength: 4 }), size)
      .map(([wrong, n]) => wrong.reduce((all, bit) => all | bit, n))
    const any = fc.oneof(some, fc.bigInt({ min: 1n << 32n, max: (1n << 64n) - 1n }))
    await forAll(fc.array(any, { minLength: 1, maxLength: 90, size: 'max' }), refused, 8)
  },
)

law(
  'KVM_VM_TYPE_ARM_PROTECTED is refused with EINVAL at every size where the kernel does not run protected VMs',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_init_vm'),
  async ({ host, askAll, notOffered }) => {
    if (host.isProtected) notOffered('kvm-arm.mode=protected is on')
    // The size is looked at first, and for a possible one tables are made and unmade before the refusal.
    const tried = sizes.filter((n) => n < 32 || n > limit(host) || quickSizes(host).includes(n))
    await askAll(tried.map((n) => `KVM_CREATE_VM(0x${(0x80000000 + n).toString(16)}) -> -EINVAL`))
  },
)
