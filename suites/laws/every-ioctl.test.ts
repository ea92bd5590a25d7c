/** What holds for every ioctl: unknown numbers, bad pointers. */
import fc from 'fast-check'
import type { Host } from '../../harness/host.ts'
import { api, src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { deviceTypes, ioctls, structs } from '../../harness/names.ts'
import { join, offered, ready } from './feature-sets.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const gic = ({ devices }: Host) => (devices.includes(V3) ? V3 : devices.includes(V2) ? V2 : undefined)
/** KVM_TRACE_ENABLE, _PAUSE and _DISABLE of 2008: /dev/kvm answered EOPNOTSUPP until their numbers were forgotten. */
const tracing = [0x4008ae06, 0xae07, 0xae08]
const numbers = new Set<number>([...Object.values(ioctls), ...tracing])

law('an ioctl number of KVM that nobody knows is refused with EINVAL on /dev/kvm, VMs and vcpus and with ENOTTY on devices, whatever the argument',
  src('virt/kvm/kvm_main.c', 'kvm_vcpu_ioctl'), async ({ host, ask, forAll, notOffered }) => {
    const type = gic(host)
    if (type === undefined) notOffered('no GIC')
    // Type byte 0xae, so that no file system or driver answers in KVM's place; also known numbers with another size or direction.
    const field = fc.tuple(fc.nat(3), fc.oneof(fc.nat(0x3fff), fc.constantFrom(0, 4, 8, 16, 24, 32, 64)), fc.nat(255))
    const number = field.map(([dir, size, nr]) => ((dir << 30) | (size << 16) | (0xae << 8) | nr) >>> 0).filter((nr) => !numbers.has(nr))
    const call = fc.tuple(fc.constantFrom('kvm', 'vm', 'vcpu0', 'gic'), number, fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })))
    await forAll(fc.tuple(fc.boolean(), fc.array(call, { minLength: 1, maxLength: 90, size: 'max' })), async ([isReady, calls]) => {
      await ask([`vm: KVM_CREATE_VCPU(0) -> ok\ngic = KVM_CREATE_DEVICE(${type}) -> ok`, ...(isReady ? ready([]) : []),
        ...calls.map(([on, nr, arg]) => `${on}: ioctl(0x${nr.toString(16)}, 0x${arg.toString(16)}) -> ${on === 'gic' ? '-ENOTTY' : '-EINVAL'}`)].join('\n'))
    }, 12)
  })

interface Pointed {
  /** What must be so before the pointer is looked at. */
  before: readonly string[]
  /** The call with `&short(n)` and the like as its first argument, `P`. */
  call: string
  size: number
  /** It is written as well. */
  written?: true
  /** Once a call has changed things it cannot be made again. */
  once?: true
}

const VALUE = 'KVM_REG_ARM_CORE_REG(regs.pc)'

/** Every call that takes a pointer, in a world where all else is right. */
const pointed = (host: Host): Pointed[] => {
  const vcpu = ready([])
  const type = gic(host)
  const made = [`gic = KVM_CREATE_DEVICE(${type}) -> ok`]
  const group = type === V3 ? 'KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST' : 'KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V2_ADDR_TYPE_DIST'
  const sve = ['KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok']
  return [
    { before: [], call: 'vm: KVM_ARM_PREFERRED_TARGET(P)', size: structs.kvm_vcpu_init.size, written: true },
    { before: [], call: 'KVM_ARM_VCPU_INIT(P, features[] = 0)', size: structs.kvm_vcpu_init.size },
    { before: [], call: 'KVM_SET_USER_MEMORY_REGION(P, slot = 0, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)', size: structs.kvm_userspace_memory_region.size, once: true },
    { before: vcpu, call: `KVM_GET_ONE_REG(P, ${VALUE})`, size: structs.kvm_one_reg.size },
    { before: vcpu, call: `KVM_SET_ONE_REG(P, ${VALUE}, &0x10)`, size: structs.kvm_one_reg.size },
    { before: vcpu, call: `KVM_GET_ONE_REG(${VALUE}, P)`, size: 8, written: true },
    { before: vcpu, call: `KVM_SET_ONE_REG(${VALUE}, P, &0x10)`, size: 8 },
    ...(host.features.includes('KVM_ARM_VCPU_SVE') ? [{ before: sve, call: 'KVM_ARM_VCPU_FINALIZE(P, KVM_ARM_VCPU_SVE)', size: 4, once: true } as const] : []),
    ...(type === undefined ? [] : [
      { before: [], call: `vm: KVM_CREATE_DEVICE(P, ${type}, flags = KVM_CREATE_DEVICE_TEST)`, size: structs.kvm_create_device.size, written: true },
      { before: made, call: `gic: KVM_HAS_DEVICE_ATTR(P, ${group})`, size: structs.kvm_device_attr.size },
      { before: made, call: `gic: KVM_GET_DEVICE_ATTR(${group}, P)`, size: 8, written: true },
      { before: made, call: `gic: KVM_SET_DEVICE_ATTR(${group}, P)`, size: 8, once: true },
    ] satisfies Pointed[]),
    ...(type === V2 ? [{ before: made, call: 'KVM_ARM_SET_DEVICE_ADDR(P, KVM_VGIC_V2_ADDR_TYPE_DIST, 0x8000000)', size: structs.kvm_arm_device_addr.size, once: true } as const] : []),
  ]
}

law('once all else is right, every call that takes a pointer is EFAULT at every number of readable bytes below what it copies and at an unmapped pointer, and works at exactly that number',
  api('4', 'EFAULT'), async ({ host, askAll }) => {
    await askAll(pointed(host).flatMap(({ before, call, size, written }) => {
      const at = (pointer: string, answer: string) => `${call.replace(/\bP\b/, pointer)} -> ${answer}`
      const wrong = [...Array.from({ length: size }, (_, n) => `&short(${n})`), '&unmapped', ...(written ? ['&readonly'] : [])]
      return [[...before, ...wrong.map((pointer) => at(pointer, '-EFAULT')), at(`&short(${size})`, 'ok')].join('\n')]
    }))
  })

law('KVM_GET_REG_LIST is EFAULT wherever the pointer ends before the last id, and works where it ends behind it', api('4.84', 'struct kvm_reg_list (in/out)'),
  async ({ host, ask, forAll }) => {
    const features = offered(host)
    const count = (await ask([...ready(features), 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))).last.list!.length
    const size = 8 + 8 * count
    await forAll(fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 40, size: 'max' }), async (rooms) => {
      await ask([...ready(features), ...rooms.map((n) => `KVM_GET_REG_LIST(&short(${n}), n = 1000) -> -EFAULT`), 'KVM_GET_REG_LIST(&unmapped, n = 1000) -> -EFAULT',
        'KVM_GET_REG_LIST(&readonly, n = 1000) -> -EFAULT', `KVM_GET_REG_LIST(&short(${size}), n = 1000) -> ok`, `KVM_ARM_VCPU_INIT(features[] = ${join(features)}) -> ok`].join('\n'))
    }, 4)
  })
