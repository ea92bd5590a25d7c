/** Which PMU of the host a VM has. */
import { offers, PMU_TYPES } from '../../harness/model/host.ts'
import { reached } from '../../harness/model/release.ts'
import { doc } from '../../harness/model/rule.ts'
import { features } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { onPmu, WITH_PMU } from './pmu.ts'

const DENY = '(base_event = 0, nevents = 1, action = KVM_PMU_EVENT_DENY)'
const set = (attr: string, value: string | number, answer: string) => `${onPmu(attr, value)} -> ${answer}`

law(
  'KVM_ARM_VCPU_PMU_V3_SET_PMU takes the types of the PMUs of the host and no other; the only one also after a filter of events',
  doc('devices/vcpu.rst', '-ENXIO PMU not found', { since: '6.1' }),
  async ({ host, ask, notOffered }) => {
    if (!reached(host.kernel.release, '6.1')) return notOffered('no KVM_ARM_VCPU_PMU_V3_SET_PMU before 6.1')
    if (!offers(host, features.KVM_ARM_VCPU_PMU_V3)) return notOffered('no PMU')
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
