/** Settings of a device, and the one way to ask for them, to change them and to find out whether they are there. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, doc, ioctl, src, type Ioctl, type Refusal } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import type { Attr, Verb } from '../args/attr.ts'
import { deviceAttr } from '../args/device-attr.ts'
import { its } from '../vgic/its.ts'
import { onPart } from '../../model/on-part.ts'
import { vfio } from '../vgic/vfio.ts'
import { vcpu, vm } from '../attributes/index.ts'
import type { Attributes } from '../vgic/attributes.ts'
import { vgicV2 } from '../vgic/v2.ts'
import { vgicV3 } from '../vgic/v3.ts'

const kinds: readonly Attributes[] = [vgicV3, vgicV2, its, vfio, vcpu, vm]
const of = ({ kind }: Here): Attributes => kinds.find((k) => k.on.includes(kind))!

const isGuess = (verb: Verb) => (here: Here, arg: Attr) => of(here).isGuess?.(here, arg, verb) === true

const badStruct = (verb: Verb): Refusal<Attr> => {
  const row = badPointer(deviceAttr(verb), api('4.80', 'struct kvm_device_attr'))
  // A VFIO device refuses KVM_GET_DEVICE_ATTR as such.
  return { ...row, when: (here, arg, by) => !(here.kind === 'device' && verb === 'get') && row.when(here, arg, by) }
}

const noVmAttributes: Refusal<Attr> = {
  why: 'unknown ioctl',
  ends: true,
  says: 'A VM has no attributes.',
  cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  until: '6.4',
  errno: 'EINVAL',
  of: { device: 'vm' },
  when: ({ kind }) => kind === 'vm',
}

const refusals = (verb: Verb): Refusal<Attr>[] => [
  // KVM_GET_DEVICE_ATTR is for no VM in any release.
  ...(verb === 'get' ? [] : [noVmAttributes]),
  badStruct(verb),
  ...kinds.flatMap((k) =>
    onPart<Attr, Attr>(({ kind }, arg) => (k.on.includes(kind) ? arg : undefined), k[verb], { device: k.on }),
  ),
]

const setDeviceAttr: Ioctl<Attr> = ioctl<Attr>('KVM_SET_DEVICE_ATTR', {
  nr: ioctls.KVM_SET_DEVICE_ATTR,
  on: ['gic-v3', 'gic-v2', 'its', 'device', 'vcpu', 'vm'],
  capability: 'KVM_CAP_DEVICE_CTRL',
  weight: 18,
  takes: deviceAttr('set'),
  isGuess: isGuess('set'),
  refuses: refusals('set'),
  grants: {
    says: 'The device is set up so. Flags of the struct are not looked at.',
    cite: api('4.80', 'Gets/sets a specified piece of device configuration and/or state'),
    text: [
      { says: 'No flags are defined.', cite: api('4.80', 'no flags currently defined') },
      {
        says: 'KVM_DEV_ARM_VGIC_CTRL_INIT without a vcpu is ENODEV.',
        cite: doc('devices/arm-vgic-v3.rst', '-ENODEV no online VCPU'),
      },
      {
        says: 'The counts of all redistributor regions are enough for all vcpus.',
        cite: doc('devices/arm-vgic-v3.rst', 'The sum of all region count fields'),
      },
      {
        says: 'Every ITS has a region of its own, which overlaps with no other.',
        cite: doc('devices/arm-vgic-its.rst', 'a separate, non-overlapping MMIO region'),
      },
      {
        says: 'GICD_STATUSR and GICR_STATUSR hold what is written to them.',
        cite: doc('devices/arm-vgic-v3.rst', 'simply sets the non-reserved bits to the value written'),
      },
      {
        says: 'An unknown attribute of KVM_DEV_ARM_VGIC_GRP_CTRL of an ITS is ENXIO.',
        cite: api('4.80', 'ENXIO The group or attribute is unknown'),
        until: '7.2',
      },
    ],
    then: (here, arg) => of(here).sets(here, arg),
  },
})

const getDeviceAttr: Ioctl<Attr> = ioctl<Attr>('KVM_GET_DEVICE_ATTR', {
  nr: ioctls.KVM_GET_DEVICE_ATTR,
  on: ['gic-v3', 'gic-v2', 'its', 'device', 'vcpu'],
  capability: 'KVM_CAP_DEVICE_CTRL',
  weight: 9,
  takes: deviceAttr('get'),
  isGuess: isGuess('get'),
  refuses: refusals('get'),
  grants: {
    says: 'How the device is set up: an address not yet set is all ones, a register of a vgic that is not there is 0.',
    cite: api('4.80', 'Gets/sets a specified piece of device configuration and/or state'),
    text: [
      {
        says: 'A register of a vgic that is not there is ENXIO.',
        cite: doc('devices/arm-vgic-v3.rst', '-ENXIO Getting or setting this register is not yet supported'),
      },
    ],
    then: (here, arg) => of(here).gets?.(here, arg),
    gives: (here, arg) => of(here).gives(here, arg),
  },
})

const hasDeviceAttr: Ioctl<Attr> = ioctl<Attr>('KVM_HAS_DEVICE_ATTR', {
  nr: ioctls.KVM_HAS_DEVICE_ATTR,
  on: ['gic-v3', 'gic-v2', 'its', 'device', 'vcpu', 'vm'],
  capability: 'KVM_CAP_DEVICE_CTRL',
  weight: 5,
  takes: deviceAttr('has'),
  isGuess: isGuess('has'),
  refuses: refusals('has'),
  grants: {
    says: 'The attribute is there, whatever can be done with it now.',
    cite: api('4.81', 'A successful return indicates the attribute is implemented'),
  },
})

export default [setDeviceAttr, getDeviceAttr, hasDeviceAttr]
