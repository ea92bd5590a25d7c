/** An ITS that is told anything: commands, messages, tables that are saved, changed and restored. */
import { anyOrder } from '../../harness/suite/any-order.ts'
import { kernel, release, runSettings } from '../../harness/suite/here.ts'
import { translations } from '../../harness/generate/translations.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { reportedTest } from '../../harness/suite/reported-test.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3, KVM_DEV_TYPE_ARM_VGIC_ITS: ITS } = deviceTypes
/** Sequences are longer than others, of which there are so many more. */
const SHARE = 10

reportedTest(
  'whatever an ITS is told, it translates and saves as the table allows',
  async () =>
    [V3, ITS].every((type) => kernel.host.devices.includes(type))
      ? anyOrder({ kernel, release }, translations(), { ...runSettings, runs: Math.ceil(runSettings.runs / SHARE) })
      : { layer: 'any order', verdict: 'not offered', why: 'no GICv3 with an ITS', lists: 0, calls: 0 },
  { isDivided: true },
)
