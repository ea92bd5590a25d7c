/**
 * The whole agent, built with sanitizers, through its pipes: every line has its answer, in order, and nothing is lost.
 */
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { writeWhole } from '../../process/files.ts'
import { UserError } from '../../process/user-error.ts'
import { sha256 } from '../../guest/cache.ts'
import { answerTo, idOf } from './model.ts'
import type { Fuzzed } from './player.ts'
import { type Session, session } from './session.ts'

const PATIENCE_MS = 60_000
const SIGKILL = 9

const shown = (text: string): string =>
  JSON.stringify(text.length > 160 ? `${text.slice(0, 120)}… (${text.length} bytes)` : text)

const killPlayer = (agent: number): void => {
  try {
    for (const pid of readFileSync(`/proc/${agent}/task/${agent}/children`, 'latin1').split(' ').filter(Boolean))
      process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** The lines that must be answered, and whether each came with its newline; after `bye` nothing is. */
const linesOf = (text: string): [line: string, isWhole: boolean][] => {
  const lines = text.split('\n').map((line, i, all): [string, boolean] => [line, i < all.length - 1])
  if (lines.at(-1)![0] === '') lines.pop()
  const bye = lines.findIndex(([line, isWhole]) => line === 'bye' && isWhole)
  return bye < 0 ? lines : lines.slice(0, bye + 1)
}

/**
 * What is wrong with the answers, or undefined. A player that was killed may cost one list its answers, not its line.
 */
const wrongIn = (session: Session, answers: readonly string[]): string | undefined => {
  const lines = linesOf(session.pieces.join(''))
  let kills = session.kill === null ? 0 : 1
  for (const [i, [line, isWhole]] of lines.entries()) {
    const answer = answers[i]
    if (answer === undefined) return `${shown(line)} has no answer`
    if (answerTo(line, isWhole).test(answer)) continue
    // Killed before it had read the id, it died at none.
    if (kills-- > 0 && new RegExp(`^died (${idOf(line) ?? '-'}|-) ${SIGKILL}( |$)`).test(answer)) continue
    return `${shown(line)} is answered by ${shown(answer)}`
  }
  return answers.length > lines.length ? `nobody asked for ${shown(answers[lines.length]!)}` : undefined
}

/** What the sanitizers found; their reports are files, since a player has no stderr. */
const findings = (folder: string): string | undefined => {
  for (const name of readdirSync(folder).filter((file) => file.startsWith('found.'))) {
    const report = readFileSync(join(folder, name), 'utf8')
    rmSync(join(folder, name))
    return (
      report
        .split('\n')
        .find((line) => /ERROR|runtime error/.test(line))
        ?.replace(/^=+\d+=+/, '') ?? name
    )
  }
  return undefined
}

/** Plays a session with the agent in `folder`. Gives what was wrong, in one line, or undefined. */
export const playSession = async (folder: string, session: Session): Promise<string | undefined> => {
  const options = `log_path=${join(folder, 'found')}:detect_leaks=0`
  const agent = spawn(join(folder, 'agent'), { env: { ASAN_OPTIONS: options, UBSAN_OPTIONS: options } })
  let said = '',
    complaints = ''
  const late = setTimeout(() => agent.kill('SIGKILL'), PATIENCE_MS)
  const ended = new Promise<string>((resolve) =>
    agent.on('close', (code, signal) => resolve(signal ?? `exit status ${code}`)),
  )
  agent.stdin.on('error', () => undefined)
  agent.stderr.setEncoding('latin1').on('data', (text: string) => {
    complaints += text
  })
  agent.stdout
    .setEncoding('latin1')
    .on('data', (text: string) => {
      said += text
    })
    .pause()
  const reading = sleep(session.lazy).then(() => agent.stdout.resume())
  for (const [i, piece] of session.pieces.entries()) {
    agent.stdin.write(piece, 'latin1')
    if (i === session.kill) killPlayer(agent.pid!)
    await sleep(0)
  }
  agent.stdin.end()
  await reading
  const how = await ended
  clearTimeout(late)
  const lines = said.split('\n')
  const rest = lines.pop()!
  return (
    findings(folder)
    ?? wrongIn(
      session,
      lines.filter((line) => !line.startsWith('log ')),
    )
    ?? (rest
      ? `the last answer is cut: ${shown(rest)}`
      : how !== 'exit status 0'
        ? `the agent ended with ${how}`
        : complaints
          ? `the agent complains: ${shown(complaints)}`
          : undefined)
  )
}

/** How the names of saved sessions begin. */
export const PIPES = 'pipes-'

/** Plays random sessions for a time; the shortest that breaks a promise is saved into `results`. */
export const fuzzPipes = async (folder: string, results: string, seconds: number): Promise<Fuzzed> => {
  let sessions = 0,
    lines = 0,
    found: { session: Session; wrong: string } | undefined
  await fc.check(
    fc.asyncProperty(session, async (drawn) => {
      const wrong = await playSession(folder, drawn)
      sessions++
      lines += linesOf(drawn.pieces.join('')).length
      if (wrong !== undefined) found = { session: drawn, wrong }
      return wrong === undefined
    }),
    { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1000 },
  )
  if (!found) return { said: `${sessions.toLocaleString('en')} sessions, ${lines.toLocaleString('en')} lines` }
  const text = JSON.stringify(found.session)
  const saved = join(results, `${PIPES}${sha256(Buffer.from(text)).slice(0, 16)}.json`)
  writeWhole(saved, text)
  return { said: found.wrong, saved }
}

const savedIn = (path: string): Session => {
  try {
    const { pieces, lazy, kill } = JSON.parse(readFileSync(path, 'utf8')) as Session
    return { pieces: pieces.map(String), lazy, kill }
  } catch (error) {
    throw new UserError(`${path}: not a session that fuzz has saved`, { cause: error })
  }
}

/** Plays a saved session again. Throws a UserError where the file holds none. */
export const replayPipes = async (folder: string, path: string): Promise<Fuzzed> => {
  const wrong = await playSession(folder, savedIn(path))
  return wrong === undefined ? { said: '1 session' } : { said: wrong, saved: path }
}
