/** Where guest memory may lie. */
import fc from 'fast-check'
import { api, src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { quickSizes } from './ipa-sizes.ts'

const hex = (n: bigint) => `0x${n.toString(16)}`

law('a memory slot is accepted up to the last byte of the VM’s guest physical addresses, and refused with EFAULT beyond, for every IPA size',
  src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'), async ({ host, askAll, notOffered }) => {
    if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
    const page = 0x1000n
    const slot = (id: number, at: bigint, size: bigint, answer: string) =>
      `KVM_SET_USER_MEMORY_REGION(slot = ${id}, guest_phys_addr = ${hex(at)}, memory_size = ${hex(size)}, userspace_addr = &ram) -> ${answer}`
    await askAll(quickSizes(host).map((bits) => {
      const top = 1n << BigInt(bits)
      return [
        `KVM_CREATE_VM(${bits}) -> ok`,
        slot(0, top, page, '-EFAULT'), slot(0, top - page, 2n * page, '-EFAULT'), slot(0, top + page, page, '-EFAULT'),
        slot(0, top - 0x10000n, 0x11000n, '-EFAULT'), slot(0, top * 2n, page, '-EFAULT'),
        // A slot of 2^31 pages or more is refused for that.
        ...(bits < 43 ? [slot(0, 0n, top + page, '-EFAULT')] : []),
        slot(0, top - page, page, 'ok'), slot(1, top - 2n * page, page, 'ok'), slot(2, top - 0x12000n, 0x10000n, 'ok'),
        slot(3, 0n, 0x400000n, 'ok'),
      ].join('\n')
    }))
  })

law('memory slots overlap if and only if they share a byte: EEXIST then, and the slots that were there stay',
  api('4.35', 'KVM_SET_USER_MEMORY_REGION'), async ({ ask, forAll }) => {
    const page = 0x1000n
    const slot = fc.record({ id: fc.nat(6), at: fc.nat(15), pages: fc.integer({ min: 1, max: 5 }) })
    await forAll(fc.array(slot, { minLength: 1, maxLength: 24, size: 'max' }), async (asked) => {
      const there = new Map<number, { at: number; pages: number }>()
      await ask(asked.map(({ id, at, pages }) => {
        const isOld = there.has(id)
        const size = isOld ? there.get(id)!.pages : pages
        const hit = [...there].some(([other, s]) => other !== id && at < s.at + s.pages && s.at < at + size)
        if (!hit) there.set(id, { at, pages: size })
        return `KVM_SET_USER_MEMORY_REGION(slot = ${id}, guest_phys_addr = ${hex(BigInt(at) * page)}, memory_size = ${hex(BigInt(size) * page)}, userspace_addr = &ram) -> ${hit ? '-EEXIST' : 'ok'}`
      }).join('\n'))
    }, 40)
  })
