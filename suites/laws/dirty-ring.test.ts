/** Pages that are taken back from a ring of dirty pages, and are logged anew. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'

const PAGE = 0x1000
/** Where the two slots are, and how many pages each has: more than a word of a bitmap. */
const BASES = [0x10_0000, 0x40_0000]
const PAGES = 0xa0
const core = (n: number) => `KVM_REG_ARM_CORE_REG(regs.regs[${n}])`

interface Page {
  slot: number
  offset: number
}
const page: fc.Arbitrary<Page> = fc.record({
  slot: fc.nat(1),
  offset: fc.oneof(fc.nat(3), fc.constantFrom(62, 63, 64, 65, 127, 128, PAGES - 1), fc.nat(PAGES - 1)),
})
/** A page, or how far from the one before it the next one is: about as far as a word of a bitmap reaches. */
const next = fc.oneof(page, fc.constantFrom(1, 62, 63, 64, 65, -1, -62, -63, -64, -65))
/** Different pages of which each is drawn, or is where the one before it says. */
const pages = fc.array(next, { minLength: 2, maxLength: 12 }).map((some) => {
  const all = new Map<number, Page>()
  let last: Page = { slot: 0, offset: 0 }
  for (const one of some) {
    last = typeof one === 'number' ? { ...last, offset: (last.offset + one + PAGES) % PAGES } : one
    all.set(addressOf(last), last)
  }
  return [...all.values()]
})
const addressOf = ({ slot, offset }: Page): number => BASES[slot]! + offset * PAGE

law(
  'a page that was taken back from a ring is in it again after the next store, whichever pages were taken back with it',
  src('virt/kvm/dirty_ring.c', 'kvm_dirty_ring_reset'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.caps.KVM_CAP_DIRTY_LOG_RING_ACQ_REL) notOffered('KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 0')
    // The guest stores to two pages before it leaves.
    await forAll(
      pages.map((some) => some.slice(0, some.length - (some.length % 2))),
      async (all) => {
        const round = (first: number) => [
          ...all.flatMap((one, i) =>
            i % 2 === 0
              ? [
                  `vcpu0: KVM_SET_ONE_REG(${core(1)}, &${addressOf(one)}) -> ok`,
                  `vcpu0: KVM_SET_ONE_REG(${core(3)}, &${addressOf(all[i + 1]!)}) -> ok`,
                  'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
                ]
              : [],
          ),
          ...all.map(
            ({ slot, offset }, i) =>
              `vcpu0: kvm_dirty_gfn(${first + i}) -> ok = { flags = 1, slot = ${slot + 1}${offset === 0 ? '' : `, offset = ${offset}`} }`,
          ),
          ...all.map((_, i) => `vcpu0: kvm_dirty_gfn(${first + i}, flags = KVM_DIRTY_GFN_F_RESET) -> ok`),
          `vm: KVM_RESET_DIRTY_RINGS -> ok = ${all.length}`,
        ]
        await ask(
          [
            'vm: KVM_ENABLE_CAP(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args[0] = 0x1000) -> ok',
            'vm: KVM_CREATE_VCPU(0) -> ok',
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            'vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(store-at)) -> ok',
            ...BASES.map(
              (base, i) =>
                `vm: KVM_SET_USER_MEMORY_REGION(slot = ${i + 1}, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = ${base}, memory_size = ${PAGES * PAGE}, userspace_addr = &ram + 0x100000) -> ok`,
            ),
            ...round(0),
            ...round(all.length),
            ...round(2 * all.length),
          ].join('\n'),
        )
      },
      20,
    )
  },
)
