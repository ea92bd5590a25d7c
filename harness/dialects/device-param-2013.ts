/** The device parameter: KVM_SET_DEVICE_ADDRESS for whatever a device has to be told, not for addresses alone. */
import { badPointer } from '../model/bad-pointer.ts'
import { changed, dialect } from '../model/dialect.ts'
import { ioctl, mail, type Refusal } from '../model/rule.ts'
import { anyNumber, named64, u64 } from '../model/scalar.ts'
import { struct } from '../model/struct.ts'
import type { Here } from '../model/world.ts'
import type { Vm } from '../model/vm.ts'
import { _IOW, deviceTypes } from '../names/index.ts'
import { comparedParam } from './parts/dev-reg/compared-param.ts'
import { lawsOfParam } from './parts/dev-reg/laws-of-param.ts'

const dall = (passage: string) => mail('2013-01-08 Christoffer Dall', passage)
const wood = (passage: string) => mail('2013-01-08 Scott Wood', passage)

const SIZE = 24
const VGIC_V2 = 0n
const params = { DIST_ADDR: 0, CPU_ADDR: 1, VERSION: 2 }
const VERSION = BigInt(params.VERSION)
/** The one chip that arm64 emulates so. */
const GICV2 = 2n

const takes = struct(
  'kvm_device_param',
  {
    dev_id: {
      of: named64('dev_id', { KVM_ARM_DEVICE_VGIC_V2: 0 }, anyNumber(64, [VGIC_V2, VGIC_V2, VGIC_V2, 1n])),
      bare: true,
    },
    param_id: { of: named64('param_id', params, anyNumber(64, [0n, 0n, 1n, 1n, 2n, 3n])), bare: true },
    value: { of: u64('value', anyNumber(64, [1n, GICV2, 3n, 0x800_0000n, 0x801_0000n, 1n << 40n])), bare: true },
  },
  { layout: { size: SIZE, fields: { dev_id: [0, 8], param_id: [8, 8], value: [16, 8] } } },
)
type Param = Parameters<typeof takes.print>[0]

/** Values that were given, by parameter. */
type Given = Map<bigint, bigint>
const givenTo = ({ proposed }: Vm): Given | undefined => proposed as Given | undefined
const isAddress = ({ param_id }: Param) => param_id < VERSION

const refuses: Refusal<Param>[] = [
  badPointer(takes, dall('struct kvm_device_param { u64 dev_id; u64 param_id; u64 value; };')),
  {
    why: 'device',
    says: 'KVM_ARM_DEVICE_VGIC_V2 is the only device; all 64 bits are its number.',
    cite: dall('ENODEV: The device id is unknown'),
    errno: 'ENODEV',
    when: (_, { dev_id }) => dev_id !== VGIC_V2,
  },
  {
    why: 'no GICv2 on the host',
    says: 'The host has the device.',
    cite: dall('ENXIO: Device not supported on current system'),
    errno: 'ENXIO',
    when: ({ host }) => !host.devices.includes(deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V2),
    lacks: () => 'no GICv2',
  },
  {
    why: 'no such parameter',
    says: 'The documentation of the device enumerates its parameters.',
    cite: wood('so why not also an enumeration of "param"s?'),
    errno: 'ENOENT',
    when: (_, { param_id }) => param_id > VERSION,
  },
  {
    why: 'too early',
    says: 'KVM_CREATE_IRQCHIP comes before: until then the VM has no such device.',
    cite: dall('the ioctl must be called after calling KVM_CREATE_IRQCHIP'),
    errno: 'ENODEV',
    when: ({ vm }) => vm.vgic?.model !== 'v2',
  },
  {
    why: 'too late',
    says: 'It comes before KVM_RUN on any of the vcpus.',
    cite: dall('but before calling KVM_RUN on any of the VCPUs'),
    errno: 'EBUSY',
    when: ({ vm }) => vm.hasRun,
  },
  {
    why: 'already set',
    says: 'A parameter is set once.',
    cite: dall('Calling this ioctl twice for any of the base addresses will return -EEXIST'),
    errno: 'EEXIST',
    when: ({ vm }, { param_id }) => givenTo(vm)?.has(param_id) === true,
  },
  {
    why: 'beyond the IPA size',
    says: 'A parameter that is an address is a guest physical one.',
    cite: dall('E2BIG: Address outside guest physical address space'),
    errno: 'E2BIG',
    when: ({ vm }, arg) => isAddress(arg) && arg.value >= 1n << BigInt(vm.ipa),
  },
  {
    why: 'unknown version',
    says: 'The version is that of a chip that KVM emulates: 2 is all there is.',
    cite: wood('on MPIC we need to be able to specify the version of the chip to emulate'),
    errno: 'EINVAL',
    when: (_, arg) => arg.param_id === VERSION && arg.value !== GICV2,
  },
]

