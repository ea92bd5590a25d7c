/** Interrupt lines that userspace drives: whose they are, and what is high. */
import fc from 'fast-check'
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { affinityOf, call } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const LEVELS = 'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO'
const INIT_GIC = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'

law(
  'KVM_IRQ_LINE of a PPI drives one line of one vcpu, high with any level but 0, and is EINVAL where there is none',
  src('arch/arm64/kvm/arm.c', 'kvm_vm_ioctl_irq_line'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    const isById = reached(host.kernel.release, '6.7')
    const most = Math.min(host.maxVcpus, 512)
    const id = fc.oneof(fc.constantFrom(0, 1, 15, 16, 255, 256, 257), fc.nat(most - 1)).map((n) => n % most)
    const step = fc.record({
      of: fc.nat(2),
      stray: fc.option(fc.constantFrom(2, 3, 254, 255, 256, 511, 0x800, 0xfff), { freq: 6 }),
      irq: fc.oneof(fc.integer({ min: 16, max: 31 }), fc.constantFrom(15, 16, 31, 32)),
      level: fc.oneof(fc.nat(1), fc.constantFrom(0, 2, 0x100, 0x1_0000, 0x8000_0000)),
    })
    await forAll(
      fc.tuple(fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), fc.array(step, { minLength: 1, maxLength: 12 })),
      async ([drawn, steps]) => {
        // Before, a number is now an id and now a count, which are the same where vcpus are made in order.
        const ids = isById ? drawn : drawn.map((_, i) => i)
        const high = ids.map(() => 0n)
        const lines = steps.flatMap(({ of, stray, irq, level }) => {
          const n = stray ?? ids[of % ids.length]!
          const vcpu = ids.indexOf(n)
          const isThere = vcpu >= 0 && irq >= 16 && irq < 32
          if (isThere) {
            const bit = 1n << BigInt(irq)
            high[vcpu] = level === 0 ? high[vcpu]! & ~bit : high[vcpu]! | bit
          }
          return [
            `vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_PPI | vcpu ${n} | ${irq}, level = ${level}) -> ${isThere ? 'ok' : '-EINVAL'}`,
            ...ids.map((one, i) => `${call('GET', LEVELS, hex(affinityOf(one) << 32n))} -> ok = ${hex(high[i]!)}`),
          ]
        })
        await ask(
          [
            ...ids.flatMap((one, i) => [
              `vm: vcpu${i} = KVM_CREATE_VCPU(${one}) -> ok`,
              `vcpu${i}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`,
            ]),
            `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
            INIT_GIC,
            ...lines,
          ].join('\n'),
        )
      },
      25,
    )
  },
)
