/** Stores that are collected: which of them leave the guest. */
import fc from 'fast-check'
import { api } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'

const STORE = 0x1000_0000
const LENGTH = 4
/** Beyond, the kernel takes a size for a negative number; see suites/ordered. */
const MOST = 0x7fff_ffff

law(
  'a store of the guest stays if and only if a zone has all of it that was registered and not taken away since',
  api('4.116', 'When a hardware register is configured for coalesced I/O'),
  async ({ ask, forAll }) => {
    const addr = fc.integer({ min: STORE - 6, max: STORE + 6 })
    const zone = fc.record({ addr, size: fc.oneof(fc.nat(12), fc.nat(MOST)) })
    const part = fc.record({ addr, size: fc.nat(12) })
    await forAll(
      fc.tuple(zone, fc.option(part), fc.integer({ min: 1, max: 3 })),
      async ([there, gone, times]) => {
        const has = (from: number, size: number) => there.addr <= from && from + size <= there.addr + there.size
        const stays = has(STORE, LENGTH) && !(gone && has(gone.addr, gone.size))
        const said = ({ addr: at, size }: { addr: number; size: number }) => `(addr = ${at}, size = ${size}) -> ok`
        await ask(
          [
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok',
            'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000, userspace_addr = &guest) -> ok',
            // The same zone may be there several times, and is gone at once.
            ...Array<string>(times).fill(`vm: KVM_REGISTER_COALESCED_MMIO${said(there)}`),
            ...(gone ? [`vm: KVM_UNREGISTER_COALESCED_MMIO${said(gone)}`] : []),
            `vcpu0: KVM_RUN -> ok = ${stays ? 'KVM_EXIT_SYSTEM_EVENT' : 'KVM_EXIT_MMIO'}`,
          ].join('\n'),
        )
      },
      40,
    )
  },
)
