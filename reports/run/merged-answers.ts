/** answers.jsonl of a run that was played in shards: their lists, one shard after the other, under the run's own id. */
import { readLines } from './jsonl.ts'
import { ANSWERS, answersReport, withRun } from './answers.ts'
import type { Folder } from './folder.ts'
import type { Listener } from './listener.ts'

/** Writes the file into `to`, for the run of that id; it says that it is all only where `isWhole`. */
export const mergedAnswersReport = (to: Folder, id: string, files: readonly string[], isWhole: boolean): Listener => {
  const own = answersReport(to, id)
  return {
    ...own,
    start(run) {
      own.start!(run)
      for (const file of files)
        for (const text of readLines(file).lines.slice(1)) {
          const line = withRun(text, id)
          if (line !== undefined) to.append(ANSWERS, `${line}\n`)
        }
    },
    end: (outcomes, ending) => (isWhole ? own.end!(outcomes, ending) : undefined),
  }
}
