/**
 * The supervisor: hands lines to a player, watches deadlines, and replaces a player that hangs or dies; the next one is
 * started ahead. It never touches /dev/kvm.
 */
import { constants, openSync, readSync } from 'node:fs'
import { constants as system } from 'node:os'
import { LOG_RECORD, logLines } from './log.ts'
import { now } from './progress.ts'
import { StartedPlayer } from './started-player.ts'

const MAX_LINE = 65536
/** How often a player that plays is looked at, at least. */
const LOOK_MS = 50
/** A task that sleeps uninterruptibly does not die; so long after the kill it is left behind. */
const LEFT_BEHIND_MS = 2000
/** Unanswered input, in bytes, from which no more is read. */
const MUCH = 1 << 20
const STARTS = 3

const openLog = (): number => {
  try {
    return openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    // Reads fail, and no log lines come.
    return openSync('/dev/null', 'w')
  }
}

/**
 * Serves the lines of `input` until it ends or says bye, and ends the process then. `script` is the player's; `cpu`, a
 * decimal number, is the core that players stay on.
 */
export const supervise = (script: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream, cpu?: string): void => {
  const log = openLog()
  const nothing = openSync('/dev/null', 'r+')
  const record = Buffer.alloc(LOG_RECORD)
  /** Lines without answer; the player at work has them all once it is ready. */
  const waiting: string[] = []
  let waitingBytes = 0
  let rest = ''
  let skipping = false
  let ended = false
  /** Answers of the player at work. */
  let answered = 0
  let watching = false
  let failedStarts = 0
  /** The deadline that the player at work was killed for. */
  let overdue = 0
  let leaving: NodeJS.Timeout | undefined

  const leave = (status: number): void => {
    current.kill()
    spare?.kill()
    process.exit(status)
  }

  const nextRecord = (): string | undefined => {
    for (;;) {
      try {
        const size = readSync(log, record)
        return size > 0 ? record.toString('latin1', 0, size) : undefined
      } catch (error) {
        // EPIPE: some were overwritten, the next read goes on.
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return undefined
      }
    }
  }

  const say = (text: string): void => {
    if (output.write(text, 'latin1')) return
    current.listen(false)
    output.once('drain', () => current.listen(true))
  }

  const start = (): StartedPlayer => {
    const player: StartedPlayer = new StartedPlayer(script, cpu, log, nothing, {
      ready: () => {
        failedStarts = 0
        if (player === current) goOn()
      },
      lines: (text) => hear(text),
      gone: (signal, status) => {
        if (!player.ready && status) return leave(1)
        if (!player.ready && ++failedStarts === STARTS) {
          process.stderr.write(`agent.ts: ${STARTS} players in a row were gone (${signal}) before they were ready\n`)
          return leave(1)
        }
        if (player === spare) spare = start()
        else if (player === current) replace(signal ? system.signals[signal as NodeJS.Signals] : 0)
      },
    })
    return player
  }

  /** The player at work has become ready, or another one that is ready has become it. */
  const goOn = (): void => {
    if (waiting.length) current.send(waiting.join(''))
    watch()
    spare ??= start()
  }

  const hear = (text: string): void => {
    for (const line of text.split('\n')) {
      if (!line || line.startsWith('log ')) continue
      waitingBytes -= waiting.shift()?.length ?? 0
      answered++
    }
    say(text)
    if (text.endsWith('bye\n') && /^bye$/m.test(text)) leave(0)
    if (waitingBytes < MUCH) input.resume()
    end()
  }

  /** Answers for the player, which is gone, where a line was at work: `died`, or `hung` where it was overdue. */
  const replace = (signal: number): void => {
    clearTimeout(leaving)
    const at = current.progress()
    current.close()
    // Where the list ended in the last moment and the kill met the next one, that one is begun again.
    const isHung = overdue > 0
    if (at && at.begun > answered && (!isHung || at.deadline === overdue)) {
      const [id, ...answers] = (at.text || '-').split(' ')
      const words = [isHung ? 'hung' : 'died', id, ...(isHung ? [] : [signal]), ...answers]
      say([...logLines(id!, nextRecord), words.join(' ')].join('\n') + '\n')
      waitingBytes -= waiting.shift()?.length ?? 0
    }
    overdue = 0
    answered = 0
    current = spare ?? start()
    spare = undefined
    if (current.ready) goOn()
    end()
  }

  const look = (): void => {
    watching = false
    const deadline = current.deadline()
    if (waiting.length === 0 || overdue) return
    if (deadline && now() > deadline) {
      overdue = deadline
      const late = current
      late.kill()
      leaving = setTimeout(() => {
        late.abandon()
        replace(0)
      }, LEFT_BEHIND_MS)
      return
    }
    watch(deadline ? deadline - now() + 1 : LOOK_MS)
  }

  const watch = (ms = LOOK_MS): void => {
    if (watching || waiting.length === 0) return
    watching = true
    setTimeout(look, Math.min(ms, LOOK_MS))
  }

  const end = (): void => {
    if (!ended || waiting.length) return
    if (rest && !skipping) say('bad - the last line has no newline\n')
    leave(0)
  }

  /** Takes the whole lines of the input; one that is too long is as good as whole as soon as that is known. */
  const take = (chunk: string): void => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    const lines: string[] = []
    for (const part of parts) {
      if (!skipping) lines.push(part.slice(0, MAX_LINE + 1) + '\n')
      skipping = false
    }
    if (skipping) rest = ''
    else if (rest.length > MAX_LINE) {
      lines.push(rest.slice(0, MAX_LINE + 1) + '\n')
      rest = ''
      skipping = true
    }
    if (lines.length === 0) return
    for (const line of lines) waitingBytes += line.length
    waiting.push(...lines)
    if (current.ready) current.send(lines.join(''))
    if (waitingBytes >= MUCH) input.pause()
    watch()
  }

  let spare: StartedPlayer | undefined
  let current = start()
  input.setEncoding('latin1')
  input.on('data', take)
  input.on('end', () => {
    ended = true
    end()
  })
  output.on('error', () => leave(1))
}
