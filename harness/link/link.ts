/** The controller's end of the agent's line protocol (harness/agent/PROTOCOL.md), over any pair of streams. */
import { randomBytes } from 'node:crypto'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { type AgentLink, type AgentStream, type Death, UnplayedError } from './agent-link.ts'
import { type Greeting, type Played, decode, misfit, readGreeting, readOutcome, shapeOf } from './lines.ts'
import { postMortem } from './post-mortem.ts'
import { shrink } from './shrink.ts'
import { splitLines } from './split-lines.ts'
import { Turns, type Turn } from './turns.ts'
import { Watchdog } from './watchdog.ts'

/** The longest answer: 0x1ff000 bytes that were read back, in hex. */
const LONGEST_LINE = 5 << 20
/** Kernel log lines kept of one list; an agent sends 257 at most. */
const MOST_LOG = 1000
/** How long the other side has to end after bye. */
const CLOSE_MS = 1000
/** How often an agent on a UART is asked until it hears. */
const ASK_AGAIN_MS = 2000
/** What AgentStream says of window, patience and grace where it does not. */
const WINDOW = 64 << 10
const PATIENCE_MS = 10_000
const GRACE_MS = 15_000
/** The watchdog looks at least so often, and four times in the shortest of the times that it waits. */
const LOOK_MS = 1000

/** greeting: nothing was heard yet; open: lists are played; closing: bye was said; ended: the stream is of no use. */
type State = 'greeting' | 'open' | 'closing' | 'ended'

class Link implements Omit<AgentLink, 'greeting'> {
  readonly greeted: Promise<Greeting>
  readonly ended: Promise<Death>
  readonly #stream: AgentStream
  readonly #noisy: boolean
  // Old answers may still be on a serial line, so each link has ids of its own.
  readonly #prefix = randomBytes(3).toString('hex')
  #state: State = 'greeting'
  #count = 0
  readonly #turns: Turns
  /** Log lines that came while nothing was played, since the last answer. */
  #idleLog: string[] = []
  /** When the list in play began or, where none is, when the last answer came. */
  #since = Date.now()
  readonly #watchdog: Watchdog
  #again: NodeJS.Timeout | undefined
  #greet!: (greeting: Greeting) => void
  #refuse!: (error: Error) => void
  #bury!: (death: Death | Promise<Death>) => void

