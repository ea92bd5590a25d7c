/**
 * Whether a layer notices a mutant on a host: an answer that a test calls wrong, or, of random calls, one that drifts.
 */
import type { Answer, Call } from '../../model/call.ts'
import { judged } from '../../oracle/judge.ts'
import { answersIn } from '../../oracle/mock.ts'
import type { Kernel } from '../../model/kernel.ts'
import { runLaw } from '../../suite/law.ts'
import type { Mutant } from './mutate.ts'
import { fastRuns } from '../../model/settings.ts'
import { boot } from '../../table/rules.ts'
import { runSequence } from '../../suite/sequence.ts'
import type { Evidence, PlayedEvidence, Witness } from './evidence.ts'
import type { MutantLayer } from './layers.ts'

/**
 * wrong: answers that are said to be wrong. drifts: another of several reasons decided, which fails no run unless it is
 * strict. known: the mutant answers like a kernel with a known bug, and is called so.
 */
export type Noticed = 'wrong' | 'drifts' | 'known'

const sameList = (a: readonly bigint[] | undefined, b: readonly bigint[] | undefined) =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((id, i) => id === b[i]))
const same = (a: Answer, b: Answer) => a.ret === b.ret && a.value === b.value && sameList(a.list, b.list)

/** A rule that was forgotten may have kept others from what is not there; such a mutant says that all is well. */
const answering = ({ host }: Evidence, { rules }: Mutant, calls: readonly Call[]): Answer[] => {
  const world = boot(host, host.kernel.release, rules)
  return calls.map((call) => {
    try {
      return answersIn(world, [call])[0]!
    } catch {
      return { ret: 0 }
    }
  })
}

/** The mutant's answers, where they differ from those of a sound kernel. */
const otherAnswers = (evidence: Evidence, mutant: Mutant, { calls, answers }: PlayedEvidence): Answer[] | undefined => {
  const came = answering(evidence, mutant, calls)
  return came.every((answer, i) => same(answer, answers[i]!)) ? undefined : came
}

const firstThat = async <Of>(
  evidence: Evidence,
  mutant: Mutant,
  witnesses: readonly Witness<Of>[],
  notices: (of: Of) => Promise<boolean>,
): Promise<Noticed | undefined> => {
  for (const { of, lists } of witnesses)
    if (lists.some((played) => otherAnswers(evidence, mutant, played)) && (await notices(of))) return 'wrong'
  return undefined
}

const byRandom = (evidence: Evidence, mutant: Mutant, runs = Infinity): Noticed | undefined => {
  const { host } = evidence
  let noticed: Noticed | undefined
  for (const played of evidence.random.get(mutant.row.id) ?? []) {
    if (played.number >= runs) break
    const answers = otherAnswers(evidence, mutant, played)
    if (!answers) continue
    const { verdict } = judged(host, host.kernel.release, played.calls, { answers, outcome: 'done', log: [] })
    if (verdict === 'violates') return 'wrong'
    if (verdict === 'drifts') noticed = 'drifts'
    if (verdict === 'known') noticed ??= 'known'
    // Where two rows apply both their answers are allowed: more sequences would not show more.
    if (noticed === 'drifts' && mutant.kind === 'swapped') return noticed
  }
  return noticed
}

/** Whether the layer notices the mutant on the host of the evidence, and how. */
export const notices = async (layer: MutantLayer, evidence: Evidence, mutant: Mutant): Promise<Noticed | undefined> => {
  const kernel: Kernel = {
    host: evidence.host,
    play: async (calls) => ({ answers: answering(evidence, mutant, calls), outcome: 'done', log: [] }),
    close: async () => {},
  }
  const { release } = evidence.host.kernel
  const id = mutant.row.id
  if (layer === 'any order') return byRandom(evidence, mutant)
  return layer === 'sequences'
    ? firstThat(
        evidence,
        mutant,
        evidence.sequences.get(id) ?? [],
        async (one) => (await runSequence(one, { kernel, release })).verdict === 'violates',
      )
    : firstThat(
        evidence,
        mutant,
        evidence.laws.get(id) ?? [],
        async (one) => (await runLaw(one, kernel)).verdict === 'violates',
      )
}

/** Whether so many random sequences as `run --fast` plays notice the mutant. */
export const fewNotice = (evidence: Evidence, mutant: Mutant): boolean =>
  byRandom(evidence, mutant, fastRuns) !== undefined

/** Whether the layer has anything on that host in which the mutated row decides. */
export const canTell = (layer: MutantLayer, { sequences, laws, random }: Evidence, { row: { id } }: Mutant): boolean =>
  (layer === 'sequences' ? sequences : layer === 'laws' ? laws : random).has(id)
