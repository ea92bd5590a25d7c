/** Which bits of ID registers userspace may change. */
import { badPointer } from '../../model/bad-pointer.ts'
import { faults } from '../../model/pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { ioctls, regMaskRanges } from '../../names/index.ts'
import { MASKS_SIZE, takes } from '../args/arm-get-reg-writable-masks.ts'
import { maskOf } from '../registers/table.ts'

export default ioctl('KVM_ARM_GET_REG_WRITABLE_MASKS', {
  nr: ioctls.KVM_ARM_GET_REG_WRITABLE_MASKS,
  on: ['vm'],
  capability: 'KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES',
  since: '6.7',
  takes,
  refuses: [
    badPointer(takes, api('4.139', 'struct reg_mask_range {', { since: '6.12' })),
    {
      why: 'no such range',
      says: 'There is one range, KVM_ARM_FEATURE_ID_RANGE, and reserved is 0.',
      cite: src('arch/arm64/kvm/sys_regs.c', 'kvm_vm_ioctl_get_reg_writable_masks'),
      text: [
        {
          says: 'KVM may return an error, and which is not said.',
          cite: api('4.139', 'The reserved[13] array is reserved for future use', { since: '6.12' }),
        },
      ],
      errno: 'EINVAL',
      when: (_, { range, reserved }) => range !== regMaskRanges.KVM_ARM_FEATURE_ID_RANGE || reserved !== 0n,
    },
    {
      why: 'no room',
      says: 'All masks of the range are written.',
      cite: api('4.139', 'The addr field is a pointer to the destination array', { since: '6.12' }),
      errno: 'EFAULT',
      when: (_, { to }) => faults(to, MASKS_SIZE, true),
    },
  ],
  grants: {
    says: 'Each register of the range has a mask of the bits that KVM_SET_ONE_REG may change; 0 where none.',
    cite: api('4.139', 'This ioctl copies the writable masks', { since: '6.12' }),
    gives: ({ host }, { id }) => maskOf(host, id),
  },
})
