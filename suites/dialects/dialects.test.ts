/**
 * Each dialect on its own mock: its sequences and laws hold there, random calls of it can be said and judged, and each
 * of its rules is noticed where a kernel forgets it or answers another errno.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { abi, namedIn } from '../../harness/abi/index.ts'
import { dialects, ioctlsIn, speaking } from '../../harness/dialects/index.ts'
import { anyCalls } from '../../harness/generate/any-calls.ts'
import { failureText } from '../../harness/model/verdict.ts'
import { judged } from '../../harness/oracle/judge.ts'
import { mock } from '../../harness/oracle/mock.ts'
import { gather } from '../../harness/studies/mutants/evidence.ts'
import { canTell, notices } from '../../harness/studies/mutants/hunt.ts'
import { mutantsOf } from '../../harness/studies/mutants/mutate.ts'
import { proposedPrey } from '../../harness/studies/mutants/part.ts'
import { proposedSequences } from '../../harness/suite/declared.ts'
import { runLaw } from '../../harness/suite/law.ts'
import { runSequence } from '../../harness/suite/sequence.ts'
import { parse, print } from '../../harness/table/notation.ts'
import { rulesOf } from '../../harness/table/rules.ts'

const SEED = 20190307

/** Every row and grant of the table, field by field. */
const fieldsOf = () =>
  abi.map(({ name, refuses, grants }) => ({
    name,
    refuses: refuses.map((row) => ({ ...row })),
    grants: [grants].flat().map((grant) => ({ ...grant })),
  }))

/** Taken before any dialect has made its ioctls of them. */
const asShipped = fieldsOf()

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_, dialect) => {
  const hostFor = (name = dialect.host) => speaking(hostNamed(name), dialect)

  test.each(proposedSequences(dialect))('$title', async (sequence) => {
    const host = hostFor(sequence.host)
    const report = await runSequence(sequence, { kernel: mock(host), release: host.kernel.release })
    expect(failureText(report)).toBe(failureText({ ...report, verdict: 'conforms' }))
    expect(report.verdict).toBe('conforms')
  })

  test.each(dialect.laws ?? [])('$title', async (law) => {
    const report = await runLaw(law, mock(hostFor()))
    expect(report.verdict, failureText(report)).toBe('conforms')
  })

  test('each of its rules is noticed by its sequences where a kernel forgets it or answers another errno', async () => {
    const { hosts, sequences } = proposedPrey(dialect)
    const left = new Set<string>()
    const noticed = new Set<string>()
    for (const host of hosts) {
      const evidence = await gather(host, { sequences, laws: [], runs: 1, seed: SEED })
      for (const mutant of mutantsOf(host).filter(({ kind }) => kind !== 'swapped'))
        if (canTell('sequences', evidence, mutant) && (await notices('sequences', evidence, mutant)))
          noticed.add(mutant.name)
        else left.add(mutant.name)
    }
    const reasons = dialect.equivalent ?? {}
    expect([...left].filter((name) => !noticed.has(name) && !(name in reasons))).toEqual([])
  })

  test('each ioctl that it changes is noticed by its sequences where a kernel keeps what shipped', async () => {
    const { hosts, sequences } = proposedPrey(dialect)
    const changed = ioctlsIn(dialect).flatMap((ioctl) => {
      const before = namedIn(abi, ioctl.name)
      return before && before !== ioctl && before.takes === ioctl.takes ? { ioctl, before } : []
    })
    const unnoticed: string[] = []
    for (const { ioctl, before } of changed) {
      const verdicts = await Promise.all(
        hosts.flatMap((host) => {
          const { release } = host.kernel
          const rules = new Map(rulesOf(release, ioctlsIn(dialect))).set(ioctl, rulesOf(release).get(before)!)
          return sequences.map((one) => runSequence(one, { kernel: mock(host, release, rules), release }))
        }),
      )
      if (!verdicts.some(({ verdict }) => verdict === 'violates')) unnoticed.push(ioctl.name)
    }
    expect(unnoticed).toEqual([])
  })

  test('random calls are said, read back and judged in it, and reach its own rules', () => {
    const host = hostFor()
    const { release } = host.kernel
    const own = new Set(ioctlsIn(dialect).filter((ioctl) => !abi.includes(ioctl)))
    const reached = new Set<string>()
    for (const calls of fc.sample(anyCalls(12, { host }), { numRuns: 1000, seed: SEED })) {
      for (const { ioctl } of calls) if (own.has(ioctl)) reached.add(ioctl.name)
      const text = print(calls.map((call) => ({ call })))
      expect(print(parse(text, 'drawn', ioctlsIn(dialect)))).toBe(text)
      expect(judged(host, release, calls, { answers: [], outcome: 'done', log: [] }).verdict).toBe('conforms')
    }
    expect([...reached].toSorted()).toEqual([...own].map(({ name }) => name).toSorted())
  })

  test('no rule of the table is changed by it', () => {
    dialect.ioctls(abi)
    expect(fieldsOf()).toEqual(asShipped)
  })
})
