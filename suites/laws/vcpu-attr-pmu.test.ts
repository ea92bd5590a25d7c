/** Which PMU of the host a VM has, what a filter of its events may say, and by which interrupts it is heard. */
import fc from 'fast-check'
import { hasPmu, PMU_TYPES } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'
import { doc, src } from '../../harness/model/rule.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { onPmu, WITH_PMU } from './pmu.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const DENY = '(base_event = 0, nevents = 1, action = KVM_PMU_EVENT_DENY)'
const set = (attr: string, value: string | number, answer: string) => `${onPmu(attr, value)} -> ${answer}`

law(
  'KVM_ARM_VCPU_PMU_V3_SET_PMU takes the types of the PMUs of the host and no other; the only one also after a filter of events',
  doc('devices/vcpu.rst', '-ENXIO PMU not found', { since: '6.1' }),
  async ({ host, ask, notOffered }) => {
    if (!reached(host.kernel.release, '6.1')) return notOffered('no KVM_ARM_VCPU_PMU_V3_SET_PMU before 6.1')
    if (!hasPmu(host)) return notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const { pmus } = host
    if (pmus === undefined) return notOffered('nobody has looked which PMUs the host has')
    const types = Array.from({ length: PMU_TYPES }, (_, type) => type)
    await ask(
      [WITH_PMU, ...types.map((type) => set('SET_PMU', type, pmus.includes(type) ? 'ok' : '-ENXIO'))].join('\n'),
    )
    const [only, ...others] = pmus
    if (only === undefined || others.length > 0) return
    await ask([WITH_PMU, set('FILTER', DENY, 'ok'), set('SET_PMU', only, 'ok')].join('\n'))
  },
)

law(
  'the PMUs of a VM have one PPI together, or an SPI each',
  src('arch/arm64/kvm/pmu-emul.c', 'pmu_irq_is_valid'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) return notOffered('no KVM_DEV_TYPE_ARM_VGIC_V3')
    if (!hasPmu(host)) return notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const VCPUS = 4
    const made = [
      ...Array.from({ length: VCPUS }, (_, i) => [
        `vm: vcpu${i} = KVM_CREATE_VCPU(${i}) -> ok`,
        `vcpu${i}: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok`,
      ]).flat(),
      `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
    ]
    const irq = fc.oneof(fc.integer({ min: 22, max: 23 }), fc.integer({ min: 32, max: 34 }))
    await forAll(
      fc.array(fc.tuple(fc.nat(VCPUS - 1), irq), { minLength: VCPUS, maxLength: 8 }),
      async (told) => {
        const has = new Map<number, number>()
        const lines = told.map(([vcpu, number]) => {
          const others = [...has.values()]
          const isFine = number < 32 ? others.every((other) => other === number) : !others.includes(number)
          const answer = !isFine ? '-EINVAL' : has.has(vcpu) ? '-EBUSY' : 'ok'
          if (answer === 'ok') has.set(vcpu, number)
          return `vcpu${vcpu}: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, &${number}) -> ${answer}`
        })
        await ask([...made, ...lines].join('\n'))
      },
      25,
    )
  },
)

law(
  'the events of a filter end where those of the PMU do: after 1024, or after 65536',
  src('arch/arm64/kvm/pmu-emul.c', 'kvm_arm_pmu_v3_set_attr'),
  async ({ host, ask, askEach, notOffered }) => {
    if (!hasPmu(host)) return notOffered('KVM_CAP_ARM_PMU_V3 = 0')
    const init = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3) -> ok'
    const filter = (base: number, n: number) =>
      `vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_FILTER, &(base_event = ${base}, nevents = ${n}, action = KVM_PMU_EVENT_DENY))`
    const isLong = (await ask(`${init}\n${filter(0x8000, 1)}`)).last.ret === 0
    const end = isLong ? 0x1_0000 : 0x400
    const ranges = [1, 2, 0x100, 0x3ff, 0x400].flatMap((n) =>
      [end - n - 1, end - n, end - n + 1].map((base): [number, number] => [base, n]),
    )
    const there = ranges.filter(([base]) => base >= 0 && base < 0x1_0000)
    await askEach(
      [init],
      there.map(([base, n]) => `${filter(base, n)} -> ${base + n <= end ? 'ok' : '-EINVAL'}`),
    )
  },
)
