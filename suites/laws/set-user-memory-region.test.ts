/** Where guest memory may lie. */
import { hex } from '../../harness/model/scalar.ts'
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { quickSizes } from './ipa-sizes.ts'

const PAGE = 0x1000n

/** The line that maps `size` bytes at `at`. */
const slot = (id: number, at: bigint, size: bigint, answer: string) =>
  'KVM_SET_USER_MEMORY_REGION('
  + `slot = ${id}, guest_phys_addr = ${hex(at)}, memory_size = ${hex(size)}, userspace_addr = &ram) -> ${answer}`

law(
  'a memory slot is accepted up to the last byte of the VM’s addresses, and refused with EFAULT beyond, for every IPA size',
  src('arch/arm64/kvm/mmu.c', 'kvm_arch_prepare_memory_region'),
  async ({ host, askAll, notOffered }) => {
    if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
    await askAll(
      quickSizes(host).map((bits) => {
        const top = 1n << BigInt(bits)
        return [
          `KVM_CREATE_VM(${bits}) -> ok`,
          slot(0, top, PAGE, '-EFAULT'),
          slot(0, top + PAGE, PAGE, '-EFAULT'),
          slot(0, top * 2n, PAGE, '-EFAULT'),
          slot(0, top - PAGE, 2n * PAGE, '-EFAULT'),
          slot(0, top - 16n * PAGE, 17n * PAGE, '-EFAULT'),
          // A slot of 2^31 pages or more is refused for that.
          ...(bits < 43 ? [slot(0, 0n, top + PAGE, '-EFAULT')] : []),
          slot(0, top - PAGE, PAGE, 'ok'),
          slot(1, top - 2n * PAGE, PAGE, 'ok'),
          slot(2, top - 18n * PAGE, 16n * PAGE, 'ok'),
          slot(3, 0n, 1024n * PAGE, 'ok'),
        ].join('\n')
      }),
    )
  },
)

law(
  'memory slots overlap if and only if they share a byte: EEXIST then, and the slots that were there stay',
  api('4.35', 'KVM_SET_USER_MEMORY_REGION'),
  async ({ ask, forAll }) => {
    const region = fc.record({ id: fc.nat(6), at: fc.nat(15), pages: fc.integer({ min: 1, max: 5 }) })
    await forAll(
      fc.array(region, { minLength: 1, maxLength: 24, size: 'max' }),
      async (asked) => {
        const there = new Map<number, { at: number; end: number }>()
        await ask(
          asked
            .map(({ id, at, pages }) => {
              const old = there.get(id)
              // A slot that is there moves, and keeps its size.
              const size = old ? old.end - old.at : pages
              const isHit = [...there].some(([other, s]) => other !== id && at < s.end && s.at < at + size)
              if (!isHit) there.set(id, { at, end: at + size })
              return slot(id, BigInt(at) * PAGE, BigInt(size) * PAGE, isHit ? '-EEXIST' : 'ok')
            })
            .join('\n'),
        )
      },
      40,
    )
  },
)
