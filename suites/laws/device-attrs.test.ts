/** Devices: which there are, what KVM_HAS_DEVICE_ATTR promises, and how many interrupts a vgic has. */
import fc from 'fast-check'
import type { Host } from '../../harness/model/host.ts'
import { api, doc } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes, errnos } from '../../harness/names/index.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const create = (type: number) => `gic = KVM_CREATE_DEVICE(${type}) -> ok`
const models = ({ devices }: Host) => [V2, V3].filter((type) => devices.includes(type))

law(
  'KVM_CREATE_DEVICE_TEST succeeds if and only if the device can then be created, and a type that is not there is ENODEV',
  api('4.79', 'ENODEV The device type is unknown or unsupported'),
  async ({ ask, askAll }) => {
    const types = [...Array.from({ length: 40 }, (_, n) => n), 255, 0x7fffffff, 0x80000000, 0xffffffff]
    const test = (type: number, answer: string) =>
      `vm: KVM_CREATE_DEVICE(${type}, flags = KVM_CREATE_DEVICE_TEST) -> ${answer}`
    const { answers } = await ask(types.map((type) => test(type, 'ok or -ENODEV')).join('\n'))
    await askAll(
      types.map((type, i) =>
        answers[i]!.ret === 0
          ? `${test(type, 'ok')}\ndevice = KVM_CREATE_DEVICE(${type}) -> ok`
          : `device = KVM_CREATE_DEVICE(${type}) -> -ENODEV`,
      ),
    )
  },
)

law(
  'KVM_DEV_ARM_VGIC_GRP_NR_IRQS takes exactly the multiples of 32 from 64 to 992, once, and then reads as that number',
  doc('devices/arm-vgic-v3.rst', 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS'),
  async ({ host, askAll, askEach, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    const set = (n: number, answer: string) =>
      `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &${n}) -> ${answer}`
    const get = (n: number) => `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0) -> ok = ${n}`
    const isFine = (n: number) => n % 32 === 0 && n >= 64 && n <= 992
    const all = [...Array.from({ length: 1100 }, (_, n) => n), 0x10040, 0x80000040, 0xffffffe0]
    for (const type of models(host)) {
      await askEach(
        [create(type)],
        all.filter((n) => !isFine(n)).map((n) => set(n, '-EINVAL')),
      )
      await askAll(
        all
          .filter(isFine)
          .map((n) => [create(type), set(n, 'ok'), get(n), set(n, '-EBUSY'), set(64, '-EBUSY')].join('\n')),
      )
    }
  },
)

law(
  'on an initialised vgic KVM_HAS_DEVICE_ATTR is ok exactly where KVM_SET_DEVICE_ATTR is not ENXIO (registers left aside)',
  api('4.81', 'KVM_HAS_DEVICE_ATTR'),
  async ({ host, forAll, ask, holds, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    const group = fc.constantFrom(
      'KVM_DEV_ARM_VGIC_GRP_ADDR',
      'KVM_DEV_ARM_VGIC_GRP_NR_IRQS',
      'KVM_DEV_ARM_VGIC_GRP_CTRL',
      '10',
      '11',
      '0x7fffffff',
      '0xffffffff',
    )
    const number = fc.oneof(
      fc.nat(8).map(BigInt),
      fc.nat(8).map((n) => (1n << 32n) + BigInt(n)),
      fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    )
    const attrs = fc.array(fc.tuple(group, number), { minLength: 1, maxLength: 30, size: 'max' })
    const init = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'
    for (const type of models(host))
      await forAll(
        attrs,
        async (some) => {
          const lines = some.flatMap(([g, a]) => [
            `gic: KVM_HAS_DEVICE_ATTR(${g}, ${a}) -> ok or -ENXIO`,
            `gic: KVM_SET_DEVICE_ATTR(${g}, ${a}, &1)`,
          ])
          const heard = await ask([create(type), init, ...lines].join('\n'))
          for (let i = 2; i < heard.answers.length; i += 2) {
            const has = heard.answers[i]!.ret === 0
            holds(
              has === (heard.answers[i + 1]!.ret !== -errnos.ENXIO),
              heard,
              has ? 'anything but -ENXIO' : '-ENXIO',
              i + 1,
            )
          }
        },
        12,
      )
  },
)
