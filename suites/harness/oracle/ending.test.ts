/** How a list ended is judged alike for a sequence, a law and calls in any order. */
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import type { Kernel, Playing } from '../../../harness/model/kernel.ts'
import { api } from '../../../harness/model/rule.ts'
import type { Report } from '../../../harness/model/verdict.ts'
import { badEndingOf } from '../../../harness/oracle/ending.ts'
import { mock } from '../../../harness/oracle/mock.ts'
import { judgedReport } from '../../../harness/suite/judged-report.ts'
import { runLaw } from '../../../harness/suite/law.ts'
import { runSequence } from '../../../harness/suite/sequence.ts'
import { parse } from '../../../harness/table/notation.ts'

const host = hostNamed('6.12-max-gicv3')
const { release } = host.kernel
const sound = mock(host)
const text = 'KVM_GET_API_VERSION -> ok = 12'
const WARNING = 'WARNING: CPU: 0 PID: 71 at arch/arm64/kvm/nobody.c:1 nothing+0x1/0x2'
const COMMON = 'kvm [1]: IPA Size Limit: 52 bits'

const endings: [string, Partial<Playing>, Pick<Report, 'verdict' | 'why' | 'log'> | undefined][] = [
  ['done', { log: [COMMON] }, undefined],
  [
    'done, with a fault in the log',
    { log: [COMMON, WARNING] },
    { verdict: 'violates', why: 'the kernel log complains', log: [WARNING] },
  ],
  ['lost', { outcome: 'lost', why: 'QEMU ended' }, { verdict: 'broken', why: 'lost: QEMU ended' }],
  [
    'lost, with a fault in the log',
    { outcome: 'lost', why: 'QEMU ended', log: [WARNING] },
    { verdict: 'violates', why: 'the kernel log complains; lost: QEMU ended', log: [WARNING] },
  ],
]

describe.each(endings)('%s', (_, ending, bad) => {
  const kernel: Kernel = { ...sound, play: async (calls) => ({ ...(await sound.play(calls)), ...ending }) }

  test('is judged', () => expect(badEndingOf({ outcome: 'done', log: [], ...ending })).toEqual(bad))

  test('is told by a sequence, a law and calls in any order', async () => {
    const reports = [
      await runSequence({ title: 'a sequence', text }, { kernel, release }),
      await runLaw({ title: 'a law', cite: api('4.1'), body: async ({ ask }) => void (await ask(text)) }, kernel),
      await judgedReport(
        { kernel, release },
        parse(text).map(({ call }) => call),
      ),
    ]
    for (const report of reports) {
      expect(report.why ?? '').toContain(bad?.why ?? '')
      expect([report.verdict === 'conforms', report.log]).toEqual([bad === undefined, bad?.log])
    }
  })
})
