/** Where a device may lie in guest physical memory: aligned, inside, once. */
import fc from 'fast-check'
import { api, doc, type Citation } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { deviceTypes, vgicSizes } from '../../harness/names.ts'
import { reached } from '../../harness/release.ts'
import { limit, quickSizes } from './ipa-sizes.ts'

const hex = (n: bigint) => `0x${BigInt.asUintN(64, n).toString(16)}`
const ONES = '0xffffffffffffffff'

interface Frame {
  what: string
  /** Lines that make the device. */
  made: string
  type: number
  set(addr: bigint): string
  /** How it is read, where it can be. */
  get?: string
  unit: bigint
  size: bigint
  cite: Citation
}

const v2 = 'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2) -> ok'
const v3 = 'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok'
const its = 'its = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_ITS) -> ok'
const attr = (on: string, type: string) => ({
  set: (addr: bigint) => `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &${hex(addr)})`,
  get: `${on}: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0)`,
})
const old = (type: string) => (addr: bigint) => `vm: KVM_ARM_SET_DEVICE_ADDR(${type}, ${hex(addr)})`
const size = (name: keyof typeof vgicSizes) => BigInt(vgicSizes[name])
const K = 0x400n

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
const inV2 = doc('devices/arm-vgic.rst', 'KVM_DEV_ARM_VGIC_GRP_ADDR')
const inV3 = doc('devices/arm-vgic-v3.rst', 'KVM_DEV_ARM_VGIC_GRP_ADDR')

