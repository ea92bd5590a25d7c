/**
 * What happened to the machines of a run that no test reports, as outcomes and as notes, so that no death goes untold.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '../../reports/run/outcome.ts'
import { isFault } from '../model/kernel-log.ts'
import type { Pool } from '../targets/pool.ts'
import type { Incident } from '../targets/incident.ts'
import type { OpsList } from '../targets/job.ts'

/** How long a kernel has to complain of what was played last. */
const LATER_MS = 2000

/** The incidents that read alike, with their number. */
const alike = (incidents: readonly Incident[]): { first: Incident; times: number }[] => {
  const by = new Map<string, { first: Incident; times: number }>()
  for (const incident of incidents) {
    const key = `${incident.how} ${incident.hadWork} ${incident.why}`
    const known = by.get(key)
    if (known) known.times++
    else by.set(key, { first: incident, times: 1 })
  }
  return [...by.values()]
}

const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)

const describe = ({ how, hadWork }: Incident): string => {
  if (how === 'logged') return 'a kernel complained while nothing was played'
  const what = how === 'late' ? 'gave no answer in time and was replaced' : 'died'
  return `a machine ${what}${hadWork ? '' : ' while nothing was played'}`
}

/** One line for each kind of incident. */
export const notesOf = (incidents: readonly Incident[]): string[] =>
  alike(incidents).map(({ first, times: n }) => `${describe(first)}, ${times(n)}: ${first.why}`)

/** Plays the lists again, in their order on one machine; gives whether its kernel complains again, or it dies. */
const comesAgain = async ({ again }: Pool, before: readonly OpsList[]): Promise<boolean> => {
  for (const { ops, deadlineMs, trace } of before) {
    const { log, before: earlier = [] } = await again(ops, deadlineMs, trace)
    if ([...earlier, ...log].some(isFault)) return true
  }
  await sleep(LATER_MS)
  const { log, before: earlier = [] } = await again('', 10_000)
  return [...earlier, ...log].some(isFault)
}

const detailsOf = ({ log, before }: Incident): string[] => [
  ...log.map((line) => `kernel log: ${line}`),
  ...before.flatMap(({ trace, ops }, i) => [
    `played before it, list ${i + 1} of ${before.length}:`,
    ...(trace ?? ops).split('\n').map((l) => `  ${l}`),
  ]),
]

/**
 * Outcomes for what no test tells of. A kernel that complains, or dies of a fault, where no list was in play violates
 * if it does so again after the lists that came before; a death without a word of the kernel's is broken.
 */
export const outcomesOf = async (pool: Pool, target: string): Promise<Outcome[]> => {
  const outcomes: Outcome[] = []
  await pool.listen()
  // What is asked again here is an incident itself where it comes again.
  for (const { first, times: n } of alike([...pool.incidents])) {
    const isTheKernel = first.log.some(isFault)
    if (first.how === 'late' || (isTheKernel && first.hadWork)) continue
    const isSeenAgain = isTheKernel && (await comesAgain(pool, first.before))
    outcomes.push({
      suite: 'target',
      test: `${first.how}-${outcomes.length + 1}`,
      file: target,
      name: describe(first),
      names: [describe(first)],
      layer: 'sequence',
      isOutside: true,
      verdict: !isTheKernel ? 'broken' : isSeenAgain ? 'violates' : 'not reproduced',
      why: `${times(n)}: ${first.why}`,
      details: detailsOf(first),
      begun: Date.now(),
      ms: 0,
      lists: 0,
      calls: 0,
    })
  }
  return outcomes
}

/** The outcome of a target that could not be kept up. */
export const lossOf = (why: string, target: string): Outcome => {
  const name = 'the target could not be kept up, and the run ends'
  return {
    suite: 'target',
    test: 'gone',
    file: target,
    name,
    names: [name],
    layer: 'sequence',
    isOutside: true,
    verdict: 'broken',
    why,
    details: [],
    begun: Date.now(),
    ms: 0,
    lists: 0,
    calls: 0,
  }
}
