/** Whole runs on real kernels that come to grief: one verdict says so, and all others are as ever. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { command, commandMeanwhile, sample, scratch } from '../command.ts'
import { childrenOf } from '../../../harness/process/children.ts'
import { readKtap, type Result } from '../reports/ktap-reader.ts'
import { skipWithout } from '../skip-without.ts'

/** What is there of a file that another process writes, or nothing. */
const soFar = (...path: string[]): string => {
  try {
    return readFileSync(join(...path), 'latin1')
  } catch {
    return ''
  }
}

/** The guests of a run. */
const guestsOf = (run: number): number[] =>
  childrenOf(run)
    .filter(({ name }) => name.startsWith('qemu-system'))
    .map(({ pid }) => pid)

/** Does something once, when a run has so many answers. */
const after = (reports: string, answers: number, meddle: () => void): NodeJS.Timeout => {
  const timer = setInterval(() => {
    if (soFar(reports, 'answers.jsonl').split('\n').length < answers) return
    clearInterval(timer)
    meddle()
  }, 20)
  return timer
}

const ktap = (reports: string) => readKtap(readFileSync(join(reports, 'conformance.ktap'), 'utf8'))
const resultsIn = (reports: string): Map<string, Result> =>
  new Map(ktap(reports).results.flatMap((suite) => suite.subtests.map((test) => [`${suite.id} ${test.id}`, test])))

/**
 * The results that are not as in the other run, where the same was played; `more`: the ids of what only this one has.
 */
const others = (reports: string, usual: string, ...more: string[]): Result[] => {
  const [here, there] = [resultsIn(reports), resultsIn(usual)]
  expect([...here.keys()].toSorted()).toEqual([...there.keys(), ...more].toSorted())
  const shown = (result?: Result) => JSON.stringify([result?.ok, result?.directive, result?.reason])
  return [...here].flatMap(([id, result]) => (shown(result) === shown(there.get(id)) ? [] : [result]))
}

const isThere = (pid: number): boolean => soFar('/proc', String(pid), 'stat') !== ''

describe('a run', () => {
  beforeEach((context) => {
    skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc')
  })

  it('in which a QEMU is killed tells of it, plays again what it was at, and has every result', async () => {
    const [usual, reports] = [scratch(), scratch()]
    await command('run', '--only', 'ordered_', '--reports', usual)
    let timer: NodeJS.Timeout | undefined
    const args = ['run', '--target', 'qemu:6.12', '--only', 'ordered_', '--reports', reports]
    const { code, out } = await commandMeanwhile(args, (_, pid) => {
      timer = after(reports, 10, () => {
        process.kill(guestsOf(pid)[0]!, 'SIGKILL')
      })
    })
    clearInterval(timer)
    const [told] = others(reports, usual, 'target died-1')
    expect(told).toEqual(
      expect.objectContaining({
        ok: false,
        directive: 'ERROR',
        reason: expect.stringContaining('QEMU ended (killed by SIGKILL)'),
      }),
    )
    expect(out).toMatch(/\nnote +a machine died.*, once: qemu:6\.12: QEMU ended \(killed by SIGKILL\)\n/)
    expect(code).toBe(2)
  })

  it('in which a guest panics has one violation, with the panic and its trace, and every other result', async () => {
    const [usual, reports] = [scratch(), scratch()]
    await command('run', '--target', 'mock:5.10-max-gicv3', '--only', 'irq-line', '--reports', usual)
    // 5.10 warns of reserved interrupts in KVM_IRQ_LINE, and shall not survive that.
    const target = 'qemu:5.10,append=panic_on_warn=1'
    const { code, out } = await command('run', '--target', target, '--only', 'irq-line', '--reports', reports)
    const id = 'a-GIC-has-as-many-SPIs-as-it-was-given'
    expect(others(reports, usual)).toEqual([expect.objectContaining({ id, ok: false })])
    expect(out).toMatch(/^violates: .*\n {2}the kernel log complains; lost: .*Kernel panic.*\n {4}KVM_CREATE_VM\(0\)/m)
    expect(out).toMatch(/\n {4}kernel log: 4,Kernel panic - not syncing: (kernel: )?panic_on_warn set/)
    expect(code).toBe(1)
  })

  it('with a call that does not return gives it up at the deadline, and plays on', async () => {
    const reports = scratch()
    const { code, out } = await sample(reports, ['hangs'], undefined, 'qemu:6.12')
    const hung = {
      directive: 'ERROR',
      reason: expect.stringMatching(/^hung: no answer within 30 s; .* cannot be told$/),
    }
    expect([...resultsIn(reports).values()]).toEqual([
      expect.objectContaining({ id: 'waits-for-ever', ok: false, ...hung }),
      expect.objectContaining({ id: 'is-played-after-it', ok: true }),
    ])
    expect(out).toMatch(/POWER_OFF\) -> ok\n {4}KVM_RUN\(no signal\) +# did not return\n/)
    expect(code).toBe(2)
  })

  it('that is interrupted leaves its reports and no QEMU', async () => {
    const reports = scratch()
    let timer: NodeJS.Timeout | undefined
    let guests: number[] = []
    const args = ['run', '--target', 'qemu:6.12', '--only', 'ordered_', '--reports', reports]
    const { code, out } = await commandMeanwhile(args, (kill, pid) => {
      timer = after(reports, 100, () => {
        guests = guestsOf(pid)
        kill('SIGINT')
      })
    })
    clearInterval(timer)
    expect(guests.length).toBe(2)
    expect(guests.filter(isThere)).toEqual([])
    expect(ktap(reports).missing).toBeGreaterThan(0)
    expect(resultsIn(reports).size).toBeGreaterThan(10)
    expect(out).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/)
    expect(code).toBe(130)
  })
}, 240_000)
