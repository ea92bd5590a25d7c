/** close(2), which is no ioctl, and takes a descriptor away; what it stood for stays as long as others need it. */
import { ioctl, src } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { nothing } from '../args/nothing.ts'

const forget = (here: Here): void => {
  const { descriptors, irqfds } = here.world
  // A VM without its own descriptor hears of no eventfd any more.
  if (irqfds && here.kind === 'vm') here.world.irqfds = irqfds.filter(({ vm }) => vm !== here.vm)
  for (const [name, one] of descriptors) if (one === here) descriptors.delete(name)
}
/** A device of VFIO goes with its descriptor, not with its VM. */
const releasedAlone = ['6.2', '6.1.9']

const livesOn =
  'The name has no descriptor any more. A VM lives on with the descriptors of its vcpus and devices, and keeps its '
  + 'vcpus and devices without theirs'

export default ioctl('close', {
  syscall: 'close',
  on: ['gic-v3', 'gic-v2', 'its', 'device', 'guest-memfd', 'stats', 'vcpu', 'vm', 'kvm'],
  weight: 1,
  takes: nothing('close'),
  refuses: [],
  grants: [
    {
      variant: 'every device stays',
      says: `${livesOn}.`,
      cite: src('virt/kvm/kvm_main.c', 'kvm_vm_release'),
      until: releasedAlone,
      then: forget,
    },
    {
      says: `${livesOn}; but for a KVM_DEV_TYPE_VFIO, of which it can have another then, and the memory of a guest_memfd, which is gone.`,
      cite: src('virt/kvm/vfio.c', 'kvm_vfio_release'),
      since: releasedAlone,
      then(here) {
        forget(here)
        if (here.kind === 'device') delete here.vm.vfio
        if (here.kind === 'guest-memfd') here.memfd.isClosed = true
      },
    },
  ],
})
