/** ram(OFFSET): the memory that userspace gives to its guests, of which no ioctl tells. */
import { api, ioctl } from '../../model/rule.ts'
import { takes, type RamAccess } from '../args/ram.ts'
import { writeRam } from '../ram/ram.ts'
import { exampleAt } from '../ram/shared-page.ts'
import { chooseAt, wordsOfOneAt } from '../ram/unordered.ts'
import { notMapped } from './kvm-run.ts'

/**
 * It is said of a vcpu, whose kvm_run is mapped by the way: an agent reads memory back after a call, and that is one
 * that changes nothing.
 */
export default ioctl<RamAccess>('ram', {
  syscall: 'mmap',
  on: ['vcpu'],
  weight: 1,
  takes,
  refuses: notMapped,
  prepares(world, { offset, words }) {
    words.forEach((word, i) => writeRam(world, offset + 8 * i, 8, word))
  },
  grants: {
    says: 'What is behind a slot is memory of userspace: it sees what the kernel and the guest have written, and they what it wrote.',
    cite: api('4.35', 'Memory for the region is taken starting at the address denoted by the field'),
    gives: ({ world }, { offset, words }) => (words.length > 0 ? undefined : exampleAt(world.ram, offset, 8)),
    oneOf: ({ world }, { offset, words }) => (words.length > 0 ? undefined : wordsOfOneAt(world.ram, offset)),
    chosen: ({ world }, { offset }, word) => chooseAt(world.ram, offset, word),
  },
})
