/** Attributes of vcpus and VMs: interrupts of timers and PMUs, event counters, stolen time, ranges of calls. */
import fc from 'fast-check'
import { hasPmu, type Host } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'
import { doc } from '../../harness/model/rule.ts'
import { anyNumber } from '../../harness/model/scalar.ts'
import { deviceTypes, errnos } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { onPmu, WITH_PMU } from './pmu.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const VCPU_RST = 'devices/vcpu.rst',
  VM_RST = 'devices/vm.rst'
const PMCR_EL0 = 'ARM64_SYS_REG(3, 3, 9, 12, 0)'

const gicOf = ({ devices }: Host): string | undefined => {
  const type = [V3, V2].find((t) => devices.includes(t))
  return type === undefined ? undefined : `gic = KVM_CREATE_DEVICE(${type}) -> ok`
}
const onTimer = (verb: string, timer: string, value: string | number, on = 'vcpu0') =>
  `${on}: KVM_${verb}_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_${timer}, &${value})`

law(
  'the interrupt of a timer is one of 16 to 31, nothing else, and reads back from every vcpu as it was last set',
  doc(VCPU_RST, 'These must be a PPI (16 <= intid < 32)'),
  async ({ host, ask, forAll, notOffered }) => {
    const gic = gicOf(host)
    if (gic === undefined) notOffered('no GIC')
    const timers = ['VTIMER', 'PTIMER', ...(reached(host.kernel.release, '6.12') ? ['HVTIMER', 'HPTIMER'] : [])]
    const irq = fc.oneof(fc.nat(40).map(BigInt), anyNumber(32, [16n, 31n]))
    const settings = fc.array(fc.tuple(fc.constantFrom(...timers), irq, fc.nat(1)), { minLength: 1, maxLength: 12 })
    await forAll(
      settings,
      async (some) => {
        const told = new Map([
          ['VTIMER', 27n],
          ['PTIMER', 30n],
          ['HVTIMER', 28n],
          ['HPTIMER', 26n],
        ])
        const lines = some.flatMap(([timer, n, on]) => {
          const isPpi = n >= 16n && n < 32n
          if (isPpi) told.set(timer, n)
          return [
            `${onTimer('SET', timer, `${n}`, `vcpu${on}`)} -> ${isPpi ? 'ok' : '-EINVAL'}`,
            ...timers.map((t) => `${onTimer('GET', t, 0, `vcpu${1 - on}`)} -> ok = ${told.get(t)}`),
          ]
        })
        await ask([gic, 'vm: KVM_CREATE_VCPU(0) -> ok', 'vm: KVM_CREATE_VCPU(1) -> ok', ...lines].join('\n'))
      },
      40,
    )
  },
)

law(
  'a vcpu with a vgic runs if and only if the interrupts of its timers and of its PMU are three different ones',
  doc(VCPU_RST, 'Setting the same PPI for different timers will prevent the VCPUs from running'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    if (!hasPmu(host)) notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const ppi = fc.constantFrom(16, 17, 18, 27, 30, 31)
    await forAll(
      fc.tuple(ppi, ppi, ppi),
      async ([virtual, physical, pmu]) => {
        const isFine = new Set([virtual, physical, pmu]).size === 3
        await ask(
          [
            'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3) -> ok',
            'vm: KVM_CREATE_VCPU(0) -> ok',
            WITH_PMU,
            `${onTimer('SET', 'VTIMER', virtual)} -> ok`,
            `${onTimer('SET', 'PTIMER', physical)} -> ok`,
            `${onPmu('IRQ', pmu)} -> ok`,
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000) -> ok',
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &0x80a0000) -> ok',
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
            'vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT) -> ok',
            `vcpu0: KVM_RUN(immediate_exit) -> ${isFine ? '-EINTR' : '-EINVAL'}`,
          ].join('\n'),
        )
      },
      30,
    )
  },
)

