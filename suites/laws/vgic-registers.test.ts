/** Registers of interrupt controllers: which there are, and that they can be written back. */
import { hex } from '../../harness/model/scalar.ts'
import { api, doc } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { call, DIST, models, ready, REDIST, to } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
const CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_REGS'
const ITS_REGS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS'

const range = (from: number, to: number, step = 4) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
/** Where registers may be: all of what is dense, some of the rest, and offsets that are not aligned. */
const frames = (type: number): readonly (readonly [group: string, offsets: readonly number[]])[] => {
  const dist = [
    ...range(0, 0x1000),
    ...range(0x1000, 0x1_0000, 0x5c),
    ...range(0xffc0, 0x1_0000),
    1,
    2,
    3,
    0x106,
    0xffe9,
  ]
  return type === V2
    ? [
        [DIST, dist],
        [CPU, [...range(0, 0x120), ...range(0x120, 0x2000, 0x34), 0x1000, 5]],
      ]
    : [
        [DIST, dist],
        [
          REDIST,
          [...range(0, 0x120), ...range(0x120, 0x2_0000, 0x214), ...range(0x1_0080, 0x1_0440), 0x1_0c00, 0x1_0e00, 6],
        ],
      ]
}

law(
  'what KVM_HAS_DEVICE_ATTR knows as a register can be read; elsewhere 0 is read, whatever was written',
  api('4.81', 'A successful return indicates the attribute is implemented'),
  async ({ host, askEach, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    for (const type of models(host))
      for (const [group, offsets] of frames(type)) {
        const has = await askEach(
          ready(type),
          offsets.map((at) => `gic: KVM_HAS_DEVICE_ATTR(${group}, ${to(1, at)}) -> ok or -ENXIO`),
        )
        await askEach(
          ready(type),
          offsets.map((at, i) =>
            has[i]!.ret === 0
              ? `${call('GET', group, to(1, at))} -> ok`
              : [
                  `${call('SET', group, to(1, at), 0xffff_ffffn)} -> ok`,
                  `${call('GET', group, to(1, at))} -> ok = 0`,
                ].join('\n'),
          ),
        )
      }
  },
)

law(
  'KVM_HAS_DEVICE_ATTR knows the registers of an ITS that can be read and written, and no others',
  doc('devices/arm-vgic-its.rst', '-ENXIO Offset does not correspond to any supported register'),
  async ({ host, askEach, holds, ask, notOffered }) => {
    if (!host.devices.includes(ITS)) notOffered('no ITS')
    const before = [
      `its = KVM_CREATE_DEVICE(${ITS}) -> ok`,
      'its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0x8080000) -> ok',
    ]
    const offsets = [...range(0, 0x180), ...range(0x180, 0x1_0000, 0xd8), ...range(0xffc0, 0x1_0010), 1, 6, 0x1_0008]
    const verbs = ['HAS', 'GET', 'SET'] as const
    const lines = (at: number) =>
      verbs.map((verb) => `its: KVM_${verb}_DEVICE_ATTR(${ITS_REGS}, ${hex(at)}${verb === 'HAS' ? '' : ', &0x0'})`)
    const answers = await askEach(
      before,
      offsets.map((at) => lines(at).join('\n')),
    )
    for (const [i, at] of offsets.entries()) {
      const [has, get, set] = answers.slice(i * 3, i * 3 + 3)
      if (has!.ret === get!.ret && get!.ret === set!.ret) continue
      const heard = await ask([...before, ...lines(at)].join('\n'))
      const [h, g, s] = heard.answers.slice(-3)
      holds(h!.ret === g!.ret && g!.ret === s!.ret, heard, 'what KVM_HAS_DEVICE_ATTR answers')
    }
  },
)

/**
 * Registers whose bits clear what they show, of GICv2 and GICv3, and GICR_PROPBASER, which reads 0 until it is written
 * or an ITS is there: what was read cannot be written back.
 */
const isOneWay = (group: string, at: number): boolean =>
  (group === DIST && ((at >= 0x180 && at < 0x200) || (at >= 0x280 && at < 0x300) || (at >= 0x380 && at < 0x400)))
  || (group === REDIST && [0x70, 0x1_0180, 0x1_0280, 0x1_0380].includes(at))

law(
  'what a register of a fresh GIC reads can be written back, and is read again',
  doc('devices/arm-vgic-v3.rst', 'write back the read value to confirm its expected behavior'),
  async ({ host, askEach, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    for (const type of models(host))
      for (const [group, all] of frames(type)) {
        const offsets = all.filter((at) => !isOneWay(group, at))
        const read = await askEach(
          ready(type),
          offsets.map((at) => `${call('GET', group, to(1, at))} -> ok`),
        )
        await askEach(
          ready(type),
          // The mock of a host that was recorded without it does not know GICD_TYPER2.
          offsets.flatMap((at, i) => {
            const { value } = read[i]!
            if (value === undefined) return []
            return [
              `${call('SET', group, to(1, at), value)} -> ok\n${call('GET', group, to(1, at))} -> ok = ${hex(value)}`,
            ]
          }),
        )
      }
  },
)
