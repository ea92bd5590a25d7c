/** Two runs are compared call by call; of what varies by the table, results count and values do not. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { agree, type AnsweredRun } from '../../../harness/studies/matrix/agree.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { boot } from '../../../harness/table/rules.ts'
import { parse, print } from '../../../harness/table/notation.ts'

const host = hostNamed('6.12-cortex-a57-gicv3')
const release = host.kernel.release
const run = (...lists: AnsweredRun['played']): AnsweredRun => ({
  header: { version: 2, run: 'a', target: 'native', release, seed: 1, host, unseen: [] },
  played: lists,
})

/** What the mock answers, and with `change` something else. */
const list = (text: string, change: (answers: AnsweredRun['played'][0]['playing']['answers']) => void = () => {}) => {
  const calls = parse(print(withCreations(parse(text)))).map(({ call }) => call)
  const answers = answersIn(boot(host), calls).map((answer) => ({ ...answer }))
  change(answers)
  return {
    suite: 'a',
    test: `test of ${text.split('\n').at(-1)}`,
    calls,
    playing: { answers, outcome: 'done' as const, log: [] },
  }
}
const names = ['outside', 'inside'] as const

const version = 'KVM_GET_API_VERSION'
const twice = 'KVM_ARM_VCPU_INIT(features[] = 0)\nKVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 0, 5))'
const counter = 'KVM_ARM_VCPU_INIT(features[] = 0)\nKVM_GET_ONE_REG(KVM_REG_ARM_TIMER_CNT)'

test('runs that are answered alike agree, in any order', () => {
  expect(agree(run(list(version), list(twice)), run(list(twice), list(version)), names)).toEqual({
    lists: 2,
    calls: 5,
    differences: [],
  })
})

test('another result is shown with the calls before it', () => {
  const { differences } = agree(
    run(list(twice)),
    run(
      list(twice, (answers) => {
        answers.splice(-1, 1, { ret: -2 })
      }),
    ),
    names,
  )
  expect(differences).toHaveLength(1)
  expect(differences[0]).toMatch(
    /^# test of KVM_GET_ONE_REG.*\n(.* -> ok.*\n)+KVM_GET_ONE_REG.*\n# outside: ok = 0x80000000\n# inside: -ENOENT$/,
  )
})

test('another value is a difference, but not of what varies', () => {
  const other = (answers: { value?: bigint }[]) => {
    answers.at(-1)!.value = 0x1234n
  }
  expect(agree(run(list(twice)), run(list(twice, other)), names).differences).toHaveLength(1)
  expect(agree(run(list(counter)), run(list(counter, other)), names).differences).toEqual([])
})

test('what was read of a counter and is written back makes no other list of it', () => {
  const back = (value: string) =>
    list(`KVM_ARM_VCPU_INIT(features[] = 0)\nKVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CNT, &${value})`)
  const at = (value: string) => ({ ...back(value), test: 'a law' })
  expect(agree(run(at('0x12')), run(at('0x34')), names)).toEqual({ lists: 1, calls: 4, differences: [] })
  const fails = at('0x34')
  fails.playing.answers.splice(-1, 1, { ret: -22 })
  expect(agree(run(at('0x12')), run(fails), names).differences).toHaveLength(1)
})

test('another value that is written to a register that keeps it is another list', () => {
  const at = (value: string) => ({
    ...list(`KVM_ARM_VCPU_INIT(features[] = 0)\nKVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &${value})`),
    test: 'a law',
  })
  expect(agree(run(at('0x12')), run(at('0x34')), names).differences).toHaveLength(2)
})

test('what varies must be answered with the same result', () => {
  const fails = (answers: { ret: number }[]) => {
    answers.at(-1)!.ret = -22
  }
  expect(agree(run(list(counter)), run(list(counter, fails)), names).differences).toHaveLength(1)
})

test('a list that hung on one side, or was played on one side alone, is a difference', () => {
  const hung = list(twice, (answers) => {
    answers.pop()
  })
  hung.playing = { ...hung.playing, outcome: 'hung' } as never
  expect(agree(run(list(twice)), run(hung), names).differences[0]).toMatch(/# outside: ok = .*\n# inside: hung$/)
  expect(agree(run(list(twice)), run(), names).differences[0]).toMatch(/outside: played 1 times\n# inside: 0 times$/)
  expect(agree(run(), run(list(twice)), names).differences[0]).toMatch(/outside: never played\n# inside: 1 times$/)
})

test('hosts that were recorded otherwise are a difference', () => {
  const other = run(list(version))
  other.header = { ...other.header, host: { ...host, caps: { ...host.caps, KVM_CAP_NR_VCPUS: 99 } } }
  expect(agree(run(list(version)), other, names).differences).toEqual([
    expect.stringMatching(/^# the hosts differ in caps\n/),
  ])
})