const frames: readonly Frame[] = [
  { what: 'GICv3 distributor', made: v3, type: V3, ...attr('gic', 'KVM_VGIC_V3_ADDR_TYPE_DIST'), unit: 64n * K, size: size('KVM_VGIC_V3_DIST_SIZE'), cite: inV3 },
  { what: 'GICv3 redistributor of one vcpu', made: `vm: KVM_CREATE_VCPU(0) -> ok\n${v3}`, type: V3, ...attr('gic', 'KVM_VGIC_V3_ADDR_TYPE_REDIST'),
    unit: 64n * K, size: size('KVM_VGIC_V3_REDIST_SIZE'), cite: inV3 },
  { what: 'ITS', made: its, type: ITS, ...attr('its', 'KVM_VGIC_ITS_ADDR_TYPE'), unit: 64n * K, size: size('KVM_VGIC_V3_ITS_SIZE'), cite: doc('devices/arm-vgic-its.rst', 'KVM_VGIC_ITS_ADDR_TYPE') },
  { what: 'GICv2 distributor', made: v2, type: V2, ...attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_DIST'), unit: 4n * K, size: size('KVM_VGIC_V2_DIST_SIZE'), cite: inV2 },
  { what: 'GICv2 CPU interface', made: v2, type: V2, ...attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_CPU'), unit: 4n * K, size: size('KVM_VGIC_V2_CPU_SIZE'), cite: inV2 },
  { what: 'GICv2 distributor through KVM_ARM_SET_DEVICE_ADDR', made: v2, type: V2, set: old('KVM_VGIC_V2_ADDR_TYPE_DIST'), get: attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_DIST').get,
    unit: 4n * K, size: size('KVM_VGIC_V2_DIST_SIZE'), cite: api('4.85', 'E2BIG Address outside guest physical address space') },
  { what: 'GICv2 CPU interface through KVM_ARM_SET_DEVICE_ADDR', made: v2, type: V2, set: old('KVM_VGIC_V2_ADDR_TYPE_CPU'), get: attr('gic', 'KVM_VGIC_V2_ADDR_TYPE_CPU').get,
    unit: 4n * K, size: size('KVM_VGIC_V2_CPU_SIZE'), cite: api('4.85', 'E2BIG Address outside guest physical address space') },
]

const nameOf = (type: number) => Object.keys(deviceTypes).find((n) => deviceTypes[n as keyof typeof deviceTypes] === type)!

for (const { what, made, type, set, get, unit, size: length, cite } of frames) {
  law(`${what}: an address is accepted if and only if it is aligned to ${unit / K}K and ${length / K}K from there lie inside the VM’s addresses, for every IPA size (5.10: if the first byte does)`,
    cite, async ({ host, askAll, notOffered }) => {
      if (!host.devices.includes(type)) notOffered(`no ${nameOf(type)}`)
      if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
      const isBaseOnly = !reached(host.kernel.release, '6.1')
      await askAll(quickSizes(host).flatMap((bits) => {
        const top = 1n << BigInt(bits)
        const head = `KVM_CREATE_VM(${bits}) -> ok\n${made}\n`
        const beyond = [top, top + unit, 2n * top, ...(isBaseOnly || length === unit ? [] : [top - unit, top - length + unit])]
        const crooked = [1n, unit / 2n, top - length + 1n, top - length - unit / 2n, top - unit + unit / 2n]
        const both = [top + 1n, top + unit / 2n, -unit, -1n, -length]
        const fit = isBaseOnly ? top - unit : top - length
        return [
          head + [...beyond.map((a) => `${set(a)} -> -E2BIG`), ...crooked.map((a) => `${set(a)} -> -EINVAL${a + length > top ? ' or -E2BIG' : ''}`),
            ...both.map((a) => `${set(a)} -> -EINVAL or -E2BIG`), `${set(fit)} -> ok`, ...(get ? [`${get} -> ok = ${hex(fit)}`] : [])].join('\n'),
          ...(bits % 4 === 0 ? [0n, fit - unit, top / 2n].map((a) => `${head}${set(a)} -> ok`) : []),
        ]
      }))
    })

  law(`${what}: the address is all ones before it is set, then what was set, and setting it again is EEXIST whatever the value (5.10: whatever good value; EINVAL for redistributors)`,
    cite, async ({ host, forAll, askAll, notOffered }) => {
      if (!host.devices.includes(type)) notOffered(`no ${nameOf(type)}`)
      const isOld = !reached(host.kernel.release, '6.1')
      const top = 1n << BigInt(Math.min(40, limit(host)))
      const good = fc.bigInt({ min: 0n, max: (top - length) / unit }).map((n) => n * unit)
      const any = isOld ? good : fc.oneof(good, fc.bigInt({ min: 0n, max: -1n + (1n << 64n) - length }))
      const twice = isOld && what.includes('redist') ? '-EINVAL' : '-EEXIST'
      await forAll(fc.tuple(good, fc.array(any, { minLength: 1, maxLength: 8, size: 'max' })), async ([first, then]) => {
        await askAll([[made, `${get} -> ok = ${ONES}`, `${set(first)} -> ok`, `${get} -> ok = ${hex(first)}`,
          ...[first, ...then].map((a) => `${set(a)} -> ${twice}`), `${get} -> ok = ${hex(first)}`].join('\n')])
      }, 12)
    })
}

law('a region of n GICv3 redistributors is accepted if and only if its n × 128K lie inside the VM’s addresses, for every IPA size (5.10: if the first byte does), and reads back as it was set',
  inV3, async ({ host, askAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered(`no ${nameOf(V3)}`)
    if (host.isProtected) notOffered('kvm-arm.mode=protected ignores the size')
    const isBaseOnly = !reached(host.kernel.release, '6.1')
    const { set, get } = attr('gic', 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION')
    const each = size('KVM_VGIC_V3_REDIST_SIZE')
    await askAll(quickSizes(host).filter((bits) => bits < 52).flatMap((bits) => [1n, 2n, 5n].map((count) => {
      const top = 1n << BigInt(bits)
      const value = (base: bigint, n = count) => base | (n << 52n)
      const fit = top - count * each
      return [`KVM_CREATE_VM(${bits}) -> ok`, v3,
        ...[top, top + 64n * K, ...(isBaseOnly ? [] : [fit + 64n * K, top - 64n * K])].map((a) => `${set(value(a))} -> -E2BIG`),
        `${set(value(fit, 0n))} -> -EINVAL`, `${set(value(fit) | 0x1000n)} -> -EINVAL`, `${set(value(fit) | 1n)} -> -EINVAL`,
        `${set(value(fit))} -> ok`, `${get} -> ok = ${hex(value(fit))}`, `${set(value(0n))} -> -EINVAL`,
        `${set(value(0n) | 1n)} -> ok`, `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &1) -> ok = ${hex(value(0n) | 1n)}`].join('\n')
    })))
  })
