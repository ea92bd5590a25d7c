/** Defects of devices and their frames. */
import { spares, takes, type Defect } from './defect.ts'

const SET_ATTR = 'KVM_SET_DEVICE_ATTR'
const SET_ADDR = 'KVM_ARM_SET_DEVICE_ADDR'
const HAS_ATTR = 'KVM_HAS_DEVICE_ATTR'
const V2 = '6.12-cortex-a57-gicv2'

export const ofDevices: readonly Defect[] = [
  ...['GICv3 distributor', 'GICv3 redistributor of one vcpu', 'ITS'].flatMap((frame): Defect[] => [
    {
      law: `${frame}: an address is`,
      is: 'the end is not looked at',
      breaks: (k) => k.forgets(SET_ATTR, 'beyond the IPA size'),
    },
    { law: `${frame}: the address is`, is: 'it may be set again', breaks: (k) => k.forgets(SET_ATTR, 'already set') },
  ]),
  ...['GICv2 distributor', 'GICv2 CPU interface'].flatMap((frame): Defect[] => [
    {
      law: `${frame}: an address is`,
      is: 'it need not be aligned',
      host: V2,
      breaks: (k) => k.forgets(SET_ATTR, 'misaligned'),
    },
    {
      law: `${frame}: the address is`,
      is: 'it is EBUSY',
      host: V2,
      breaks: (k) => k.answers(SET_ATTR, 'already set', 'EBUSY'),
    },
    {
      law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: an address is`,
      is: 'beyond the end is EINVAL',
      host: V2,
      breaks: (k) => k.answers(SET_ADDR, 'beyond the IPA size', 'EINVAL'),
    },
    {
      law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: the address is`,
      is: 'it may be set again',
      host: V2,
      breaks: (k) => k.forgets(SET_ADDR, 'already set'),
    },
  ]),
  {
    law: 'a region of n GICv3',
    is: 'the count is not looked at',
    breaks: (k) => k.forgets(SET_ATTR, 'count or flags'),
  },
  {
    law: 'KVM_CREATE_DEVICE_TEST succeeds',
    is: 'an unknown type is EINVAL',
    breaks: (k) => k.answers('KVM_CREATE_DEVICE', 'no such device', 'EINVAL'),
  },
  {
    law: 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS takes',
    is: '1024 is a number of interrupts',
    breaks: (k) => spares(k, SET_ATTR, 'number of interrupts', ({ value }) => value === 1024n),
  },
  {
    law: 'on an initialised vgic',
    is: 'group 10 is promised',
    breaks: (k) => spares(k, HAS_ATTR, 'unknown attribute', ({ group }) => group === 10),
  },
  {
    law: 'KVM_IRQ_LINE of a PPI drives',
    is: 'the upper four bits of a vcpu’s number are lost',
    breaks: (k) => takes(k, 'KVM_IRQ_LINE', (arg) => ({ ...arg, irq: arg.irq & 0xfff_ffff })),
  },
  {
    law: 'KVM_IRQ_LINE of a PPI drives',
    is: 'the lowest bit of the level alone counts',
    breaks: (k) => takes(k, 'KVM_IRQ_LINE', (arg) => ({ ...arg, level: arg.level & 1 })),
  },
]
