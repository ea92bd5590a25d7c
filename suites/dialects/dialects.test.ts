/** Each dialect plays its own sequences, and each of its rules is noticed by one of them where a kernel forgets it. */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { abi } from '../../harness/abi/index.ts'
import { dialects, spoken } from '../../harness/dialects/index.ts'
import type { Step } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Ioctl } from '../../harness/model/rule.ts'
import { turns } from '../../harness/oracle/turns.ts'
import { print } from '../../harness/table/notation.ts'
import { boot, rulesOf, type Rules } from '../../harness/table/rules.ts'

const shipped = new Set(abi.flatMap(({ refuses }) => refuses))

/** The steps as a kernel with these rules answers them. */
const answered = (host: Host, rules: Map<Ioctl, Rules>, steps: readonly Step[]): Step[] => {
  const calls = steps.map(({ call }) => call)
  return [...turns(boot(host, host.kernel.release, rules), calls)].map(({ call, table, answer }) => ({
    call,
    answer: { ret: answer.ret, ...(answer.value !== undefined && { value: answer.value }) },
    ...(table.refusal && { why: table.refusal.why }),
  }))
}

/** Values that a sequence does not say are not compared. */
const said = (steps: readonly Step[], wanted: readonly Step[]): string =>
  print(
    steps.map(({ call, answer, why }, i) => {
      const { value: _, ...bare } = answer!
      return { call, answer: wanted[i]!.answer!.value === undefined ? bare : answer!, ...(why && { why }) }
    }),
  )

/** Every row and grant of the table, field by field. */
const fieldsOf = () =>
  abi.map(({ name, refuses, grants }) => ({
    name,
    refuses: refuses.map((row) => ({ ...row })),
    grants: [grants].flat().map((grant) => ({ ...grant })),
  }))

/** Taken before any dialect has made its ioctls of them. */
const asShipped = fieldsOf()

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (name, dialect) => {
  const { read, ioctls } = spoken(dialect)
  const sequences = dialect.sequences.map(({ title, text, host = dialect.host }) => {
    const steps = read(text, `${name}: ${title}`)
    return { title, host: hostNamed(host), steps, wanted: said(steps, steps) }
  })
  const rulesFor = (host: Host) => rulesOf(host.kernel.release, ioctls)

  test.each(sequences)('$title', ({ host, steps, wanted }) => {
    expect(said(answered(host, rulesFor(host), steps), steps)).toBe(wanted)
  })

  test('each of its own rules is noticed where a kernel forgets it', () => {
    const own = ioctls.flatMap((ioctl) =>
      ioctl.refuses.filter((row) => !shipped.has(row)).map((row) => ({ ioctl, row })),
    )
    const unnoticed = own.filter(({ ioctl, row }) =>
      sequences.every(({ host, steps, wanted }) => {
        const rules = rulesFor(host)
        const { refuses, grant } = rules.get(ioctl)!
        const forgetful = new Map(rules).set(ioctl, { grant, refuses: refuses.filter((other) => other !== row) })
        return said(answered(host, forgetful, steps), steps) === wanted
      }),
    )
    expect(unnoticed.map(({ ioctl, row }) => `${ioctl.name} (${row.why})`)).toEqual([])
  })

  test('no rule of the table is changed by it', () => {
    dialect.ioctls(abi)
    expect(fieldsOf()).toEqual(asShipped)
  })
})
