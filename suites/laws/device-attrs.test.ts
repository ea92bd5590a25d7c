/** Devices: which there are, what KVM_HAS_DEVICE_ATTR promises, and how many interrupts a vgic has. */
import fc from 'fast-check'
import { api, doc } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { deviceTypes } from '../../harness/names.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const create = (type: number) => `gic = KVM_CREATE_DEVICE(${type}) -> ok`

law('KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST succeeds if and only if the device can be created, creates nothing, and a type that is not there is ENODEV',
  api('4.79', 'ENODEV The device type is unknown or unsupported'), async ({ ask, askAll }) => {
    const types = [...Array.from({ length: 40 }, (_, n) => n), 255, 0x7fffffff, 0x80000000, 0xffffffff]
    const tested = await ask(types.map((type) => `vm: KVM_CREATE_DEVICE(${type}, flags = KVM_CREATE_DEVICE_TEST) -> ok or -ENODEV`).join('\n'))
    await askAll(types.map((type, i) => tested.answers[i]!.ret === 0
      ? `vm: KVM_CREATE_DEVICE(${type}, flags = KVM_CREATE_DEVICE_TEST) -> ok\ndevice = KVM_CREATE_DEVICE(${type}) -> ok`
      : `device = KVM_CREATE_DEVICE(${type}) -> -ENODEV`))
  })

law('KVM_DEV_ARM_VGIC_GRP_NR_IRQS takes exactly the multiples of 32 from 64 to 992, once, and KVM_GET_DEVICE_ATTR then gives that number',
  doc('devices/arm-vgic-v3.rst', 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS'), async ({ host, askAll, notOffered }) => {
    const models = [V2, V3].filter((type) => host.devices.includes(type))
    if (models.length === 0) notOffered('no GIC')
    const set = (n: number) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &${n})`
    const isFine = (n: number) => n % 32 === 0 && n >= 64 && n <= 992
    const wrong = [...Array.from({ length: 1100 }, (_, n) => n), 0x10040, 0x80000040, 0xffffffe0].filter((n) => !isFine(n))
    const parts = Array.from({ length: Math.ceil(wrong.length / 90) }, (_, i) => wrong.slice(i * 90, (i + 1) * 90))
    for (const type of models) await askAll([
      ...parts.map((some) => [create(type), ...some.map((n) => `${set(n)} -> -EINVAL`)].join('\n')),
      ...Array.from({ length: 30 }, (_, i) => 64 + 32 * i).filter(isFine).map((n) => [create(type), `${set(n)} -> ok`,
        `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0) -> ok = ${n}`, `${set(n)} -> -EBUSY`, `${set(64)} -> -EBUSY`].join('\n')),
    ])
  })

law('on an initialised vgic KVM_HAS_DEVICE_ATTR says ok exactly where KVM_SET_DEVICE_ATTR does not answer ENXIO, for addresses, NR_IRQS, CTRL and groups that do not exist',
  api('4.81', 'KVM_HAS_DEVICE_ATTR'), async ({ host, forAll, ask, holds, notOffered }) => {
    const models = [V2, V3].filter((type) => host.devices.includes(type))
    if (models.length === 0) notOffered('no GIC')
    const group = fc.constantFrom('KVM_DEV_ARM_VGIC_GRP_ADDR', 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS', 'KVM_DEV_ARM_VGIC_GRP_CTRL', '10', '11', '0x7fffffff', '0xffffffff')
    const number = fc.oneof(fc.nat(8).map(BigInt), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.nat(8).map((n) => (1n << 32n) + BigInt(n)))
    for (const type of models) await forAll(fc.array(fc.tuple(group, number), { minLength: 1, maxLength: 30, size: 'max' }), async (attrs) => {
      const heard = await ask([create(type), 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
        ...attrs.flatMap(([g, a]) => [`gic: KVM_HAS_DEVICE_ATTR(${g}, ${a}) -> ok or -ENXIO`, `gic: KVM_SET_DEVICE_ATTR(${g}, ${a}, &1)`])].join('\n'))
      for (let i = 2; i < heard.answers.length; i += 2) {
        const has = heard.answers[i]!.ret === 0
        holds(has === (heard.answers[i + 1]!.ret !== -6), heard, has ? 'anything but -ENXIO' : '-ENXIO', i + 1)
      }
    }, 12)
  })
