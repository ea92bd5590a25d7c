/** The sweep over registers finds a kernel in which one of them is wrong, and lets a sound one pass. */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import type { Kernel } from '../../../harness/model/kernel.ts'
import { answersIn, mock } from '../../../harness/oracle/mock.ts'
import { swept, sweep, sweepOf } from '../../../harness/suite/register-sweep.ts'
import { brokenRules, type Breakable } from '../../../harness/table/errata.ts'
import { boot } from '../../../harness/table/rules.ts'

const V2 = '6.12-cortex-a57-gicv2'
const [SEED, OTHER_SEED] = [1, 2]

/** One register of a group, and by which host it is asked for. */
interface Place {
  group: number
  name: string
  offset: bigint
  host?: string
}
const places: readonly Place[] = [
  { group: 1, name: 'DIST_REGS', offset: 0x7a40n },
  { group: 1, name: 'DIST_REGS', offset: 0x8a0n, host: V2 },
  { group: 5, name: 'REDIST_REGS', offset: 0x1_0418n },
  { group: 6, name: 'CPU_SYSREGS', offset: 0xc643n },
  { group: 7, name: 'LEVEL_INFO', offset: 0x3c0n },
  { group: 2, name: 'CPU_REGS', offset: 0x1cn, host: V2 },
  { group: 8, name: 'ITS_REGS', offset: 0x138n },
]
const isAt = (arg: { group: number; attr: bigint }, { group, offset }: Place) =>
  arg.group === group && (arg.attr & 0xffff_ffffn) === offset

const defects: Record<string, (place: Place) => (k: Breakable) => void> = {
  'keeps a wrong bit': (place) => (k) =>
    k.grants('KVM_GET_DEVICE_ATTR', ({ gives }) => ({
      gives: (here, arg) => (gives!(here, arg) ?? 0n) ^ (isAt(arg, place) ? 1n : 0n),
    })),
  'is refused with another errno': (place) => (k) =>
    k.refuses('KVM_SET_DEVICE_ATTR', 'EPERM', (_, arg) => isAt(arg, place)),
  'is there but cannot be read': (place) => (k) =>
    k.refuses('KVM_GET_DEVICE_ATTR', 'ENXIO', (_, arg) => isAt(arg, place)),
  'is denied by KVM_HAS_DEVICE_ATTR': (place) => (k) =>
    k.refuses('KVM_HAS_DEVICE_ATTR', 'ENXIO', (_, arg) => isAt(arg, place)),
}

const broken = (host: string | undefined, breaks: (k: Breakable) => void): Kernel => {
  const sound = hostNamed(host)
  const { release } = sound.kernel
  const rules = brokenRules({ breaks }, release)
  return {
    host: sound,
    play: async (calls) => ({ answers: answersIn(boot(sound, release, rules), calls), outcome: 'done', log: [] }),
    close: async () => {},
  }
}
const sweptFor = ({ name, host }: Place) =>
  swept.find(({ group, type }) => group === name && hostNamed(host).devices.includes(type))!

describe.each(places)('$name at $offset', (place) => {
  test.each(Object.keys(defects))('a register that %s is found', async (is) => {
    const kernel = broken(place.host, defects[is]!(place))
    const report = await sweep({ kernel, release: kernel.host.kernel.release }, sweepOf(sweptFor(place), SEED))
    expect(report).toMatchObject({ verdict: 'violates' })
  })
  test('a sound kernel passes', async () => {
    const kernel = mock(hostNamed(place.host))
    const report = await sweep({ kernel, release: kernel.host.kernel.release }, sweepOf(sweptFor(place), OTHER_SEED))
    expect(report).toMatchObject({ verdict: 'conforms' })
    expect(report.unknown).toBeUndefined()
  })
})
