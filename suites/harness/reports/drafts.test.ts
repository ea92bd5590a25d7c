/** The drafts: what a reader is told was measured is what was measured, of the question that stands beside it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import kept from '../../../fixtures/proposals.json' with { type: 'json' }
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { dialects } from '../../../harness/dialects/index.ts'
import { comparisonTitle, type Comparison, type Dialect } from '../../../harness/model/dialect.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { root } from '../../../harness/process/root.ts'
import {
  askedColumns,
  hashOfQuestion,
  measure,
  printMeasured,
  staleIn,
  type Measured,
  type Measurement,
} from '../../../harness/studies/proposals.ts'
import { draftsPage } from '../../../reports/book/drafts-html.ts'
import { page } from '../../../reports/html/page.ts'
import { draftsText } from '../../../reports/book/drafts-text.ts'
import { draftsOf } from '../../../reports/book/drafts.ts'
import { command, scratch } from '../command.ts'
import { expectGolden } from '../golden.ts'

const ASKS = `
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_RUN(immediate_exit)           -> -EINTR (immediate_exit)`

const comparison = (about: string, more: Partial<Comparison> = {}): Comparison => ({
  about,
  drafted: 'KVM_NEW_CALL takes everything',
  shipped: 'KVM_RUN takes nothing',
  asks: ASKS,
  because: 'Nothing is easier to extend than nothing.',
  source: 'A. Reviewer, 2019-03-08: "less <is> more"',
  ...more,
})

const dialect = (name: string, compared: readonly Comparison[]): Dialect => ({
  name,
  about: 'A call that takes everything',
  mail: { date: '2019-03-07', from: 'A. Author', subject: '[PATCH 1/2] KVM: a call & more' },
  ioctls: (shipped) => shipped,
  sequences: [],
  compared,
})

const { asks: _, ...unasked } = comparison('a thing that nobody can ask')
const sample = [
  dialect('everything-2019', [
    comparison('a thing that all kernels do'),
    comparison('a thing that one machine has not'),
    comparison('a thing that a kernel does otherwise'),
    comparison('a thing that nobody has measured'),
    comparison('a thing that was asked otherwise before', { asks: `${ASKS}\n        KVM_RUN -> ok` }),
    unasked,
    comparison('a thing with a_word_that_is_longer_than_any_column_of_the_text_has_room_for', {
      drafted: `KVM_${'LONG_'.repeat(12)}NAME`,
    }),
  ]),
  dialect('compared-with-nothing', []),
]

const conforms: Measurement = { verdict: 'conforms' }
const kernels: Measured['kernels'] = {
  '5.10-max-gicv3': { target: 'qemu:5.10', release: '5.10.223', unameR: '5.10.0-32-arm64' },
  '6.12-max-gicv3': { target: 'qemu:6.12', release: '6.12.107', unameR: '6.12.107+deb13-arm64' },
  '6.12-a57-gicv2': { target: 'qemu:6.12,gic=2', release: '6.12.107', unameR: '6.12.107+deb13-arm64' },
}
const [old, now, other] = Object.keys(kernels) as [string, string, string]
const question = (on: Record<string, Measurement>) => ({ asks: hashOfQuestion({ asks: ASKS }), on })
const measured: Measured = {
  kernels,
  questions: {
    'everything-2019: a thing that all kernels do': question({ [old]: conforms, [now]: conforms, [other]: conforms }),
    'everything-2019: a thing that one machine has not': question({
      [old]: conforms,
      [other]: { verdict: 'not offered', why: 'no SVE' },
    }),
    'everything-2019: a thing that a kernel does otherwise': question({
      [old]: { verdict: 'violates', why: 'KVM_RUN -> <ok>' },
      [now]: conforms,
      [other]: conforms,
    }),
    'everything-2019: a thing that was asked otherwise before': question({ [now]: conforms }),
  },
}

describe('text and page', () => {
  test('say of each comparison what was measured, or why nothing was', () => {
    const all = draftsOf(sample, measured)
    expect(all.drafts[0]!.compared.map((one) => one.measured.map(({ words }) => words))).toEqual([
      ['holds on 5.10.223, 6.12.107, on every machine'],
      ['holds on 5.10.223 (max-gicv3)', 'not offered on 6.12.107 (a57-gicv2): no SVE'],
      ['violates on 5.10.223 (max-gicv3): KVM_RUN -> <ok>', 'holds on 6.12.107 (max-gicv3); 6.12.107 (a57-gicv2)'],
      ['not measured'],
      ['not measured: the question changed since'],
      ['nothing that a kernel could be asked'],
      ['not measured'],
    ])
  })

  test('are the text that was read last', () => {
    expectGolden('drafts.txt', draftsText(draftsOf(sample, measured)))
  })

  test('have lines that a terminal shows, and no markup of ours or theirs that is not closed', () => {
    const all = draftsOf(sample, measured)
    for (const line of draftsText(all).split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
    const html = page(draftsPage(all))
    expect(html.match(/<script|<link|<img|src=|url\(|<is>|<ok>/)).toBeNull()
    for (const tag of ['table', 'tbody', 'tr', 'th', 'td', 'pre', 'p', 'code', 'span', 'a', 'h2', 'nav'])
      expect(html.split(new RegExp(`<${tag}[ >]`)).length, tag).toBe(html.split(`</${tag}>`).length)
  })

  test('have every dialect and every comparison that there is', () => {
    const text = draftsText(draftsOf(dialects, kept as Measured)).replace(/\s+/g, ' ')
    for (const { name, compared } of dialects)
      for (const words of [name, ...compared.map(({ about }) => about.replace(/\s+/g, ' '))])
        expect(text.includes(words), words).toBe(true)
  })
})

describe('what is kept', () => {
  test('is of questions that are still asked so', () => {
    expect(staleIn(kept as Measured, dialects), 'npm run book -- --measure asks anew').toEqual([])
  })

  test('is noticed where its question changed, or its releases, or it is gone; blanks are no change', () => {
    expect(staleIn(measured, sample)).toEqual(['everything-2019: a thing that was asked otherwise before'])
    expect(staleIn(measured, [])).toEqual(Object.keys(measured.questions))
    const hash = hashOfQuestion({ asks: ASKS })
    expect(hashOfQuestion({ asks: ASKS.replace(/ +/g, ' ').trim() })).toBe(hash)
    expect(hashOfQuestion({ asks: ASKS.replace('ok', '-EPERM') })).not.toBe(hash)
    expect(hashOfQuestion({ asks: ASKS, since: '6.1' })).not.toBe(hash)
  })

  test('is of kernels of the matrix, each with its answer to each question', () => {
    const { kernels: asked, questions } = kept as Measured
    for (const [name, { target }] of Object.entries(asked))
      expect(askedColumns.find((one) => one.name === name)?.target).toBe(target)
    for (const [title, { on }] of Object.entries(questions)) expect(Object.keys(on), title).toEqual(Object.keys(asked))
  })
})

test('what was measured is kept as JSON, a line for each kernel and question', () => {
  const text = printMeasured(measured)
  expect(JSON.parse(text)).toEqual(measured)
  const { kernels: on, questions } = measured
  expect(text.split('\n')).toHaveLength(Object.keys(on).length + Object.keys(questions).length + 7)
})

describe('asking', () => {
  const column = { name: '6.12-max-gicv3', target: 'mock' }
  const asked = (compared: readonly Comparison[], host = hostNamed()) =>
    measure([dialect('x', compared)], [column], async () => mock(host))
  const title = comparisonTitle(dialect('x', []), { about: 'y' })

  test('keeps what the kernel made of the question, and the reason where it cannot be asked', async () => {
    const { kernels: on, questions } = await asked([comparison('y')])
    expect(on[column.name]).toMatchObject({ target: 'mock', release: hostNamed().kernel.release })
    expect(questions[title]).toEqual({ asks: hashOfQuestion({ asks: ASKS }), on: { [column.name]: conforms } })
    const sve = comparison('y', { asks: 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok' })
    const without = await asked([sve], hostNamed('6.12-cortex-a57-gicv3'))
    expect(without.questions[title]!.on[column.name]).toEqual({
      verdict: 'not offered',
      why: expect.stringMatching(/./),
    })
  })

  test('keeps that a kernel answers otherwise', async () => {
    const kernel = mock(hostNamed())
    const { questions } = await measure([dialect('x', [comparison('y')])], [column], async () => ({
      ...kernel,
      play: async (calls) => {
        const playing = await kernel.play(calls)
        return { ...playing, answers: playing.answers.map(() => ({ ret: 0 })) }
      },
    }))
    expect(questions[title]!.on[column.name]!.verdict).toBe('violates')
  })

  test('says what contradicts the table before any kernel is opened', async () => {
    const one = dialect('x', [comparison('y', { asks: 'KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE) -> ok = 0' })])
    const opened = measure([one], [column], async () => expect.unreachable())
    await expect(opened).rejects.toThrow(/^6\.12-max-gicv3: x: y:1: the table answers ok = 1/)
  })

  test('keeps nothing where the fault is ours', async () => {
    await expect(asked([comparison('y', { asks: 'KVM_RUM -> ok' })])).rejects.toThrow(/^6.*: x: y:1: .*"KVM_RUM"/)
  })
})

test('the command writes both, and refuses what cannot be', async () => {
  const folder = scratch()
  const { code, out } = await command('book', '--drafts', '--reports', folder)
  expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ dialects, \d+ comparisons, \d+ of them shown/)])
  for (const name of ['drafts.html', 'drafts.txt'])
    expect(readFileSync(join(folder, name), 'utf8')).toContain('Drafts of the KVM/arm64 ABI')
  for (const args of [
    ['--drafts', '--search'],
    ['--drafts', '--dialect', 'finalize-2019'],
    ['--measure', '--dialect', 'finalize-2019'],
    ['--drafts', '--reports', join(root, 'package.json')],
  ])
    expect(await command('book', ...args)).toEqual({
      code: 2,
      out: expect.any(String),
      err: expect.stringMatching(/^error: [^\n]+\n$/),
    })
})
