/** Where a device may lie in guest physical memory: aligned, inside, once. */
import fc from 'fast-check'
import { api, doc, type Citation } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes, vgicSizes } from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { limit, quickSizes } from './ipa-sizes.ts'

const K = 0x400n

interface Frame {
  what: string
  type: number
  /** Lines that make the device. */
  made: string
  set(addr: bigint, answer: string): string
  get(answer: bigint): string
  unit: bigint
  size: bigint
  cite: Citation
}

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
const gic = (type: number) => `gic = KVM_CREATE_DEVICE(${type}) -> ok`

const attr = (on: string, type: string): Pick<Frame, 'set' | 'get'> => ({
  set: (addr, answer) => `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &${hex(addr)}) -> ${answer}`,
  get: (addr) => `${on}: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0) -> ok = ${hex(addr)}`,
})
const page64 = (size: keyof typeof vgicSizes) => ({ unit: 64n * K, size: BigInt(vgicSizes[size]) })
const page4 = (size: keyof typeof vgicSizes) => ({ unit: 4n * K, size: BigInt(vgicSizes[size]) })

const ofV3 = { type: V3, made: gic(V3), cite: doc('devices/arm-vgic-v3.rst', 'KVM_DEV_ARM_VGIC_GRP_ADDR') }
const ofV2 = { type: V2, made: gic(V2), cite: doc('devices/arm-vgic.rst', 'KVM_DEV_ARM_VGIC_GRP_ADDR') }
const DIST: Frame = {
  what: 'GICv2 distributor',
  ...ofV2,
  ...attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_DIST'),
  ...page4('KVM_VGIC_V2_DIST_SIZE'),
}
const CPU: Frame = {
  what: 'GICv2 CPU interface',
  ...ofV2,
  ...attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_CPU'),
  ...page4('KVM_VGIC_V2_CPU_SIZE'),
}
const throughOldCall = (frame: Frame, type: string): Frame => ({
  ...frame,
  what: `${frame.what} through KVM_ARM_SET_DEVICE_ADDR`,
  set: (addr, answer) => `vm: KVM_ARM_SET_DEVICE_ADDR(${type}, ${hex(addr)}) -> ${answer}`,
  cite: api('4.85', 'E2BIG Address outside guest physical address space'),
})

const frames: readonly Frame[] = [
  {
    what: 'GICv3 distributor',
    ...ofV3,
    ...attr('gic', 'KVM_VGIC_V3_ADDR_TYPE_DIST'),
    ...page64('KVM_VGIC_V3_DIST_SIZE'),
  },
  {
    what: 'GICv3 redistributor of one vcpu',
    ...ofV3,
    made: `vm: KVM_CREATE_VCPU(0) -> ok\n${ofV3.made}`,
    ...attr('gic', 'KVM_VGIC_V3_ADDR_TYPE_REDIST'),
    ...page64('KVM_VGIC_V3_REDIST_SIZE'),
  },
  {
    what: 'ITS',
    type: ITS,
    made: 'its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok',
    ...attr('its', 'KVM_VGIC_ITS_ADDR_TYPE'),
    ...page64('KVM_VGIC_V3_ITS_SIZE'),
    cite: doc('devices/arm-vgic-its.rst', 'KVM_VGIC_ITS_ADDR_TYPE'),
  },
  DIST,
  CPU,
  throughOldCall(DIST, 'KVM_VGIC_V2_ADDR_TYPE_DIST'),
  throughOldCall(CPU, 'KVM_VGIC_V2_ADDR_TYPE_CPU'),
]

const nameOf = (type: number) => Object.entries(deviceTypes).find(([, n]) => n === type)![0]

