/** What holds for every ioctl: unknown numbers, bad pointers. */
import fc from 'fast-check'
import type { Host } from '../../harness/model/host.ts'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes, ioctls, PC, structs } from '../../harness/names/index.ts'
import { offered, ready } from './feature-sets.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const gic = ({ devices }: Host) => [V3, V2].find((type) => devices.includes(type))

/** KVM_TRACE_ENABLE, _PAUSE and _DISABLE of 2008: /dev/kvm answered EOPNOTSUPP until the numbers were forgotten. */
const tracing = [0x4008ae06, 0xae07, 0xae08]
const numbers = new Set<number>([...Object.values(ioctls), ...tracing])

law(
  'an ioctl number of KVM that nobody knows is EINVAL on /dev/kvm, VMs and vcpus, ENOTTY on devices, whatever the argument',
  src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl'),
  async ({ host, ask, forAll, notOffered }) => {
    const type = gic(host)
    if (type === undefined) notOffered('no GIC')
    // Type byte 0xae, so that no file system answers in KVM's place; among them known numbers with another size.
    const size = fc.oneof(fc.nat(0x3fff), fc.constantFrom(0, 4, 8, 16, 24, 32, 64))
    const number = fc
      .tuple(fc.nat(3), size, fc.nat(255))
      .map(([dir, bytes, nr]) => ((dir << 30) | (bytes << 16) | (0xae << 8) | nr) >>> 0)
      .filter((nr) => !numbers.has(nr))
    const argument = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
    const call = fc
      .tuple(fc.constantFrom('kvm', 'vm', 'vcpu0', 'gic'), number, argument)
      .map(
        ([on, nr, arg]) =>
          `${on}: ioctl(0x${nr.toString(16)}, 0x${arg.toString(16)}) -> ${on === 'gic' ? '-ENOTTY' : '-EINVAL'}`,
      )
    const calls = fc.array(call, { minLength: 1, maxLength: 90, size: 'max' })
    const made = ['vm: KVM_CREATE_VCPU(0) -> ok', `gic = KVM_CREATE_DEVICE(${type}) -> ok`]
    await forAll(
      fc.tuple(fc.boolean(), calls),
      async ([isReady, lines]) => {
        await ask([...made, ...(isReady ? ready([]) : []), ...lines].join('\n'))
      },
      12,
    )
  },
)

interface Pointed {
  /** The call, with P in the place of the pointer. */
  call: string
  /** Bytes that are copied. */
  size: number
  /** They are written too. */
  isWritten?: true
  /** What must be so before the pointer is looked at. */
  after?: readonly string[]
}

const SLOT = 'slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram'
const LOGGED = `vm: KVM_SET_USER_MEMORY_REGION(${SLOT}, flags = KVM_MEM_LOG_DIRTY_PAGES) -> ok`
const sizeOf = (name: keyof typeof structs) => structs[name].size

