/** A VFIO device: it holds files of devices passed through, and none of them can be had here. */
import { api, src } from '../../model/rule.ts'
import { vfioAttrs } from '../../names/index.ts'
import type { Attr } from '../args/attr.ts'
import { unknown, unreadable, type Attributes } from './attributes.ts'

const { KVM_DEV_VFIO_FILE: FILE, KVM_DEV_VFIO_FILE_ADD: ADD, KVM_DEV_VFIO_FILE_DEL: DEL } = vfioAttrs
const notThere = unknown((_, { group, attr }: Attr) => group !== FILE || (attr !== BigInt(ADD) && attr !== BigInt(DEL)))

export const vfio: Attributes = {
  on: ['device'],
  set: [
    notThere,
    {
      ...unreadable,
      example: `vfio = KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)
        vfio: KVM_SET_DEVICE_ATTR(1, 1, &unmapped)`,
    },
    {
      why: 'no such file',
      says: 'The value is the descriptor of a VFIO file.',
      cite: src('virt/kvm/vfio.c', 'kvm_vfio_set_attr'),
      errno: 'EBADF',
      example: `vfio = KVM_CREATE_DEVICE(KVM_DEV_TYPE_VFIO)
        vfio: KVM_SET_DEVICE_ATTR(1, 1, &0)`,
      when: () => true,
    },
  ],
  get: [
    {
      why: 'nothing to read',
      says: 'A VFIO device has no attribute that can be read; not even the struct is.',
      cite: api('4.80', 'EPERM The attribute cannot (currently) be accessed this way'),
      errno: 'EPERM',
      when: () => true,
    },
  ],
  has: [notThere],
  sets: () => {},
  gives: () => undefined,
}