for (const { what, made, type, set, get, unit, size, cite } of frames) {
  law(
    `${what}: an address is accepted if and only if it is a multiple of ${unit / K}K with ${size / K}K inside the VM (5.10: a byte)`,
    cite,
    async ({ host, askAll, notOffered }) => {
      if (!host.devices.includes(type)) notOffered(`no ${nameOf(type)}`)
      if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
      const isBaseOnly = !reached(host.kernel.release, '6.1')
      await askAll(
        quickSizes(host).flatMap((bits) => {
          const top = 1n << BigInt(bits)
          const head = `KVM_CREATE_VM(${bits}) -> ok\n${made}`
          const fit = isBaseOnly ? top - unit : top - size
          const crossing = isBaseOnly || size === unit ? [] : [top - unit, top - size + unit]
          const crooked = [1n, unit / 2n, top - size + 1n, top - size - unit / 2n, top - unit / 2n]
          return [
            [
              head,
              ...[top, top + unit, 2n * top, ...crossing].map((a) => set(a, '-E2BIG')),
              ...crooked.map((a) => set(a, a + size > top ? '-EINVAL or -E2BIG' : '-EINVAL')),
              ...[top + 1n, top + unit / 2n, -unit, -1n, -size].map((a) => set(a, '-EINVAL or -E2BIG')),
              set(fit, 'ok'),
              get(fit),
            ].join('\n'),
            ...(bits % 4 === 0 ? [0n, fit - unit, top / 2n].map((a) => `${head}\n${set(a, 'ok')}`) : []),
          ]
        }),
      )
    },
  )

  law(
    `${what}: the address is all ones before it is set, and once set is EEXIST (5.10: EINVAL for redistributors) and stays`,
    cite,
    async ({ host, forAll, ask, notOffered }) => {
      if (!host.devices.includes(type)) notOffered(`no ${nameOf(type)}`)
      const isOld = !reached(host.kernel.release, '6.1')
      const top = 1n << BigInt(Math.min(40, limit(host)))
      const good = fc.bigInt({ min: 0n, max: (top - size) / unit }).map((n) => n * unit)
      // 5.10 looks at a second address before it finds that there is a first.
      const any = isOld ? good : fc.oneof(good, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n - size }))
      const twice = isOld && what.includes('redist') ? '-EINVAL' : '-EEXIST'
      const seconds = fc.array(any, { minLength: 1, maxLength: 8, size: 'max' })
      await forAll(
        fc.tuple(good, seconds),
        async ([first, then]) => {
          const again = [first, ...then].map((a) => set(a, twice))
          await ask([made, get(-1n), set(first, 'ok'), get(first), ...again, get(first)].join('\n'))
        },
        12,
      )
    },
  )
}

law(
  'a region of n GICv3 redistributors is accepted if and only if its n × 128K are inside the VM (5.10: a byte), and reads back',
  ofV3.cite,
  async ({ host, askAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered(`no ${nameOf(V3)}`)
    if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
    const isBaseOnly = !reached(host.kernel.release, '6.1')
    const REGION = 'KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'
    const set = (value: bigint, answer: string) => `gic: KVM_SET_DEVICE_ATTR(${REGION}, &${hex(value)}) -> ${answer}`
    const get = (index: bigint, value: bigint) => `gic: KVM_GET_DEVICE_ATTR(${REGION}, &${index}) -> ok = ${hex(value)}`
    const each = BigInt(vgicSizes.KVM_VGIC_V3_REDIST_SIZE)
    // Bits 51 to 16 of the value are the base, so that one beyond 52 bits cannot be said.
    await askAll(
      quickSizes(host)
        .filter((bits) => bits < 52)
        .flatMap((bits) =>
          [1n, 2n, 5n].map((count) => {
            const top = 1n << BigInt(bits)
            const fit = top - count * each
            const value = (base: bigint, index = 0n) => base | index | (count << 52n)
            const beyond = [top, top + 64n * K, ...(isBaseOnly ? [] : [fit + 64n * K, top - 64n * K])]
            return [
              `KVM_CREATE_VM(${bits}) -> ok`,
              ofV3.made,
              ...beyond.map((base) => set(value(base), '-E2BIG')),
              // no redistributors, a flag, an index out of order
              set(fit, '-EINVAL'),
              set(value(fit) | 0x1000n, '-EINVAL'),
              set(value(fit, 1n), '-EINVAL'),
              set(value(fit), 'ok'),
              get(0n, value(fit)),
              set(value(0n), '-EINVAL'),
              set(value(0n, 1n), 'ok'),
              get(1n, value(0n, 1n)),
              get(0n, value(fit)),
            ].join('\n')
          }),
        ),
    )
  },
)
