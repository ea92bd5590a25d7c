/** Defects of VMs and their memory. */
import { bytesIn, lengthIn, valueOf, type Pread } from '../../../../harness/abi/args/pread.ts'
import { bytes, fromBytes } from '../../../../harness/model/scalar.ts'
import type { Breakable } from '../../../../harness/table/errata.ts'
import { sees, takes, type Defect } from './defect.ts'

const CREATE_VM = 'KVM_CREATE_VM'
const CREATE_VCPU = 'KVM_CREATE_VCPU'
const SLOT = 'KVM_SET_USER_MEMORY_REGION'

/** What is read of statistics, with another number of so many bytes at an offset of the file. */
const misread = (k: Breakable, at: number, changed: (byte: number) => number): void =>
  k.grants('pread', ({ gives }) => ({
    gives(here, arg: Pread) {
      const value = gives!(here, arg)
      const i = BigInt(at) - arg.offset
      if (value === undefined || i < 0n || i >= BigInt(lengthIn(value))) return value
      const file = Buffer.from(bytes(bytesIn(value), lengthIn(value)), 'hex')
      file[Number(i)] = changed(file[Number(i)]!)
      return valueOf(file.length, fromBytes(file.toString('hex')))
    },
  }))

const STATISTICS = 'statistics say where their blocks are'
const statistics = (is: string, at: number, changed: (byte: number) => number): Defect => ({
  law: STATISTICS,
  is,
  host: '7.2-max-gicv3',
  breaks: (k) => misread(k, at, changed),
})

/** Where the statistics of a vcpu have hvc_exit_stat. */
const HYPERCALLS = 0x808

export const ofVms: readonly Defect[] = [
  statistics('a flag is set', 0, () => 1),
  statistics('names are said to be longer than they are', 4, (size) => size + 8),
  statistics('there are fewer descriptors than are said', 8, (count) => count + 1),
  statistics('the id is not where it is said to be', 12, (at) => at + 8),
  statistics('the descriptors begin in the id', 16, (at) => at - 8),
  statistics('the numbers are not aligned', 20, (at) => at + 4),
  statistics('the id is of another process’s VM', 24, () => 0x78),
  statistics('a number lies in another', 136 + 8, (offset) => offset - 8),
  statistics('a name is empty', 88, () => 0),
  statistics('a counter has several numbers', 72 + 6, () => 2),
  statistics('a unit is unknown', 72, () => 0x50),
  {
    law: 'a capability that KVM_CHECK_EXTENSION does not give',
    is: 'what nobody knows is enabled',
    breaks: (k) => k.forgets('KVM_ENABLE_CAP', 'not to be enabled', (_, { cap }) => cap === 251 || cap > 300),
  },
  {
    law: 'the size of chunks reads back',
    is: 'a size that is refused is kept',
    breaks: (k) =>
      k.leaves('KVM_ENABLE_CAP', 'no size of a block', ({ vm }, arg) => {
        vm.chunkSize = arg['args[0]']
      }),
  },
  {
    law: 'for every size n',
    is: '33 bits are refused',
    breaks: (k) => k.refuses(CREATE_VM, 'EINVAL', (_, type) => type === 33n),
  },
  {
    law: 'type bits other',
    is: 'bit 40 is forgotten',
    breaks: (k) => sees(k, CREATE_VM, 'unknown type bits', (type) => type & ~(1n << 40n)),
  },
  {
    law: 'KVM_VM_TYPE_ARM_PROTECTED',
    is: 'any VM can be protected',
    host: '7.2-max-gicv3',
    breaks: (k) => k.forgets(CREATE_VM, 'no protected VMs'),
  },
  {
    law: 'a memory slot is accepted',
    is: 'the last page is out of reach',
    breaks: (k) =>
      k.refuses(SLOT, 'EFAULT', ({ vm }, { gpa, size }) => size > 0n && gpa + size === 1n << BigInt(vm.ipa)),
  },
  {
    law: 'memory slots overlap',
    is: 'slots that only touch overlap',
    breaks: (k) =>
      k.refuses(SLOT, 'EEXIST', ({ vm }, { slot, gpa }) =>
        vm.memslots.some((s) => s.id !== slot && s.gpa + s.size === gpa),
      ),
  },
  {
    law: 'pages that were dirty',
    is: 'the first page to be cleared is taken for 0',
    breaks: (k) => takes(k, 'KVM_CLEAR_DIRTY_LOG', (arg) => ({ ...arg, first_page: 0n })),
  },
  {
    law: 'a bitmap is written',
    is: 'one page more needs another word',
    breaks: (k) =>
      k.refuses('KVM_GET_DIRTY_LOG', 'EFAULT', ({ vm }, { slot, to }) =>
        vm.memslots.some(({ id, size, log }) => id === slot && log !== undefined && to === Number(size / 4096n) / 8),
      ),
  },
  {
    law: 'a store of the guest stays',
    is: 'a zone is taken away by addresses that are not all in it',
    breaks: (k) => takes(k, 'KVM_UNREGISTER_COALESCED_MMIO', (arg) => ({ ...arg, size: 0 })),
  },
  {
    law: 'a store of the guest stays',
    is: 'one zone is taken away, and others with the same addresses stay',
    breaks: (k) =>
      k.grants('KVM_UNREGISTER_COALESCED_MMIO', ({ then: takeAway }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: (here, arg, into) => {
          const before = here.vm.coalesced ?? []
          takeAway!(here, arg, into)
          const [, ...others] = before.filter((zone) => !here.vm.coalesced!.includes(zone))
          here.vm.coalesced!.push(...others)
        },
      })),
  },
  {
    law: 'KVM_SET_USER_MEMORY_REGION2 answers',
    is: 'a slot that is read-only is refused',
    breaks: (k) => k.refuses('KVM_SET_USER_MEMORY_REGION2', 'EINVAL', (_, { flags }) => flags === 2),
  },
  {
    law: 'two VMs of one process',
    is: 'a vcpu id is given once in all VMs',
    breaks: (k) =>
      k.refuses(CREATE_VCPU, 'EEXIST', ({ world, vm }, id) =>
        [...world.descriptors.values()].some((h) => h.kind === 'vcpu' && h.vm !== vm && BigInt(h.vcpu.id) === id),
      ),
  },
  {
    law: 'a vcpu’s statistics count each hypercall',
    is: 'a hypercall counts twice',
    breaks: (k) => misread(k, HYPERCALLS, (often) => often * 2),
  },
  {
    law: 'a page that was taken back from a ring',
    is: 'nothing is taken back',
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
    breaks: (k) => k.grants('KVM_RESET_DIRTY_RINGS', () => ({ then: () => {} })),
  },
]
