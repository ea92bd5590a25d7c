/** The log of dirty pages: what is cleared in it, and how large a bitmap is. */
import { hex } from '../../harness/model/scalar.ts'
import fc from 'fast-check'
import { api } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'

const PAGE = 0x1000
const logged = (pages: number) =>
  'vm: KVM_SET_USER_MEMORY_REGION(slot = 0, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x0, '
  + `memory_size = ${hex(pages * PAGE)}, userspace_addr = &ram) -> ok`
const ALL_DIRTY = 'vm: KVM_ENABLE_CAP(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, args[0] = 3) -> ok'
const ones = (n: number) => (1n << BigInt(n)) - 1n

law(
  'pages that were dirty are clean if and only if KVM_CLEAR_DIRTY_LOG was given their bits, however it was cut into pieces',
  api('4.117', 'The ioctl clears the dirty status of pages in a memory slot'),
  async ({ ask, forAll }) => {
    const clear = fc.record({
      first: fc.nat(4),
      words: fc.integer({ min: 1, max: 5 }),
      bits: fc.bigInt({ min: 0n, max: ones(320) }),
    })
    const clears = fc.array(clear, { minLength: 1, maxLength: 8 })
    await forAll(
      fc.tuple(fc.integer({ min: 1, max: 300 }), clears),
      async ([pages, some]) => {
        let dirty = ones(pages)
        const lines = some.flatMap(({ first, words, bits }) => {
          const from = 64 * Math.min(first, Math.floor(pages / 64))
          const n = Math.min(64 * words, pages - from)
          dirty &= ~((bits & ones(Math.ceil(n / 64) * 64)) << BigInt(from))
          return [
            `vm: KVM_CLEAR_DIRTY_LOG(slot = 0, first_page = ${from}, num_pages = ${n}, dirty_bitmap = &${hex(bits)}) -> ok`,
            `vm: KVM_GET_DIRTY_LOG(slot = 0) -> ok = ${hex(dirty)}`,
          ]
        })
        await ask([ALL_DIRTY, logged(pages), ...lines].join('\n'))
      },
      60,
    )
  },
)

law(
  'a bitmap is written, and read, in words for 64 pages: with less room than the last one needs it is EFAULT',
  api('4.8', 'Given a memory slot, return a bitmap containing any pages dirtied'),
  async ({ ask, forAll }) => {
    await forAll(
      fc.integer({ min: 1, max: 1024 }),
      async (pages) => {
        const size = Math.ceil(pages / 64) * 8
        const both = (room: number, answer: string) =>
          ['vm: KVM_GET_DIRTY_LOG(slot = 0', `vm: KVM_CLEAR_DIRTY_LOG(slot = 0, num_pages = ${pages}`].map(
            (call) => `${call}, dirty_bitmap = &short(${room})) -> ${answer}`,
          )
        await ask(
          [logged(pages), ...both(size - 1, '-EFAULT'), ...both(size, 'ok'), ...both(size - 8, '-EFAULT')].join('\n'),
        )
      },
      40,
    )
  },
)
