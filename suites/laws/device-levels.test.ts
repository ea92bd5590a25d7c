/** What a timer that is due raises: without a vgic userspace is told, with one the line of its interrupt is high. */
import fc from 'fast-check'
import { hasPmu } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'
import { api, doc } from '../../harness/model/rule.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { CNTENCLR, CNTENSET, INTENCLR, INTENSET, OVSCLR, OVSSET, PMCR } from '../pmu-registers.ts'
import { INIT_PMU } from './pmu.ts'

const GUEST = `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(mmio-stores)) -> ok
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`

const FAR = 0x7fff_ffff_ffff_ffffn
interface Timer {
  ctl: number
  cval: bigint
}
const timer: fc.Arbitrary<Timer> = fc.record({
  ctl: fc.oneof(fc.constant(1), fc.nat(7)),
  cval: fc.constantFrom(0n, 0n, 0n, FAR),
})
/** It is enabled, not masked, and its time has come. */
const isHigh = ({ ctl, cval }: Timer): boolean => (ctl & 3) === 1 && cval === 0n
const timers = fc.record({ TIMER: timer, PTIMER: timer })
type Timers = { TIMER: Timer; PTIMER: Timer }
type Name = keyof Timers
const names = (release: Parameters<typeof reached>[0]): Name[] =>
  reached(release, '6.12') ? ['TIMER', 'PTIMER'] : ['TIMER']
const set = (name: Name, { ctl, cval }: Timer): string => `
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_${name}_CVAL, &${cval}) -> ok
  vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_${name}_CTL, &${ctl}) -> ok`

law(
  'without a vgic each change of a timer’s output is told once, before the guest runs',
  api('8.9', 'kvm guarantees at least one return to userspace before running the VM'),
  async ({ host, ask, forAll }) => {
    const known = names(host.kernel.release)
    await forAll(
      fc.array(timers, { minLength: 1, maxLength: 6 }),
      async (some) => {
        let now = 0
        const each = some.flatMap((next) => {
          const before = now
          now = known.reduce((all, name, bit) => all | (isHigh(next[name]) ? 1 << bit : 0), 0)
          return [
            ...known.map((name) => set(name, next[name])),
            ...(now === before ? [] : ['vcpu0: KVM_RUN -> -EINTR']),
            `vcpu0: kvm_run(s.regs.device_irq_level) -> ok = ${now}`,
            'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
            `vcpu0: kvm_run(s.regs.device_irq_level) -> ok = ${now}`,
          ]
        })
        await ask([GUEST, ...each].join('\n'))
      },
      15,
    )
  },
)

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const LEVELS = 'KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0, &0)'

law(
  'with a vgic the line of the interrupt that was chosen for a timer is as high as its output, and no other is',
  doc('devices/vcpu.rst', 'A value describing the architected timer interrupt number'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    const known = names(host.kernel.release)
    const ppis = fc.uniqueArray(fc.integer({ min: 16, max: 31 }), { minLength: 2, maxLength: 2 })
    await forAll(
      fc.tuple(ppis, fc.array(timers, { minLength: 1, maxLength: 4 })),
      async ([irqs, some]) => {
        const each = some.flatMap((next) => {
          const high = known.reduce((all, name, i) => all | (isHigh(next[name]) ? 1n << BigInt(irqs[i]!) : 0n), 0n)
          return [
            ...known.map((name) => set(name, next[name])),
            'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
            `gic: ${LEVELS} -> ok = ${high}`,
          ]
        })
        await ask(
          [
            'vm: KVM_CREATE_VCPU(0) -> ok',
            `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
            ...[`DIST, &0x8000000`, `REDIST, &0x80a0000`].map(
              (at) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_${at}) -> ok`,
            ),
            GUEST,
            ...['VTIMER', 'PTIMER'].map(
              (name, i) =>
                `vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_${name}, &${irqs[i]}) -> ok`,
            ),
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
            ...each,
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            `gic: ${LEVELS} -> ok = 0`,
          ].join('\n'),
        )
      },
      15,
    )
  },
)

/** The counter of cycles, which every PMU has. */
const CYCLES = 1n << 31n
const write = (register: string, value: bigint) => `vcpu0: KVM_SET_ONE_REG(${register}, &${value}) -> ok`
/** Whether a kernel takes what is written for the bits to be cleared, or for what is left: these alone are set. */
const only = (sets: string, clears: string, isSet: boolean): string[] => [
  write(clears, 0xffff_ffffn),
  write(sets, 0n),
  ...(isSet ? [write(sets, CYCLES)] : []),
]

law(
  'an overflow of the PMU is told if and only if its interrupt is enabled, the PMU is, and before 6.1 its counter, too',
  api('8.9', 'KVM_ARM_DEV_PMU - ARM PMU overflow interrupt signal'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!hasPmu(host)) notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const asksWhatCounts = !reached(host.kernel.release, '6.1')
    const flag = fc.boolean()
    const state = fc.record({ isOn: flag, overflown: flag, interrupts: flag, counts: flag })
    // A counter that runs may overflow by itself.
    const isCertain = (one: { isOn: boolean; overflown: boolean; interrupts: boolean; counts: boolean }) =>
      !one.isOn || !one.counts || (one.overflown && one.interrupts)
    await forAll(
      fc.array(state.filter(isCertain), { minLength: 1, maxLength: 6 }),
      async (states) => {
        let now = false
        const each = states.flatMap(({ isOn, overflown, interrupts, counts }) => {
          const before = now
          now = isOn && overflown && interrupts && (counts || !asksWhatCounts)
          const level = now ? 4 : 0
          return [
            write(PMCR, 0n),
            ...only(CNTENSET, CNTENCLR, counts),
            ...only(OVSSET, OVSCLR, overflown),
            ...only(INTENSET, INTENCLR, interrupts),
            write(PMCR, isOn ? 1n : 0n),
            ...(now === before ? [] : ['vcpu0: KVM_RUN -> -EINTR']),
            'vcpu0: KVM_RUN -> ok = KVM_EXIT_MMIO',
            `vcpu0: kvm_run(s.regs.device_irq_level) -> ok = ${level}`,
          ]
        })
        await ask(
          [GUEST.replace('features[] = 0', 'features[] = KVM_ARM_VCPU_PMU_V3'), `vcpu0: ${INIT_PMU}`, ...each].join(
            '\n',
          ),
        )
      },
      15,
    )
  },
)
