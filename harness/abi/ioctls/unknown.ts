/** Numbers that no kernel knows, on every kind of descriptor. */
import { ioctl, src } from '../../model/rule.ts'
import { takes, type Unknown } from '../args/unknown.ts'

export default ioctl('ioctl', {
  nrOf: ({ nr }: Unknown) => nr,
  on: [],
  takes,
  refuses: [],
  grants: { says: 'No descriptor knows such a number.', cite: src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl') },
})