law(
  'KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS takes as many as PMCR_EL0.N says at first, and PMCR_EL0.N is what it took',
  doc(VCPU_RST, 'representing the maximum value taken by PMCR_EL0.N', { since: '7.2' }),
  async ({ host, ask, holds, notOffered }) => {
    if (!reached(host.kernel.release, '7.2')) notOffered('no KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS before 7.2')
    if (!hasPmu(host)) notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const field = (value: bigint | undefined) => (value! >> 11n) & 31n
    const read = `KVM_GET_ONE_REG(${PMCR_EL0}) -> ok`
    const numbers = [...Array.from({ length: 34 }, (_, n) => BigInt(n)), 0x8000_0000n, 0xffff_ffffn]
    const lines = numbers.flatMap((n) => [onPmu('SET_NR_COUNTERS', `${n}`), read])
    const heard = await ask([WITH_PMU, read, ...lines].join('\n'))
    const most = field(heard.answers[1]!.value)
    let now = most
    for (const [i, n] of numbers.entries()) {
      const line = 2 + 2 * i
      const isTaken = n <= most
      holds(heard.answers[line]!.ret === (isTaken ? 0 : -errnos.EINVAL), heard, isTaken ? 'ok' : '-EINVAL', line)
      if (isTaken) now = n
      holds(field(heard.answers[line + 1]!.value) === now, heard, `PMCR_EL0.N = ${now}`, line + 1)
    }
  },
)

law(
  'stolen time is told once, at a multiple of 64 in memory, and reads back from its vcpu alone',
  doc(VCPU_RST, 'base address must be 64 byte aligned and exist within a valid guest memory region'),
  async ({ host, ask, forAll, notOffered }) => {
    if ((host.caps.KVM_CAP_STEAL_TIME ?? 0) === 0) notOffered('KVM_CAP_STEAL_TIME = 0')
    const on = (verb: string, vcpu: number, value: bigint) =>
      `vcpu${vcpu}: KVM_${verb}_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x${value.toString(16)})`
    const UNSET = (1n << 64n) - 1n
    const ends = fc.constantFrom(0xfc0n, 0x1000n, 0x2fc0n, 0x3000n)
    const ipa = fc.oneof(
      ends,
      fc.nat(0x3fff).map(BigInt),
      fc.nat(0xff).map((n) => 0x40n * BigInt(n)),
      anyNumber(64, [0n]),
    )
    await forAll(
      fc.array(fc.tuple(fc.nat(1), ipa), { minLength: 1, maxLength: 10 }),
      async (some) => {
        const told = [UNSET, UNSET]
        const lines = some.flatMap(([vcpu, address]) => {
          const isFine = address % 64n === 0n && address >= 0x1000n && address < 0x3000n
          const answer = isFine && told[vcpu] === UNSET ? 'ok' : isFine ? '-EEXIST' : '-EINVAL or -EEXIST'
          if (answer === 'ok') told[vcpu] = address
          return [
            `${on('SET', vcpu, address)} -> ${answer}`,
            ...[0, 1].map((v) => `${on('GET', v, 0n)} -> ok = 0x${told[v]!.toString(16)}`),
          ]
        })
        await ask(
          [
            'vm: KVM_CREATE_VCPU(0) -> ok',
            'vm: KVM_CREATE_VCPU(1) -> ok',
            'KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x1000, memory_size = 0x2000) -> ok',
            ...lines,
          ].join('\n'),
        )
      },
      40,
    )
  },
)

law(
  'ranges of the SMCCC filter are taken as long as they do not wrap, nor overlap with those before and the architecture’s',
  doc(VM_RST, 'The filter is defined as a set of non-overlapping ranges', { since: '6.12' }),
  async ({ host, ask, forAll, notOffered }) => {
    if (!reached(host.kernel.release, '6.12')) notOffered('VMs have no attributes before 6.12')
    const base = anyNumber(32, [0x7fff_fff0n, 0x8000_0000n, 0x8001_0000n, 0x8400_0000n, 0xc400_0000n, 0xffff_fff0n])
    const size = fc.oneof(fc.integer({ min: 1, max: 40 }).map(BigInt), anyNumber(32, [1n, 0x1_0000n]))
    const range = fc.tuple(
      base,
      size.filter((n) => n > 0n),
    )
    await forAll(
      fc.array(range, { minLength: 1, maxLength: 20 }),
      async (some) => {
        const taken = [
          [0x8000_0000n, 0x8000_ffffn],
          [0xc000_0000n, 0xc000_ffffn],
        ]
        const lines = some.map(([first, n]) => {
          const last = first + n - 1n
          const isFree = taken.every(([from, to]) => last < from! || to! < first)
          const answer = last >= 1n << 32n ? '-EINVAL' : isFree ? 'ok' : '-EEXIST'
          if (answer === 'ok') taken.push([first, last])
          const filter = `&(base = ${first}, nr_functions = ${n}, action = KVM_SMCCC_FILTER_DENY)`
          return `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, ${filter}) -> ${answer}`
        })
        await ask(lines.join('\n'))
      },
      40,
    )
  },
)
