/** `judge`: the verdict on answers that were recorded earlier, maybe elsewhere. */
import { Command } from 'commander'
import { readAnswers } from '../../reports/run/answers.ts'
import { detailsOf } from '../../reports/run/outcome.ts'
import { grouped, many } from '../../reports/run/words.ts'
import { homeOf } from '../../reports/run/verdicts.ts'
import { UserError } from '../process/user-error.ts'
import { readHost } from '../model/host-schema.ts'
import { judged } from '../oracle/judge.ts'
import { print } from '../table/notation.ts'
import { verdicts, type Verdict } from '../model/verdict.ts'
import { lines, oneLine } from '../process/visible.ts'
import { release, strict } from './options.ts'
import { leave, screen } from './terminal.ts'

/** Judges a file of answers list by list. Gives the exit code. */
const judgeFile = (file: string, isStrict: boolean, asked?: string, hostFile?: string): number => {
  const { header, played, missing } = readAnswers(file)
  if (played.length === 0)
    throw new UserError(`${file}: no answers are in it${missing === undefined ? '' : ` (${missing})`}`)
  const host = hostFile === undefined ? header.host : readHost(hostFile)
  const as = asked ?? (hostFile === undefined ? header.release : host.kernel.release)
  const counts = new Map<Verdict, number>(verdicts.map((v) => [v, 0]))
  const ends = { passed: 0, failed: 0, skipped: 0 }
  for (const { test, calls, playing } of played) {
    const { verdict, steps, why, allowed, log } = judged(host, as, calls, playing)
    counts.set(verdict, counts.get(verdict)! + 1)
    const end = homeOf(verdict, isStrict).counts
    ends[end]++
    if (end !== 'failed') continue
    screen.write(
      [
        `${verdict}: ${oneLine(test)}`,
        ...(why ? [`  ${oneLine(why)}`] : []),
        ...lines(detailsOf({ trace: print(steps), ...(allowed && { allowed }), ...(log && { log }) })).map(
          (l) => `    ${l}`,
        ),
        '',
        '',
      ].join('\n'),
    )
  }
  const calls = played.reduce((n, p) => n + p.playing.answers.length, 0)
  screen.write(
    [
      `${'answers'.padEnd(12)} ${many(played.length, 'list')}, ${many(calls, 'call')}, of ${oneLine(header.target)}`,
      `${'judged as'.padEnd(12)} Linux ${as} on host ${oneLine(host.name)}`,
      ...(missing === undefined ? [] : [`${'incomplete'.padEnd(12)} ${missing}`]),
      '',
      ...verdicts.filter((v) => counts.get(v)! > 0).map((v) => `${v.padEnd(15)}${grouped(counts.get(v)!).padStart(6)}`),
      '',
      `${ends.passed} passed, ${ends.failed} failed, ${ends.skipped} skipped`,
      '',
    ].join('\n'),
  )
  if (counts.get('violates')! > 0 || (isStrict && counts.get('drifts')! > 0)) return 1
  return ends.failed > 0 || missing !== undefined ? 2 : ends.passed === 0 ? 4 : 0
}

export const judge = (): Command =>
  new Command('judge')
    .description('judge answers that a run recorded, without playing')
    .argument('<file>', 'an answers.jsonl')
    .addOption(release())
    .addOption(strict())
    .option('--host <file>', 'judge by this host profile, not the recorded one')
    .addHelpText(
      'after',
      `
The console of a board that played a file of \`compile\` is judged by \`run --target console:FILE\`.

Exit status: 0 conforms, 1 violates, 2 the file is incomplete or could not be judged, 4 everything was skipped.`,
    )
    .action((file: string, said: { release?: string; strict?: true; host?: string }) =>
      leave(judgeFile(file, said.strict === true, said.release, said.host)),
    )
