/** A device, which is a descriptor of its own. */
import { faults } from '../../model/pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { deviceTypes, ioctls, structs } from '../../names/index.ts'
import type { Vgic } from '../../model/vgic.ts'
import { addDescriptor, type Here } from '../../model/world.ts'
import { createVgic, noVgic } from '../vgic/create.ts'
import { onPart } from '../../model/on-part.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { noFreeDescriptor } from './no-free-descriptor.ts'
import { takes, TEST, type, type CreateDevice } from '../args/create-device.ts'

const {
  KVM_DEV_TYPE_VFIO: VFIO,
  KVM_DEV_TYPE_ARM_VGIC_V2: V2,
  KVM_DEV_TYPE_ARM_VGIC_V3: V3,
  KVM_DEV_TYPE_ARM_VGIC_ITS: ITS,
} = deviceTypes
const { size, fields } = structs.kvm_create_device

const models: Record<number, Vgic['model']> = { [V2]: 'v2', [V3]: 'v3' }
const tested = ({ flags: f }: CreateDevice) => (f & TEST) !== 0
const nameOf = (t: number) => type.print(t)

/** What the VM has from now on, whether or not the caller learns of it. */
const create = (here: Here, arg: CreateDevice) => {
  if (tested(arg)) return
  const model = models[arg.type]
  if (model) createVgic(here, model)
  if (arg.type === VFIO) here.vm.vfio = true
  if (arg.type === ITS) {
    here.vm.hasIts = true
    // Each ITS sets what all redistributors have in common to its first value.
    here.vm.vgic?.held.delete('GICR_PROPBASER shared 0')
  }
}

export default ioctl<CreateDevice>('KVM_CREATE_DEVICE', {
  nr: ioctls.KVM_CREATE_DEVICE,
  on: ['vm'],
  capability: 'KVM_CAP_DEVICE_CTRL',
  weight: 4,
  takes,
  makes: (arg) => (tested(arg) ? undefined : models[arg.type] ? 'gic' : arg.type === ITS ? 'its' : 'device'),
  mayMake: ({ at, type: t }, host) => at === undefined && (!host || host.devices.includes(t)),
  fdAt: fields.fd[0],
  refuses: [
    badPointer(takes, api('4.79', 'struct kvm_create_device (in/out)')),
    {
      why: 'no such device',
      says: 'The host can emulate no device of that type.',
      cite: api('4.79', 'ENODEV The device type is unknown or unsupported'),
      errno: 'ENODEV',
      when: ({ host }, { type: t }) => !host.devices.includes(t),
      lacks: (_, { type: t }) => `no ${nameOf(t)}`,
    },
    ...onPart<CreateDevice, Vgic['model']>((_, arg) => (tested(arg) ? undefined : models[arg.type]), noVgic, {
      type: 'vgic',
    }),
    {
      why: 'one VFIO device',
      of: { type: 'KVM_DEV_TYPE_VFIO' },
      says: 'A VM has one KVM_DEV_TYPE_VFIO.',
      cite: src('virt/kvm/vfio.c', 'kvm_vfio_create'),
      errno: 'EBUSY',
      instead: { errno: 'EEXIST', cite: api('4.79', 'EEXIST Device already created') },
      when: ({ vm }, arg) => arg.type === VFIO && vm.vfio === true && !tested(arg),
    },
    noFreeDescriptor(src('virt/kvm/kvm_main.c', 'kvm_ioctl_create_device'), {
      says:
        'The process may open no more descriptors: RLIMIT_NOFILE. An interrupt controller is there all the same, and '
        + 'cannot be reached any more; a KVM_DEV_TYPE_VFIO is gone.',
      when: (_, arg, by) => by.noFd === true && !tested(arg),
      leaves: (here, arg) => {
        if (arg.type !== VFIO) create(here, arg)
      },
    }),
    {
      why: 'read-only struct',
      says: 'The descriptor is written back; the device is there all the same.',
      cite: api('4.79', 'struct kvm_create_device (in/out)'),
      errno: 'EFAULT',
      when: (_, { at }) => faults(at, size, true),
      leaves: create,
    },
  ],
  grants: {
    says: 'A device; with KVM_CREATE_DEVICE_TEST only the news that there could be one. Other flags are not looked at.',
    cite: api('4.79', 'Creates an emulated device in the kernel'),
    text: [
      {
        says: 'There are no flags but KVM_CREATE_DEVICE_TEST.',
        cite: api('4.79', 'Individual devices should not define flags'),
      },
    ],
    then: (here, arg, into) => {
      create(here, arg)
      if (tested(arg)) return
      const { vm } = here
      const model = models[arg.type]
      if (model) addDescriptor(here, into, { kind: `gic-${model}`, vm })
      else if (arg.type === ITS)
        addDescriptor(here, into, {
          kind: 'its',
          vm,
          its: { held: new Map(), devices: new Map(), collections: new Map() },
        })
      else addDescriptor(here, into, { kind: 'device', vm })
    },
  },
})