const setParam = ioctl<Param>('KVM_SET_DEVICE_PARAM', {
  // No number is given: that of KVM_SET_DEVICE_ADDRESS, with the size of this struct, is another number.
  nr: _IOW(0xae, 0xab, SIZE),
  on: ['vm'],
  weight: 6,
  takes,
  refuses,
  grants: {
    says: 'The device has the value. What it means is to be found where the device is documented.',
    cite: wood('rename "address" to "value"'),
    then({ vm }: Here, { param_id, value }) {
      const given: Given = new Map(givenTo(vm) ?? []).set(param_id, value)
      vm.proposed = given
      if (!vm.vgic || param_id === VERSION) return
      vm.vgic[param_id === 0n ? 'dist' : 'cpu'] = value
    },
  },
})

export default dialect({
  name: 'device-param-2013',
  about: 'A device is told its parameters one at a time, by number: where it lies, and whatever else it has to know',
  host: '6.12-max-gicv2',
  mail: {
    date: '2013-01-08',
    from: 'Christoffer Dall',
    subject: 'Re: [PATCH v5 01/12] KVM: ARM: Introduce KVM_SET_DEVICE_ADDRESS ioctl',
  },
  ioctls: (shipped) => changed(shipped, { KVM_ARM_SET_DEVICE_ADDR: () => undefined }, [setParam]),
  sequences: [
    {
      title: 'what is not an address is told the same way',
      says: "Scott Wood: what about this is really specific to addresses? Can't we set other parameters this way?",
      text: `
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x8000000) -> -ENODEV (too early)
        vm: KVM_CREATE_IRQCHIP                                       -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x8000000) -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, CPU_ADDR, 0x8010000) -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, VERSION, 0x3)   -> -EINVAL (unknown version)
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, VERSION, 0x2)   -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, VERSION, 0x2)   -> -EEXIST (already set)
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x9000000) -> -EEXIST (already set)`,
    },
    {
      title: 'which errno there is depends on what the parameter means: less specific semantics',
      says: 'Christoffer Dall: you have to look at more code to see what it does.',
      text: `
        vm: KVM_CREATE_IRQCHIP                                       -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x10000000000) -> -E2BIG (beyond the IPA size)
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, VERSION, 0x10000000000) -> -EINVAL (unknown version)
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, 3, 0x8000000)   -> -ENOENT (no such parameter)
        KVM_SET_DEVICE_PARAM(1, DIST_ADDR, 0x8000000)                -> -ENODEV (device)
        KVM_SET_DEVICE_PARAM(&short(23), 0, 0, 0)                    -> -EFAULT (bad pointer)`,
    },
    {
      title: 'before KVM_RUN',
      text: `
        vm: KVM_CREATE_IRQCHIP                                       -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x8000000) -> ok
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, CPU_ADDR, 0x8010000) -> ok
        vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)                     -> ok
        vcpu0: KVM_RUN(immediate_exit)                               -> -EINTR (immediate_exit)
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, VERSION, 0x2)   -> -EBUSY (too late)`,
    },
    {
      title: 'the host has the device',
      host: '6.12-max-gicv3',
      text: `
        KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, DIST_ADDR, 0x8000000) -> -ENXIO (no GICv2 on the host)`,
    },
  ],
  laws: lawsOfParam,
  equivalent: {
    'KVM_SET_DEVICE_PARAM/beyond the IPA size after KVM_SET_DEVICE_PARAM/unknown version': 'a version is no address',
  },
  compared: comparedParam,
})
