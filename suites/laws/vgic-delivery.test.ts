/** Which interrupts a GICv3 gives to a guest that asks for them, and in which order. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { icc } from '../../harness/names/gic-registers.ts'
import { law } from '../../harness/suite/law.ts'
import { call, DIST } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const CPU = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'
const set = (group: string, offset: number, value: bigint) =>
  `${call('SET', group, `0x${offset.toString(16)}`, value)} -> ok`
const reads = (offset: number, value: bigint) => `${call('GET', DIST, `0x${offset.toString(16)}`)} -> ok = ${value}`

const FIRST = 32
const SPIS = 64
const SPURIOUS = 1023
const [GICD_CTLR, IGROUPR, ISENABLER, ISPENDR, ISACTIVER, IPRIORITYR] = [0, 0x80, 0x100, 0x200, 0x300, 0x400]

interface Interrupt {
  irq: number
  /** Of 32 that there are at least. */
  level: number
  isPending: boolean
  isEnabled: boolean
  isInGroup1: boolean
}
const often = fc.nat(4).map((n) => n > 0)
const interrupts = fc
  .tuple(
    fc.uniqueArray(fc.nat(SPIS - 1), { minLength: 1, maxLength: 10 }),
    fc.shuffledSubarray(
      Array.from({ length: 31 }, (_, n) => n),
      { minLength: 10 },
    ),
    fc.array(fc.tuple(often, often, often), { minLength: 10, maxLength: 10 }),
  )
  .map(([irqs, levels, flags]) =>
    irqs.map((n, i): Interrupt => {
      const [isPending, isEnabled, isInGroup1] = flags[i]!
      return { irq: FIRST + n, level: levels[i]!, isPending, isEnabled, isInGroup1 }
    }),
  )

/** The words of a register with a bit for each interrupt. */
const bits = (all: readonly Interrupt[], is: (one: Interrupt) => boolean): bigint[] =>
  [0, 1].map((word) =>
    all
      .filter((one) => one.irq >> 5 === word + 1 && is(one))
      .reduce((sum, { irq }) => sum | (1n << BigInt(irq & 31)), 0n),
  )
const priorities = (all: readonly Interrupt[]): bigint[] =>
  Array.from({ length: SPIS / 4 }, (_, word) =>
    all
      .filter(({ irq }) => irq >> 2 === FIRST / 4 + word)
      .reduce((sum, { irq, level }) => sum | (BigInt(level * 8) << BigInt(8 * (irq & 3))), 0n),
  )

law(
  'a guest is given what is pending, enabled, in group 1 and below its mask, once, the highest priority first',
  src('arch/arm64/kvm/vgic/vgic.c', 'vgic_flush_lr_state'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    await forAll(
      fc.tuple(
        interrupts,
        fc.nat(9).map((n) => n > 0),
        fc.integer({ min: 1, max: 31 }),
      ),
      async ([all, isOn, mask]) => {
        const isGiven = (one: Interrupt) => isOn && one.isPending && one.isEnabled && one.isInGroup1 && one.level < mask
        const given = all.filter(isGiven).toSorted((a, b) => a.level - b.level)
        const each = (at: number, words: readonly bigint[]) => words.map((word, i) => set(DIST, at + 4 * i, word))
        await ask(
          [
            'vm: KVM_CREATE_VCPU(0) -> ok',
            `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
            ...['DIST, &0x8000000', 'REDIST, &0x80a0000'].map(
              (at) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_${at}) -> ok`,
            ),
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
            'vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(acknowledge)) -> ok',
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            set(DIST, GICD_CTLR, isOn ? 2n : 0n),
            set(CPU, icc.ICC_PMR_EL1, BigInt(mask * 8)),
            set(CPU, icc.ICC_IGRPEN1_EL1, 1n),
            ...each(
              IGROUPR + 4,
              bits(all, ({ isInGroup1 }) => isInGroup1),
            ),
            ...each(IPRIORITYR + FIRST, priorities(all)),
            ...each(
              ISENABLER + 4,
              bits(all, ({ isEnabled }) => isEnabled),
            ),
            ...each(
              ISPENDR + 4,
              bits(all, ({ isPending }) => isPending),
            ),
            ...[...given.map(({ irq }) => irq), SPURIOUS].flatMap((irq) => [
              'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
              `vcpu0: kvm_run(mmio.data) -> ok = ${irq}`,
            ]),
            ...bits(all, (one) => one.isPending && !isGiven(one)).map((word, i) => reads(ISPENDR + 4 + 4 * i, word)),
            ...[0, 1].map((i) => reads(ISACTIVER + 4 + 4 * i, 0n)),
          ].join('\n'),
        )
      },
      20,
    )
  },
)