const ofVcpus: readonly Pointed[] = [
  { call: 'vm: KVM_ARM_PREFERRED_TARGET(P)', size: sizeOf('kvm_vcpu_init'), isWritten: true },
  { call: `vm: KVM_SET_USER_MEMORY_REGION(P, ${SLOT})`, size: sizeOf('kvm_userspace_memory_region') },
  { call: 'vm: KVM_GET_DIRTY_LOG(P, slot = 0)', size: sizeOf('kvm_dirty_log'), after: [LOGGED] },
  { call: 'vm: KVM_CLEAR_DIRTY_LOG(P, slot = 0)', size: sizeOf('kvm_clear_dirty_log'), after: [LOGGED] },
  { call: 'vm: KVM_REGISTER_COALESCED_MMIO(P, size = 4)', size: sizeOf('kvm_coalesced_mmio_zone') },
  { call: 'vm: KVM_UNREGISTER_COALESCED_MMIO(P, size = 4)', size: sizeOf('kvm_coalesced_mmio_zone') },
  { call: 'KVM_ARM_VCPU_INIT(P, features[] = 0)', size: sizeOf('kvm_vcpu_init') },
  { call: `KVM_GET_ONE_REG(P, ${PC})`, size: sizeOf('kvm_one_reg'), after: ready([]) },
  { call: `KVM_SET_ONE_REG(P, ${PC}, &0x10)`, size: sizeOf('kvm_one_reg'), after: ready([]) },
  { call: `KVM_GET_ONE_REG(${PC}, P)`, size: 8, isWritten: true, after: ready([]) },
  { call: `KVM_SET_ONE_REG(${PC}, P, &0x10)`, size: 8, after: ready([]) },
]
const ofSve: Pointed = {
  call: 'KVM_ARM_VCPU_FINALIZE(P, KVM_ARM_VCPU_SVE)',
  size: 4,
  after: ready(['KVM_ARM_VCPU_SVE']).slice(0, 1),
}
const ofDevices = (type: number): Pointed[] => {
  const after = [`gic = KVM_CREATE_DEVICE(${type}) -> ok`]
  const address = `KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_${type === V3 ? 'V3' : 'V2'}_ADDR_TYPE_DIST`
  return [
    {
      call: `vm: KVM_CREATE_DEVICE(P, ${type}, flags = KVM_CREATE_DEVICE_TEST)`,
      size: sizeOf('kvm_create_device'),
      isWritten: true,
    },
    { call: `gic: KVM_HAS_DEVICE_ATTR(P, ${address})`, size: sizeOf('kvm_device_attr'), after },
    { call: `gic: KVM_GET_DEVICE_ATTR(${address}, P)`, size: 8, isWritten: true, after },
    { call: `gic: KVM_SET_DEVICE_ATTR(${address}, P)`, size: 8, after },
  ]
}
const ofV2: Pointed = {
  call: 'vm: KVM_ARM_SET_DEVICE_ADDR(P, KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)',
  size: sizeOf('kvm_arm_device_addr'),
  after: ['gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok'],
}

law(
  'a pointer to fewer readable bytes than a call copies is EFAULT, to exactly so many it works, when all else is right',
  src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl'),
  async ({ host, askAll }) => {
    const type = gic(host)
    const all = [
      ...ofVcpus,
      ...(host.features.includes('KVM_ARM_VCPU_SVE') ? [ofSve] : []),
      ...(type === undefined ? [] : ofDevices(type)),
      ...(host.devices.includes(V2) ? [ofV2] : []),
    ]
    await askAll(
      all.map(({ call, size, isWritten, after = [] }) => {
        const at = (pointer: string, answer: string) => `${call.replace(/\bP\b/, pointer)} -> ${answer}`
        const short = Array.from({ length: size }, (_, n) => `&short(${n})`)
        const wrong = ['&unmapped', ...(isWritten ? ['&readonly'] : []), ...short]
        return [...after, ...wrong.map((pointer) => at(pointer, '-EFAULT')), at(`&short(${size})`, 'ok')].join('\n')
      }),
    )
  },
)

law(
  'KVM_GET_REG_LIST is EFAULT wherever the memory ends before the last id, and works where it ends behind it',
  api('4.84', 'struct kvm_reg_list (in/out)'),
  async ({ host, ask, askEach, forAll }) => {
    const before = ready(offered(host))
    const { last } = await ask([...before, 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))
    const size = 8 + 8 * last.list!.length
    const at = (pointer: string, answer: string) => `KVM_GET_REG_LIST(${pointer}, n = 1000) -> ${answer}`
    await askEach(before, [at('&unmapped', '-EFAULT'), at('&readonly', '-EFAULT'), at(`&short(${size})`, 'ok')])
    const rooms = fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 40, size: 'max' })
    await forAll(
      rooms,
      async (some) => {
        await askEach(
          before,
          some.map((n) => at(`&short(${n})`, '-EFAULT')),
        )
      },
      4,
    )
  },
)
