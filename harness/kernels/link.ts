// The controller's end of the agent's line protocol (harness/agent/PROTOCOL.md), over any pair of streams.
import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import { Complaint } from '../complaint.ts'
import { type Greeting, type Played, decode, readGreeting, readOutcome } from './lines.ts'

export type { Greeting, Played } from './lines.ts'

export interface AgentLink {
  greeting: Greeting
  /**
   * Plays a list of ops; many may be under way. Rejects with Unplayed where the stream was lost before this list's
   * turn: it was not the cause and may be played elsewhere.
   */
  play(ops: string, deadlineMs: number): Promise<Played>
  /** Says bye; resolves when the other side has ended, or after a second. Lists not answered reject with Unplayed. */
  close(): Promise<void>
}

/** The stream ended before the list's turn came, or was closed. */
export class Unplayed extends Error {
  override name = 'Unplayed'
}

export interface AgentStream {
  input: Writable
  output: Readable
  /** Names the other side in messages. */
  name: string
  /** Bytes that may be sent ahead of the answers; at least one list is always sent. 64 KiB where not given. */
  window?: number
  /**
   * Where the stream is a UART, lines that are no answer are ignored. The agent of a booting machine greets
   * unasked, and nothing may be sent before; a running one is asked until it hears.
   */
  uart?: 'booting' | 'running'
  /** How long the greeting may take, in ms; 10 s where not given. */
  patience?: number
  /** How long after its deadline a list may stay unanswered until the agent counts as lost, in ms; 15 s by default. */
  grace?: number
  /**
   * Called once when the stream has ended, with the time (ms since 1970) when the lost list's turn began, for what is
   * known of the reason and for kernel log lines seen elsewhere since then.
   */
  postMortem?: (since: number) => Promise<{ why?: string, log?: string[] }>
}

interface Turn {
  id: string
  line: string
  deadlineMs: number
  since: number
  log: string[]
  resolve: (played: Played) => void
  reject: (error: Error) => void
}

const shown = (line: string) => JSON.stringify(line.length > 120 ? line.slice(0, 120) + '…' : line)

/** Greets the agent on the other side of the streams. Rejects with a Complaint where none answers. */
export const openLink = async (stream: AgentStream): Promise<AgentLink> => {
  const { input, output, name, window = 65536, uart, patience = 10_000, grace = 15_000 } = stream
  const noisy = uart !== undefined
  // Old answers may still be on a serial line, so each link has ids of its own.
  const prefix = randomBytes(3).toString('hex')
  const waiting: Turn[] = []
  const sent: Turn[] = []
  let count = 0
  let flying = 0
  let closing = false
  let greet: ((greeting: Greeting) => void) | undefined
  let ended: Promise<string> | undefined
  let farewell: () => void = () => undefined
  const gone = new Promise<void>(resolve => { farewell = resolve })
  let watchdog: NodeJS.Timeout | undefined
  let refuse: (error: Error) => void = () => undefined

  /** The stream is of no use any more: the first list on it is lost, the others never had their turn. */
  const end = (why: string): void => {
    if (ended) return
    clearInterval(watchdog)
    const others = [...sent.splice(0), ...waiting.splice(0)]
    const first = closing ? undefined : others.shift()
    ended = (async () => {
      const found = closing ? {} : await stream.postMortem?.(first?.since ?? 0)
        .catch((error: Error) => ({ why: error.message, log: [] }))
      const reason = `${name}: ${found?.why ?? why}`
      const known = new Set(first?.log.map(line => line.replace(/^\d+,/, '')))
      const log = [...first?.log ?? [], ...(found?.log ?? []).filter(line => !known.has(line.replace(/^\d+,/, '')))]
      first?.resolve({ outcome: 'lost', answers: [], log, why: reason })
      for (const other of others) other.reject(new Unplayed(reason))
      refuse(new Complaint(reason))
      farewell()
      return reason
    })()
  }

  const pump = (): void => {
    while (waiting[0] && (sent.length === 0 || flying + waiting[0].line.length <= window)) {
      const turn = waiting.shift()!
      if (sent.length === 0) turn.since = Date.now()
      flying += turn.line.length
      sent.push(turn)
      input.write(turn.line)
    }
  }

  const hear = (line: string): void => {
    if (greet) {
      const greeting = readGreeting(line)
      if (greeting) return greet(greeting)
      if (!noisy) end(`no agent: it greets with ${shown(line)}`)
      return
    }
    if (line.startsWith('log ')) {
      const [, id, ...words] = line.split(' ')
      if (id === sent[0]?.id) return void sent[0]?.log.push(decode(words.join(' ')))
    }
    const heard = readOutcome(line)
    const turn = sent[0]
    if (turn && heard && (heard.id === turn.id || (heard.id === '-' && heard.played.outcome === 'bad'))) {
      sent.shift()
      flying -= turn.line.length
      if (sent[0]) sent[0].since = Date.now()
      turn.resolve({ ...heard.played, log: turn.log })
      pump()
    } else if (!noisy && line !== 'bye') {
      end(`the agent said ${shown(line)} ${turn ? `when ${turn.id} was due` : 'unasked'}`)
    }
  }

  let rest = ''
  output.setEncoding('latin1')
  output.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (!ended) hear(noisy ? line.replaceAll('\r', '') : line)
  })
  for (const event of ['end', 'close']) output.on(event, () => end('the stream ended'))
  for (const side of [input, output]) side.on('error', (error: Error) => end(error.message))

  const greeting = await new Promise<Greeting>((resolve, reject) => {
    refuse = reject
    // The empty line ends whatever an earlier user left half written on a UART.
    const hello = () => { input.write(noisy ? '\nhello 1\n' : 'hello 1\n') }
    const again = uart === 'running' ? setInterval(hello, 2000) : undefined
    const late = setTimeout(() => end(`no agent greeted within ${patience / 1000} s`), patience)
    const settled = () => { clearInterval(again); clearTimeout(late); greet = undefined }
    greet = heard => { settled(); resolve(heard) }
    void gone.then(settled)
    if (!noisy) hello()
  })

  watchdog = setInterval(() => {
    const [turn] = sent
    if (turn && Date.now() - turn.since > turn.deadlineMs + grace)
      end(`no answer ${grace / 1000} s after the deadline of ${turn.deadlineMs} ms`)
  }, Math.min(grace / 4, 1000))
  watchdog.unref()

  return {
    greeting,
    play: async (ops, deadlineMs) => {
      if (ended) throw new Unplayed(await ended)
      return new Promise((resolve, reject) => {
        const id = `${prefix}${(count++).toString(36)}`
        const line = `play ${id} ${deadlineMs} ${ops}\n`
        waiting.push({ id, line, deadlineMs, since: 0, log: [], resolve, reject })
        pump()
      })
    },
    close: async () => {
      closing = true
      if (!ended) input.write('bye\n')
      const late = setTimeout(() => end('closed'), 1000)
      await gone
      clearTimeout(late)
    },
  }
}
