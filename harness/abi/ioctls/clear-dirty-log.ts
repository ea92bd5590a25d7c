/** Says of single pages of a slot that they are clean. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import { bitmapFaults, bitmapSize, SHOWN_PAGES, takesClear, type ClearDirtyLog } from '../args/dirty-log.ts'
import { aboutSlot, noLog } from '../memory/dirty-log.ts'
import { pagesOf, slotOf } from '../ram/slots.ts'

const FN = 'kvm_clear_dirty_log_protect'
/** Pages of a word of the bitmap. */
const WORD = 64n

export default ioctl<ClearDirtyLog>('KVM_CLEAR_DIRTY_LOG', {
  nr: ioctls.KVM_CLEAR_DIRTY_LOG,
  on: ['vm'],
  capability: 'KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2',
  weight: 3,
  takes: takesClear,
  refuses: [
    badPointer(takesClear, api('4.117', 'struct kvm_clear_dirty_log {')),
    ...aboutSlot(FN),
    {
      why: 'first page',
      says: 'The first page is a multiple of 64.',
      cite: api('4.117', 'The ioctl clears the dirty status of pages in a memory slot'),
      errno: 'EINVAL',
      when: (_, { first_page: first }) => first % WORD !== 0n,
    },
    noLog(FN),
    {
      why: 'pages',
      says: 'The pages are in the slot, and they end with it or are a multiple of 64.',
      cite: api('4.117', 'The ioctl clears the dirty status of pages in a memory slot'),
      errno: 'EINVAL',
      when: (here, { slot, first_page: first, num_pages: number }) => {
        const left = pagesOf(slotOf(here, slot)) - first
        const n = BigInt(number)
        return left < 0n || n > left || (n < left && n % WORD !== 0n)
      },
    },
    {
      why: 'bad bitmap pointer',
      says: 'The bitmap has a bit for each of the pages, in words of 64; of no pages it is not looked at.',
      cite: api('4.117', 'The ioctl clears the dirty status of pages in a memory slot'),
      errno: 'EFAULT',
      when: (_, arg) => bitmapFaults(arg, bitmapSize(BigInt(arg.num_pages))),
    },
  ],
  grants: {
    says: 'The pages whose bits are set are clean. Bits behind the last page mean nothing.',
    cite: api('4.117', 'The ioctl clears the dirty status of pages in a memory slot'),
    then: (here, { slot: id, first_page: first, num_pages: number, bits }) => {
      const slot = slotOf(here, id)
      const words = bitmapSize(BigInt(number)) * 8n
      if (slot?.log !== undefined && first < SHOWN_PAGES) slot.log &= ~(BigInt.asUintN(Number(words), bits) << first)
    },
  },
})
