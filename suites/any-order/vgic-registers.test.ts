/** Every register of the interrupt controllers, and offsets without one: what they read, and what a write leaves. */
import { kernel, release, runSettings } from '../../harness/suite/here.ts'
import { swept, sweep, sweepOf } from '../../harness/suite/register-sweep.ts'
import { reportedTest } from '../../harness/suite/reported-test.ts'
import { deviceTypes } from '../../harness/names/index.ts'

for (const one of swept) {
  const [name] = Object.entries(deviceTypes).find(([, type]) => type === one.type)!
  reportedTest(`KVM_DEV_ARM_VGIC_GRP_${one.group} of ${name}: all registers, and some offsets without`, async () =>
    kernel.host.devices.includes(one.type)
      ? sweep({ kernel, release }, sweepOf(one, runSettings.seed))
      : { layer: 'any order', verdict: 'not offered', why: `no ${name}`, lists: 0, calls: 0 },
  )
}
