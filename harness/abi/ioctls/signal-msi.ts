/** A message-signalled interrupt, sent by userspace in place of a device. */
import { badPointer } from '../../model/bad-pointer.ts'
import { returned } from '../../model/codec.ts'
import { api, ioctl, src, type Statement } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { ioctls, irqFlags } from '../../names/index.ts'
import { takes, type Msi } from '../args/signal-msi.ts'
import { isUnclear, itsAt, translates } from '../vgic/doorbell.ts'
import { arrivalOf, raise, type Arrival } from '../vgic/its/lpis.ts'
import { isRemembered, remember } from '../vgic/its/remembered.ts'
import { isEnabled } from '../vgic/registers/its.ts'

const section = (passage: string) => api('4.71', passage)
const onlyValid = section('Only valid with in-kernel irqchip that handles')
const inject = src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_inject_msi')
const noErrno: readonly Statement[] = [{ says: 'No errno is given.', cite: section('Directly inject a MSI message') }]
/** What the message comes to at the ITS that has the address. */
const arrival = ({ vm, world }: Here, arg: Msi): Arrival => {
  const its = itsAt(vm, addressOf(arg))
  return its && translates(vm) ? arrivalOf({ world, vm, its }, arg.devid, arg.data) : 'unmapped'
}
const saysDevice = ({ flags }: Msi) => (flags & irqFlags.KVM_MSI_VALID_DEVID) !== 0
/** A translation that the kernel remembers is found before it looks whether the device is said. */
const isFoundAgain = ({ vm, world }: Here, arg: Msi): boolean | undefined => {
  const its = itsAt(vm, addressOf(arg))
  return its && translates(vm) ? isRemembered({ world, vm, its }, addressOf(arg), arg.devid, arg.data) : false
}
const addressOf = ({ address_lo, address_hi }: Msi) => (BigInt(address_hi) << 32n) | BigInt(address_lo)

export default ioctl<Msi>('KVM_SIGNAL_MSI', {
  nr: ioctls.KVM_SIGNAL_MSI,
  on: ['vm'],
  capability: 'KVM_CAP_SIGNAL_MSI',
  weight: 2,
  takes: { ...takes, ...returned },
  // What a device and an event are translated to is in tables of the guest's memory.
  isGuess: (here, arg) => {
    const { vm } = here
    const its = itsAt(vm, addressOf(arg))
    if (its === undefined) return false
    if (isUnclear(vm, its) || (vm.isTranslationLost === true && isEnabled(its))) return true
    return !saysDevice(arg) && isFoundAgain(here, arg) === undefined
  },
  refuses: [
    badPointer(takes, section('struct kvm_msi')),
    {
      why: 'no vgic',
      says: 'Messages are for an in-kernel interrupt controller.',
      cite: onlyValid,
      errno: 'EINVAL',
      when: ({ vm }) => vm.vgic === undefined,
    },
    {
      why: 'unknown flag',
      says: 'KVM_MSI_VALID_DEVID is the only flag.',
      cite: section('KVM_MSI_VALID_DEVID: devid contains a valid value'),
      errno: 'EINVAL',
      when: (_, { flags }) => (flags & ~irqFlags.KVM_MSI_VALID_DEVID) !== 0,
    },
    {
      why: 'no ITS',
      says: 'It takes an ITS beside a GICv3 to translate a message.',
      cite: src('arch/arm64/kvm/vgic/vgic-irqfd.c', 'kvm_set_msi'),
      text: [{ says: 'No errno is given.', cite: onlyValid }],
      errno: 'ENODEV',
      when: ({ vm }) => !translates(vm),
    },
    {
      why: 'no device id',
      says:
        'An ITS translates by the device, so that devid has to be valid; but what it has translated until now it finds again '
        + 'by devid without the flag.',
      cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_msi_to_its'),
      text: noErrno,
      errno: 'EINVAL',
      when: (here, arg) => !saysDevice(arg) && isFoundAgain(here, arg) !== true,
    },
    {
      why: 'no doorbell',
      says: 'The address lies in the 128K of an ITS, at any of its registers.',
      cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_msi_to_its'),
      text: noErrno,
      errno: 'EINVAL',
      of: { address: 'of no ITS' },
      when: ({ vm }, arg) => itsAt(vm, addressOf(arg)) === undefined,
    },
    {
      why: 'ITS disabled',
      says: 'An ITS that nobody has enabled translates nothing.',
      cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_resolve_lpi'),
      text: noErrno,
      errno: 'EBUSY',
      of: { address: 'of an ITS' },
      when({ vm }, arg) {
        const its = itsAt(vm, addressOf(arg))
        return its !== undefined && !isEnabled(its)
      },
    },
    {
      why: 'LPIs disabled',
      says: 'The redistributor of the vcpu to which the message is translated has no LPIs before GICR_CTLR.EnableLPIs.',
      cite: src('arch/arm64/kvm/vgic/vgic-its.c', 'vgic_its_resolve_lpi'),
      text: noErrno,
      errno: 'EBUSY',
      of: { address: 'of an ITS' },
      when: (here, arg) => arrival(here, arg) === 'EBUSY',
    },
  ],
  grants: {
    says: '0 where the ITS knows no such event, 1 where its interrupt is pending now. What is in pad is not looked at.',
    cite: inject,
    gives: (here, arg) => (here.vm.isTranslationLost ? undefined : typeof arrival(here, arg) === 'object' ? 1n : 0n),
    then(here, arg) {
      const came = arrival(here, arg)
      if (typeof came !== 'object') return
      raise(here, came.lpi)
      remember({ ...here, its: itsAt(here.vm, addressOf(arg))! }, arg.devid, arg.data)
    },
  },
})
