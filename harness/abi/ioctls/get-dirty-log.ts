/** Which pages of a slot were written since the last time. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { ioctls } from '../../names/index.ts'
import { bitmapFaults, bitmapSize, takesLog, type GetDirtyLog } from '../args/dirty-log.ts'
import { aboutSlot, noLog } from '../memory/dirty-log.ts'
import { pagesOf, slotOf } from '../ram/slots.ts'

const FN = 'kvm_get_dirty_log_protect'

/** Without a manual log the pages are clean from now on, even where the bitmap could not be written. */
const clean = (here: Here, { slot }: { slot: number }) => {
  const of = slotOf(here, slot)
  if (of?.log === undefined || (here.vm.manualLog ?? 0n) !== 0n) return
  of.log = 0n
  delete of.isLogUnknown
}

export default ioctl<GetDirtyLog>('KVM_GET_DIRTY_LOG', {
  nr: ioctls.KVM_GET_DIRTY_LOG,
  on: ['vm'],
  weight: 3,
  takes: takesLog,
  refuses: [
    badPointer(takesLog, api('4.8', 'struct kvm_dirty_log {')),
    ...aboutSlot(FN),
    noLog(FN),
    {
      why: 'bad bitmap pointer',
      says: 'The bitmap has a bit for each page of the slot, in words of 64. The pages are clean all the same.',
      cite: api('4.8', 'Given a memory slot, return a bitmap containing any pages dirtied'),
      errno: 'EFAULT',
      when: (here, arg) => bitmapFaults(arg, bitmapSize(pagesOf(slotOf(here, arg.slot))), true),
      leaves: clean,
    },
  ],
  grants: {
    says: 'The pages that are dirty; clean from now on, unless KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2 is enabled.',
    cite: api('4.8', 'The bits in the dirty bitmap are cleared before the ioctl returns'),
    // Stolen time is written to memory when the guest is entered, which nobody has looked at.
    isGuess: ({ vm }) => vm.vcpus.some(({ stolenTime, entered }) => stolenTime !== undefined && entered),
    gives(here, { slot }) {
      const of = slotOf(here, slot)
      return of?.isLogUnknown ? undefined : of?.log
    },
    then: clean,
  },
})
