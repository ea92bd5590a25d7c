/** The type argument of KVM_CREATE_VM. */
import fc from 'fast-check'
import { api, src } from '../../harness/ioctl.ts'
import { law, type Tools } from '../../harness/law.ts'

const cite = api('4.2', 'Host_IPA_Limit is the maximum possible value for IPA_Bits on the host')

/** The host's word on the largest size; without KVM_CAP_ARM_VM_IPA_SIZE it is 40. */
const limitOf = async ({ ask }: Tools) => Number((await ask('KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)')).last.value) || 40

law('for every size n of 0 to 255, KVM_CREATE_VM(n) succeeds if and only if n is 0 or from 32 to the limit', cite, async (tools) => {
  if (tools.host.isProtected) tools.notOffered('kvm-arm.mode=protected ignores the size')
  const limit = await limitOf(tools)
  const isFine = (n: number) => (n === 0 ? limit >= 40 : n >= 32 && n <= limit)
  await tools.askAll(Array.from({ length: 256 }, (_, n) => `KVM_CREATE_VM(${n}) -> ${isFine(n) ? 'ok' : '-EINVAL'}`))
})

law('type bits other than the size (7 to 0) and KVM_VM_TYPE_ARM_PROTECTED (31) are refused with EINVAL, whatever the size', cite, async ({ askAll, forAll }) => {
  const bit = fc.integer({ min: 8, max: 63 }).filter((b) => b !== 31).map((b) => 1n << BigInt(b))
  const single = Array.from({ length: 56 }, (_, i) => i + 8).filter((b) => b !== 31).map((b) => `KVM_CREATE_VM(${1n << BigInt(b)}) -> -EINVAL`)
  await askAll(single)
  const size = fc.oneof(fc.constantFrom(0n, 32n, 40n), fc.bigInt({ min: 0n, max: 255n }))
  const wide = fc.oneof(fc.bigInt({ min: 1n << 32n, max: (1n << 64n) - 1n }), fc.tuple(fc.array(bit, { minLength: 1, maxLength: 4 }), size)
    .map(([bits, n]) => bits.reduce((all, b) => all | b, n)))
  await forAll(fc.array(wide, { minLength: 1, maxLength: 90, size: 'max' }),
    async (types) => { await askAll(types.map((t) => `KVM_CREATE_VM(0x${t.toString(16)}) -> -EINVAL`)) }, 8)
})

law('KVM_VM_TYPE_ARM_PROTECTED is refused with EINVAL at every size where the kernel does not run protected VMs',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_init_vm'), async ({ host, askAll, notOffered }) => {
    if (host.isProtected) notOffered('kvm-arm.mode=protected is on')
    await askAll(Array.from({ length: 256 }, (_, n) => `KVM_CREATE_VM(0x800000${n.toString(16).padStart(2, '0')}) -> -EINVAL`))
  })

law('KVM_CAP_ARM_VM_IPA_SIZE is from 32 to 52, and the same on /dev/kvm and on VMs of every size', cite, async (tools) => {
  const { ask, askAll, holds, host, notOffered } = tools
  if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
  const heard = await ask('KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)')
  const limit = Number(heard.last.value)
  if (limit === 0) notOffered('KVM_CAP_ARM_VM_IPA_SIZE = 0')
  holds(limit >= 32 && limit <= 52, heard, 'ok = 32 to 52')
  await askAll(Array.from({ length: limit - 31 }, (_, i) => `KVM_CREATE_VM(${i + 32}) -> ok
    vm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE) -> ok = ${limit}`))
})
