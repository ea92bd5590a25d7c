/** What keeps a target from being recorded gets one line, what a kernel answers oddly none. */
import { describe, expect, test } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import type { Host } from '../../../harness/model/host.ts'
import { judged } from '../../../harness/oracle/judge.ts'
import type { Played } from '../../../harness/link/lines.ts'
import { errnos, features, type Errno } from '../../../harness/names/index.ts'
import { probe } from '../../../harness/probe/index.ts'
import type { ProbeTarget } from '../../../harness/probe/player.ts'
import { parse } from '../../../harness/table/notation.ts'
import { tinyKvm, tinyRegs, type Defect } from './tiny-kvm.ts'

const PMU = 'KVM_ARM_VCPU_PMU_V3'
const recorded = (defect: Defect) => probe(tinyKvm(defect), 'tiny')

describe('a target that gives no vcpu is told by what fails, its errno and what to do', () => {
  const answers = (name: string, errno: Errno): Defect => ({ answers: { [name]: -errnos[errno] } })
  const cases: [name: string, defect: Defect, says: RegExp][] = [
    [
      'another architecture',
      { machine: 'x86_64' },
      /its agent runs on x86_64, .*another architecture; what to do: .*qemu:6\.12/,
    ],
    ['a 32-bit kernel', { machine: 'armv7l' }, /armv7l.*64-bit kernel/],
    [
      'no /dev/kvm',
      { open: -errnos.ENOENT },
      /open\(\/dev\/kvm\) fails with ENOENT: there is no \/dev\/kvm; what to do: see .*dmesg.*EL2.*kvm-arm\.mode=none/,
    ],
    [
      'no permission',
      { open: -errnos.EACCES },
      /open\(\/dev\/kvm\) fails with EACCES: its user may not read and write \/dev\/kvm; what to do: log in as root there, or sudo usermod -aG kvm USER/,
    ],
    ['a container', { open: -errnos.EPERM }, /open\(\/dev\/kvm\) fails with EPERM: a container .*--device/],
    ['an old interface', { answers: { KVM_GET_API_VERSION: 11 } }, /KVM_GET_API_VERSION gives 11, .* 12; what to do: /],
    [
      'another hypervisor',
      answers('KVM_CREATE_VM', 'EBUSY'),
      /KVM_CREATE_VM\(0\) fails with EBUSY: another hypervisor/,
    ],
    [
      'no VM',
      answers('KVM_CREATE_VM', 'ENOMEM'),
      /KVM_CREATE_VM\(0\) fails with ENOMEM; what to do: see what sudo dmesg/,
    ],
    ['no vcpu', answers('KVM_CREATE_VCPU', 'ENOMEM'), /KVM_CREATE_VCPU\(0\) fails with ENOMEM/],
    ['no target', answers('KVM_ARM_PREFERRED_TARGET', 'ENODEV'), /KVM_ARM_PREFERRED_TARGET fails with ENODEV/],
    ['no INIT', answers('KVM_ARM_VCPU_INIT', 'EINVAL'), /KVM_ARM_VCPU_INIT\(.*\) fails with EINVAL/],
  ]
  test.each(cases)('%s', async (_, defect, says) => {
    const failure = await recorded(defect).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect(String(failure)).toMatch(says)
    expect(String(failure)).not.toMatch(/\n|undefined/)
  })

  test('an agent that goes away, with why', async () => {
    const { greeting } = tinyKvm()
    const gone: ProbeTarget = {
      greeting,
      play: async () => ({ outcome: 'lost', answers: [], log: [], why: 'the stream ended' }),
    }
    await expect(probe(gone, 'gone')).rejects.toThrow(
      'its agent was lost at open(/dev/kvm) (the stream ended); what to do: see what leads to it',
    )
  })
})

describe('what a kernel answers oddly is recorded as far as it goes', () => {
  const [ctl, cval, ptimer] = tinyRegs as [bigint, bigint, bigint]
  const ids = (host: Host) => host.regs.map(({ id }) => BigInt(`0x${id}`))
  const PMU_BIT = 1 << features[PMU]

  test('a sound one has nothing noted', async () => {
    const host = await recorded({})
    expect(ids(host)).toEqual(tinyRegs)
    expect(host.regs.map(({ write }) => write)).toEqual(['any', 'any', 'any'])
    expect(host).not.toHaveProperty('trouble')
    expect(host).not.toHaveProperty('isUnordered')
  })

  test('a listed register that cannot be read has no value', async () => {
    const { regs } = await recorded({ reads: (id) => (id === cval ? BigInt(-errnos.EINVAL) : undefined) })
    expect(regs.map(({ reset, write }) => [reset, write])).toEqual([
      ['0', 'any'],
      [undefined, 'untried'],
      ['0', 'any'],
    ])
  })

  test('a list that some vcpus do not get leaves the others', async () => {
    expect(ids(await recorded({ lists: (all, bits) => (bits & PMU_BIT ? undefined : all) }))).toEqual(tinyRegs)
    expect(ids(await recorded({ lists: () => undefined }))).toEqual([])
  })

  test('lists in no common order are all of the same registers', async () => {
    const host = await recorded({ lists: (all, bits) => (bits & PMU_BIT ? all.toReversed() : all) })
    expect(host.isUnordered).toBe(true)
    expect(new Set(ids(host))).toEqual(new Set(tinyRegs))
    const list = parse(
      'KVM_CREATE_VM(0)\nKVM_CREATE_VCPU(0)\nKVM_ARM_VCPU_INIT(features[] = 0)\nKVM_GET_REG_LIST(n = 9)',
    )
    const calls = list.map(({ call }) => call)
    const said = (came: bigint[]) =>
      judged({ ...host, maxVcpus: 1 }, '6.12', calls, {
        outcome: 'done',
        log: [],
        answers: [{ ret: 0 }, { ret: 0 }, { ret: 0 }, { ret: 0, value: 3n, list: came }],
      }).verdict
    expect(
      [
        [ctl, cval, ptimer],
        [ptimer, ctl, cval],
        [ptimer, ptimer, cval],
      ].map(said),
    ).toEqual(['conforms', 'conforms', 'violates'])
  })

  test('values that change all the time are known of none', async () => {
    let reads = 0n
    const { regs } = await recorded({ reads: (id) => (id === ctl ? ++reads : undefined) })
    expect(regs.map(({ reset }) => reset)).toEqual([undefined, '0', '0'])
  })

  test('a write that hangs, or that the kernel log complains of, is noted with its trace', async () => {
    const WARNING = '4,WARNING: CPU: 0 PID: 1 at arch/arm64/kvm/sys_regs.c:1'
    const of = (ending: Pick<Played, 'outcome' | 'log'>) =>
      recorded({ writes: (id, value) => (id === cval && value === 2n ? ending : undefined) })
    for (const ending of [
      { outcome: 'hung' as const, log: [] },
      { outcome: 'done' as const, log: [WARNING] },
    ]) {
      const { trouble, regs } = await of(ending)
      expect(trouble).toEqual([
        { trace: expect.stringMatching(/KVM_SET_ONE_REG\(KVM_REG_ARM_TIMER_CVAL, &0x2\)\n.*$/), log: ending.log },
      ])
      expect(regs.map(({ write }) => write)).toEqual(['any', 'untried', 'any'])
    }
  })
})