  constructor(stream: AgentStream) {
    const { input, output, uart, window = WINDOW, patience = PATIENCE_MS, grace = GRACE_MS } = stream
    this.#stream = stream
    this.#noisy = uart !== undefined
    this.#turns = new Turns(window)
    this.greeted = new Promise((resolve, reject) => {
      this.#greet = resolve
      this.#refuse = reject
    })
    this.ended = new Promise((resolve) => {
      this.#bury = resolve
    })
    output.on(
      'data',
      splitLines(
        LONGEST_LINE,
        (line) => this.#hear(line),
        () => this.#end(`a line is longer than ${LONGEST_LINE} bytes`),
      ),
    )
    for (const event of ['end', 'close']) output.on(event, () => this.#end('the stream ended'))
    for (const side of [input, output]) side.on('error', (error: Error) => this.#end(error.message))
    this.#watchdog = new Watchdog(
      Math.min(grace / 4, patience / 4, LOOK_MS),
      () => this.#state !== 'open' || this.#turns.first !== undefined,
      () => stream.starved?.() ?? 0,
      (waited) => this.#giveUpAfter(waited, patience, grace),
    )
    // The empty line ends whatever an earlier user left half written on a UART.
    const hello = () => {
      input.write(this.#noisy ? '\nhello 1\n' : 'hello 1\n')
    }
    if (uart === 'running') this.#again = setInterval(hello, ASK_AGAIN_MS)
    if (uart !== 'booting') hello()
  }

  /** Gives up on an agent that has been silent for so long. */
  #giveUpAfter(waited: number, patience: number, grace: number): void {
    const { deadlineMs = 0 } = this.#turns.first ?? {}
    if (this.#state === 'greeting' && waited > patience) this.#end(`no agent greeted within ${patience / 1000} s`, true)
    else if (this.#state === 'open' && waited > deadlineMs + grace)
      this.#end(`no answer ${grace / 1000} s after the deadline of ${deadlineMs} ms`, true)
  }

  /** The stream is of no use any more: the first list on it is lost, the others never had their turn. */
  #end(why: string, isLate = false): void {
    if (this.#state === 'ended') return
    const isClosed = this.#state === 'closing'
    this.#state = 'ended'
    this.#watchdog.stop()
    clearInterval(this.#again)
    const others = this.#turns.drain()
    const first = isClosed ? undefined : others.shift()
    const heard = [...this.#idleLog, ...(first?.log ?? [])]
    const death = postMortem(this.#stream, this.#since, heard, { why, hadWork: first !== undefined, isClosed, isLate })
    void death.then(({ why: reason, log }) => {
      first?.resolve({ outcome: 'lost', answers: [], log, why: reason })
      for (const other of others) other.reject(new UnplayedError(reason))
      this.#refuse(new UserError(reason))
    })
    this.#bury(death)
  }

  #pump(): void {
    for (let turn; (turn = this.#turns.next());) {
      if (turn === this.#turns.first) this.#begin()
      this.#stream.input.write(turn.line)
    }
  }

  #begin(): void {
    this.#since = Date.now()
    this.#watchdog.restart()
  }

  #hear(text: string): void {
    const line = this.#noisy ? text.replaceAll('\r', '') : text
    if (this.#state === 'ended') return
    if (this.#state === 'greeting') return this.#hearGreeting(line)
    if (line.startsWith('log ') && this.#hearLog(line)) return
    const turn = this.#turns.first
    const heard = readOutcome(line)
    const isMine = heard && turn && (heard.id === turn.id || (heard.id === '-' && heard.played.outcome === 'bad'))
    if (isMine) return this.#answer(turn, heard.played)
    if (!this.#noisy && line !== 'bye')
      this.#end(`the agent said ${quoted(line)} ${turn ? `when ${turn.id} was due` : 'unasked'}`)
  }

  #hearGreeting(line: string): void {
    const greeting = readGreeting(line)
    // What the kernel logged before the agent was asked.
    if (line.startsWith('log - ')) return void this.#hearLog(line)
    if (!greeting) return this.#noisy ? undefined : this.#end(`no agent: it greets with ${quoted(line)}`)
    clearInterval(this.#again)
    this.#state = 'open'
    this.#begin()
    this.#greet(greeting)
  }

  #hearLog(line: string): boolean {
    const [, id, ...words] = line.split(' ')
    const to = id === '-' ? this.#idleLog : id === this.#turns.first?.id ? this.#turns.first!.log : undefined
    if (to && to.length < MOST_LOG) to.push(decode(words.join(' ')))
    return to !== undefined
  }

  #answer(turn: Turn, played: Omit<Played, 'log'>): void {
    const wrong = played.outcome === 'bad' ? undefined : misfit(turn.shape, played)
    if (wrong !== undefined) return this.#end(`the agent ${wrong}`)
    this.#turns.drop()
    this.#begin()
    const before = this.#idleLog.splice(0)
    turn.resolve({ ...played, log: turn.log, ...(before.length > 0 && { before }) })
    this.#pump()
  }

  async play(ops: string, deadlineMs: number): Promise<Played> {
    if (this.#state === 'ended') throw new UnplayedError((await this.ended).why)
    return new Promise((resolve, reject) => {
      const id = `${this.#prefix}${(this.#count++).toString(36)}`
      const rest = ` ${deadlineMs}${ops && ' '}${ops}`
      const line = `play ${id}${this.#noisy ? shrink(rest) : rest}\n`
      this.#turns.add({ id, line, shape: shapeOf(ops), deadlineMs, log: [], resolve, reject })
      this.#pump()
    })
  }

  async close(): Promise<void> {
    if (this.#state !== 'ended') {
      this.#state = 'closing'
      // On a board the agent stays for the next run.
      if (this.#stream.uart === 'running') this.#end('closed')
      else this.#stream.input.write('bye\n')
    }
    const late = setTimeout(() => this.#end('closed'), CLOSE_MS)
    await this.ended
    clearTimeout(late)
  }
}

/** Greets the agent on the other side of the streams. Rejects with a UserError where none answers. */
export const openLink = async (stream: AgentStream): Promise<AgentLink> => {
  const link = new Link(stream)
  const greeting = await link.greeted
  return { greeting, ended: link.ended, play: (ops, ms) => link.play(ops, ms), close: () => link.close() }
}
