/** What holds of the parameters of a device, whatever their values. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { mail } from '../../../model/rule.ts'
import { hex, anyNumber } from '../../../model/scalar.ts'

const set = (param: string, value: bigint): string =>
  `KVM_SET_DEVICE_PARAM(KVM_ARM_DEVICE_VGIC_V2, ${param}, ${hex(value)})`
/** Values that each parameter takes. */
const anyGiven = fc.record({
  DIST_ADDR: anyNumber(40, [0n, 0x800_0000n]),
  CPU_ADDR: anyNumber(40, [0n, 0x801_0000n]),
  VERSION: fc.constant(2n),
})
const anyOrder = fc.shuffledSubarray(['DIST_ADDR', 'CPU_ADDR', 'VERSION'] as const, { minLength: 3 })

export const lawsOfParam: readonly Law[] = [
  {
    title: 'each parameter is set once, in whatever order, and none is in the way of another',
    cite: mail('2013-01-08 Scott Wood', "Can't we set other device parameters this way?"),
    body: (tools) =>
      tools.forAll(fc.tuple(anyGiven, anyOrder), async ([given, order]) => {
        const lines = order.flatMap((param) => [
          `${set(param, given[param])} -> ok`,
          `${set(param, given[param])} -> -EEXIST`,
        ])
        await tools.ask(['vm: KVM_CREATE_IRQCHIP -> ok', ...lines].join('\n'))
      }),
  },
  {
    title: 'a value is too big where it is an address that no guest has, and nowhere else',
    cite: mail('2013-01-08 Christoffer Dall', 'but that has less clear, or at least less specific, semantics'),
    body: (tools) =>
      tools.forAll(fc.tuple(fc.bigInt({ min: 1n << 40n, max: (1n << 64n) - 1n }), anyOrder), async ([value, order]) => {
        const lines = order.map((param) => `${set(param, value)} -> ${param === 'VERSION' ? '-EINVAL' : '-E2BIG'}`)
        await tools.ask(['vm: KVM_CREATE_IRQCHIP -> ok', ...lines].join('\n'))
      }),
  },
]
