/** `fingerprint`: every recorded host answers like its own release, and a fix more or less is told by its commit. */
import { describe, expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { changes } from '../../../fixtures/changes.ts'
import { namedIn, abi } from '../../../harness/abi/index.ts'
import { reached } from '../../../harness/model/release.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { printCall } from '../../../harness/table/notation.ts'
import { rulesOf } from '../../../harness/table/rules.ts'
import { openSide, type Side } from '../../../reports/diff/side.ts'
import { candidates } from '../../../reports/fingerprint/candidates.ts'
import { fingerprintOf, type Fingerprint } from '../../../reports/fingerprint/fingerprint.ts'
import { changeQuestions, erratumQuestions } from '../../../reports/fingerprint/from-changes.ts'
import { ruleQuestions } from '../../../reports/fingerprint/from-rules.ts'
import { fingerprintJson } from '../../../reports/fingerprint/json.ts'
import { differ } from '../../../reports/fingerprint/question.ts'
import { fingerprintText, likeInWords } from '../../../reports/fingerprint/text.ts'

/** The side says that it is a kernel which it is not. */
const disguised = (side: Side, release: string): Side => ({
  ...side,
  release,
  host: { ...side.host, kernel: { ...side.host.kernel, release, unameR: release, unameV: '' } },
})

const deviating = ({ deviations }: Fingerprint): string[] =>
  deviations.map(({ came, question }) => `${came} ${question.about.commit ?? question.about.title}`)

describe('a recorded host', () => {
  test.each(hostNames)('%s answers like its release, which it does not say', async (name) => {
    const { release } = hostNamed(name).kernel
    const found = await fingerprintOf(disguised(await openSide(name), '5.10'))
    expect(deviating(found)).toEqual([])
    const next = candidates[candidates.indexOf(found.like.at(-1)!) + 1]
    expect(reached(release, found.like[0]!), likeInWords(found)).toBe(true)
    expect(next !== undefined && reached(release, next), likeInWords(found)).toBe(false)
    expect(found.asked.filter(({ question }) => question.about.commit !== undefined).length).toBeGreaterThan(20)
  })

  test('is told from another release, whatever it says', async () => {
    const asTold = async (name: string, release: string) =>
      (await fingerprintOf(disguised(await openSide(name), release))).like
    expect(await asTold('6.1-max-gicv3', '7.2')).toEqual(await asTold('6.1-max-gicv3', '6.1'))
    expect(await asTold('7.2-max-gicv3', '6.1')).toEqual(['7.2.9'])
  })
})

describe('a kernel', () => {
  test('without a fix that a point release brought is like one before it', async () => {
    const found = await fingerprintOf(await openSide('mock:6.12-max-gicv3,erratum=a0e6ae45af17'))
    expect([likeInWords(found), deviating(found)]).toEqual(['6.12.80 until 6.12.88', []])
  })

  test('without a fix that all its branch has lacks that commit, with a trace', async () => {
    const found = await fingerprintOf(await openSide('mock:6.12-max-gicv3,erratum=dfe6d190f38f'))
    expect(deviating(found)).toEqual(['lacks dfe6d190f38f'])
    const text = fingerprintText(found, false)
    expect(text).toMatch(/^answers like 6\.12\.88 until 6\.12\.108$/m)
    expect(text).toMatch(
      /^lacks +1\n {2}dfe6d190f38f KVM: arm64: Allow AArch32 PSTATE\.M .*\n[^]*-> -EINVAL\n +# ok with it\n/m,
    )
    expect(JSON.parse(fingerprintJson(found)).deviations.map(({ commit }: { commit: string }) => commit)).toEqual([
      'dfe6d190f38f',
    ])
  })

  test('with a change of a later release carries that commit', async () => {
    const host = hostNamed('6.12-max-gicv3')
    const rules = new Map(rulesOf('6.12.107'))
    const set = namedIn(abi, 'KVM_SET_ONE_REG')!
    const own = rules.get(set)!
    const newer = rulesOf('7.2')
      .get(set)!
      .refuses.find(({ why }) => why === 'PSCI version')!
    rules.set(set, { ...own, refuses: own.refuses.map((row) => (row.why === newer.why ? newer : row)) })
    const side = await openSide('6.12-max-gicv3')
    const { play } = mock(host, '6.12.107', rules)
    const found = await fingerprintOf({ ...side, play })
    expect(deviating(found)).toEqual(['has 8be82d536a9f'])
    expect(likeInWords(found)).toBe('6.12.88 until 6.12.108')
  })

  test('that answers as none does is told so', async () => {
    const side = await openSide('7.2-max-gicv3')
    const odd: Side = {
      ...side,
      play: async (calls) => {
        const playing = (await side.play(calls))!
        const isPsci = calls.at(-1)!.ioctl.name === 'KVM_CHECK_EXTENSION'
        return isPsci ? { ...playing, answers: [...playing.answers.slice(0, -1), { ret: -1 }] } : playing
      },
    }
    expect(deviating(await fingerprintOf(odd))).toContain('other 3adaee783061')
  })
})

test('each question can be answered in two ways, and some release answers in either', async () => {
  const host = hostNamed()
  const all = [...changeQuestions(), ...(await ruleQuestions(host)), ...erratumQuestions(host, '6.12')]
  const recorded = hostNames.map((name) => hostNamed(name).kernel.release)
  for (const { about, having, lacking, isHad } of all) {
    expect(differ(having, lacking), about.title).toBe(true)
    expect(
      recorded.some((release) => isHad(release) === true),
      about.title,
    ).toBe(true)
  }
  expect(changes.flatMap(({ shown = [] }) => shown).length).toBe(changeQuestions().length)
})

test('nearly all of what tells releases apart has its commit, whatever a host lacks', async () => {
  for (const name of ['7.2-max-gicv3', '6.1-cortex-a53-gicv2', '6.12-max-novgic']) {
    const { asked } = await fingerprintOf(await openSide(name))
    const unnamed = asked.flatMap(({ question: { about } }) => (about.commit === undefined ? [about.title] : []))
    expect(unnamed.length, `${name}: ${unnamed.join(', ')}`).toBeLessThan(asked.length / 10)
  }
})

test('a rule is told by its commit and by that date, also where a call before the last one has done it', async () => {
  const questions = await ruleQuestions(hostNamed('6.12-max-gicv3'))
  const of = (commit: string) => questions.filter(({ about }) => about.commit === commit)
  const [chunks] = of('2f440b72e852')
  expect([printCall(chunks!.calls.at(-1)!), chunks!.about.since]).toEqual([
    'vm: KVM_ENABLE_CAP(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE)',
    '6.5',
  ])
  expect(['6.1.192', '6.4', '6.5', '6.12', '7.2'].map(chunks!.isHad)).toEqual([false, false, true, true, true])
  // A refused KVM_ARM_VCPU_INIT left features behind, which only a later call shows.
  const [left] = of('a7a2c72ae014')
  expect(left!.calls.filter(({ ioctl }) => ioctl.name === 'KVM_ARM_VCPU_INIT').length).toBeGreaterThan(0)
  expect(left!.calls.at(-1)!.ioctl.name).not.toBe('KVM_ARM_VCPU_INIT')
  // A row that a point release of a measured branch got.
  const [order] = of('f00327731131')
  expect(['6.1', '6.1.27', '6.1.28', '6.2', '6.4'].map(order!.isHad)).toEqual([false, false, true, false, true])
})

test('what changes.ts says of a change is what the recorded kernels answer', async () => {
  for (const name of hostNames.filter((one) => one.endsWith('-max-gicv3'))) {
    const side = await openSide(name)
    const { asked } = await fingerprintOf(side)
    for (const { question, came } of asked.filter((one) => one.question.about.commit !== undefined))
      expect([name, question.about.commit, came]).toEqual([
        name,
        question.about.commit,
        question.isHad(side.release) ? 'has' : 'lacks',
      ])
  }
})
