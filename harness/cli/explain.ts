/** `explain`: which rule answers a call, and why; one call, or line by line from a person or a file. */
import { Command } from 'commander'
import { createInterface } from 'node:readline'
import { explained } from '../../reports/book/explanation.ts'
import { ioctlsOf } from '../dialects/index.ts'
import type { Answer, Step } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import type { Release } from '../model/release.ts'
import { answersIn } from '../oracle/mock.ts'
import { worldAfter, type Past } from '../oracle/remedies.ts'
import { UserError } from '../process/user-error.ts'
import { lines as visible, oneLine } from '../process/visible.ts'
import { boot } from '../table/rules.ts'
import { withCreations } from '../table/creations.ts'
import { parse } from '../table/notation.ts'
import { hostAt } from './host-side.ts'
import { book, release, target } from './options.ts'
import { leave, screen } from './terminal.ts'
import { textOfLines } from './trace-file.ts'

const PROMPT = '> '

interface Of {
  host: Host
  release: Release
  book: string
}

/** Their answers, as they say themselves, and where they say nothing as the table answers. */
const pastOf = (steps: readonly Step[], of: Of): Past => {
  const calls = steps.map(({ call }) => call)
  if (steps.every(({ answer }) => !answer)) return { calls, answers: answersIn(boot(of.host, of.release), calls) }
  const answers: Answer[] = []
  for (const [i, { call, answer }] of steps.entries())
    answers.push(answer ?? answersIn(worldAfter(of, { calls: calls.slice(0, i), answers }), [call])[0]!)
  return { calls, answers }
}

/** Explains the last line of a trace; the lines before it are what happened before. */
const explainLast = (text: string, name: string, of: Of): boolean => {
  const ioctls = ioctlsOf(of.host)
  const steps = withCreations(parse(text, name, ioctls), undefined, ioctls)
  const last = steps.at(-1)
  if (!last)
    throw new UserError(`${name}: there is no call to explain; write a line of a trace, such as KVM_CREATE_VM(0)`)
  const { lines, isContradicted } = explained(of, pastOf(steps.slice(0, -1), of), last, of.book)
  screen.write(`${visible(lines).join('\n')}\n`)
  return isContradicted
}

/** Explains each line that comes; on a terminal a line that is wrong is told of, and the next one is waited for. */
const explainLines = async (before: string, of: Of): Promise<boolean> => {
  const isTerminal = process.stdin.isTTY === true
  const input = createInterface({ input: process.stdin, terminal: false })
  let text = before
  let isAnyContradicted = false
  if (isTerminal) screen.write(`A call in each line, as in a trace; Ctrl-D ends.\n${PROMPT}`)
  for await (const line of input) {
    const next = `${text}${line}\n`
    if (line.trim() !== '' && !line.trim().startsWith('#'))
      try {
        isAnyContradicted = explainLast(next, 'input', of) || isAnyContradicted
        text = next
      } catch (error) {
        if (!isTerminal || (error as Error).name !== 'UserError') throw error
        screen.write(`${oneLine((error as Error).message)}\n`)
      }
    if (isTerminal) screen.write(PROMPT)
  }
  return isAnyContradicted
}

interface Asked {
  after?: string
  target: string
  release?: Release
  book: string
}

export const explain = (): Command =>
  new Command('explain')
    .description('say which rule answers a call, where it is from, and what would have been granted')
    .argument('[line]', 'a line of a trace, with the answer that came or without; lines of standard input if left out')
    .option('--after <file>', 'what was called before: a trace; its answers are believed')
    .addOption(target())
    .addOption(release())
    .addOption(book())
    .addHelpText(
      'after',
      '\nExit status: 0 explained, 1 the table does not allow an answer that was given, 2 not understood.',
    )
    .action(async (line: string | undefined, { after, target, release: asked, book }: Asked) => {
      const host = await hostAt(target)
      const of: Of = { host, release: asked ?? host.kernel.release, book }
      const before = after === undefined ? '' : `${textOfLines(after).trimEnd()}\n`
      const isContradicted =
        line === undefined ? await explainLines(before, of) : explainLast(`${before}${line}\n`, 'line', of)
      leave(isContradicted ? 1 : 0)
    })
