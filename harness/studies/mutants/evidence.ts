/**
 * What each layer does on a sound kernel, by the rows that decide there. The first answer in which a mutant differs is
 * one that the mutated row decided: where no such row decides, nothing of that layer can notice.
 */
import fc from 'fast-check'
import type { Answer, Call } from '../../model/call.ts'
import { deciding } from '../../oracle/coverage.ts'
import type { Host } from '../../model/host.ts'
import { mock } from '../../oracle/mock.ts'
import { turns } from '../../oracle/turns.ts'
import type { Kernel } from '../../model/kernel.ts'
import type { Law } from '../../model/law.ts'
import { runLaw } from '../../suite/law.ts'
import { anyCalls } from '../../generate/any-calls.ts'
import { boot } from '../../table/rules.ts'
import { runSequence, type Sequence } from '../../suite/sequence.ts'

/** A list that was played, and what a sound kernel answers. */
export interface PlayedEvidence {
  calls: readonly Call[]
  answers: readonly Answer[]
}

/** The one that is drawn as the so many-th, from 0 on. */
export interface RandomEvidence extends PlayedEvidence {
  number: number
}

/** One thing of a layer that may notice, with the lists in which the row decides. */
export interface Witness<Of> {
  of: Of
  lists: PlayedEvidence[]
  cost: number
}

type Index<Of> = Map<string, Witness<Of>[]>

export interface Evidence {
  host: Host
  sequences: Index<Sequence>
  laws: Index<Law>
  random: Map<string, RandomEvidence[]>
}

const playedBy = (host: Host, calls: readonly Call[]): { played: PlayedEvidence; rows: Set<string> } => {
  const world = boot(host)
  const rows = new Set<string>()
  const answers: Answer[] = []
  for (const { call, table, answer } of turns(world, calls)) {
    const row = deciding(world, call, table)
    if (row) rows.add(row.id)
    answers.push(answer)
  }
  return { played: { calls, answers }, rows }
}

/** Runs each thing on a sound kernel, and notes in which of its lists which rows decide; cheap ones come first. */
const indexed = async <Of>(
  host: Host,
  things: readonly Of[],
  run: (thing: Of, on: Kernel) => Promise<boolean>,
): Promise<Index<Of>> => {
  const index: Index<Of> = new Map()
  const sound = mock(host)
  for (const of of things) {
    const lists: Call[][] = []
    const begun = performance.now()
    const holds = await run(of, {
      ...sound,
      play: (calls) => {
        lists.push([...calls])
        return sound.play(calls)
      },
    })
    if (!holds) continue
    const cost = performance.now() - begun
    const own = new Map<string, Witness<Of>>()
    for (const { played, rows } of lists.map((calls) => playedBy(host, calls)))
      for (const row of rows) {
        const witness = own.get(row) ?? { of, lists: [], cost }
        witness.lists.push(played)
        own.set(row, witness)
      }
    for (const [row, witness] of own) index.set(row, [...(index.get(row) ?? []), witness])
  }
  for (const witnesses of index.values()) witnesses.sort((a, b) => a.cost - b.cost)
  return index
}

/** The evidence on one host: all sequences and laws that hold there, and `runs` random sequences. */
export const gather = async (
  host: Host,
  { sequences, laws, runs, seed }: { sequences: readonly Sequence[]; laws: readonly Law[]; runs: number; seed: number },
): Promise<Evidence> => {
  const random = new Map<string, RandomEvidence[]>()
  for (const [number, calls] of fc.sample(anyCalls(12, { host }), { numRuns: runs, seed }).entries()) {
    const { played, rows } = playedBy(host, calls)
    for (const row of rows) {
      const some = random.get(row)
      if (some) some.push({ ...played, number })
      else random.set(row, [{ ...played, number }])
    }
  }
  const { release } = host.kernel
  return {
    host,
    random,
    sequences: await indexed(
      host,
      sequences,
      async (one, on) => (await runSequence(one, { kernel: on, release })).verdict === 'conforms',
    ),
    laws: await indexed(host, laws, async (one, on) => (await runLaw(one, on)).verdict === 'conforms'),
  }
}
