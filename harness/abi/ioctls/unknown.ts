/** Numbers that no kernel knows, on every kind of descriptor. */
import { ioctl, src } from '../../model/rule.ts'
import { vfsIoctls } from '../../names/index.ts'
import { takes, type Unknown } from '../args/unknown.ts'

/** FS_IOC_RESVSP, UNRESVSP, RESVSP64, UNRESVSP64 and ZERO_RANGE of include/linux/falloc.h, which userspace has not. */
const preallocations = [0x40305828, 0x40305829, 0x4030582a, 0x4030582b, 0x40305839]
const ofEveryFile: ReadonlySet<number> = new Set([...Object.values(vfsIoctls), ...preallocations])

export default ioctl('ioctl', {
  nrOf: ({ nr }: Unknown) => nr,
  on: [],
  takes,
  // What the VFS answers to them is not KVM's, and differs between kernels.
  isGuess: (_, { nr }) => ofEveryFile.has(nr),
  refuses: [],
  grants: { says: 'No descriptor knows such a number.', cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl') },
})
