/** A player as its supervisor sees it: a process, lines to and from it, and how far it is. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'
import { FD_PROGRESS, FIRST_OWN_FD, HEAD, PENDING, RECORDS_AT, TEXT_AT } from './progress.ts'

/** What a player was at when it was last looked at. */
export interface Progress {
  /** Lines begun. */
  begun: number
  /** In ms of now(); 0 outside a list. */
  deadline: number
  /** The id of the line at work, and its answers so far, each after a space; empty where it has no id. */
  text: string
}

export interface Listener {
  /** Its first line has come. */
  ready(): void
  /** Whole lines, with their ends. */
  lines(text: string): void
  /** It is gone, and all it said was heard: by a signal's number, or with an exit status. */
  gone(signal: string | null, status: number | null): void
}

const RECORD = 64

/**
 * Starts one. `script` is what Node runs, `cpu` the core that it stays on, `log` and `nothing` are descriptors of the
 * kernel log and of /dev/null.
 */
export class StartedPlayer {
  ready = false
  private readonly child: ChildProcess
  private progressFile = -1
  private rest = ''
  private abandoned = false

  constructor(script: string, cpu: string | undefined, log: number, nothing: number, listener: Listener) {
    // Node's own descriptors come after these, so that lists begin with the same low numbers as in agent.c.
    const kept = Array.from({ length: FIRST_OWN_FD - FD_PROGRESS }, () => nothing)
    // All that a list makes is short-lived, so a small nursery does, and memory stays flat.
    const words = [String(process.pid), ...(cpu === undefined ? [] : [cpu])]
    this.child = spawn(process.execPath, ['--max-semi-space-size=1', '-e', script, '--', ...words], {
      stdio: ['pipe', 'pipe', 'inherit', log, ...kept],
      detached: true,
    })
    this.child.stdin!.on('error', () => {})
    this.child.stdout!.setEncoding('latin1').on('data', (chunk: string) => this.hear(chunk, listener))
    this.child.on('error', () => listener.gone(null, 1))
    // A child of op j may be left; it holds the pipe open.
    this.child.on('exit', () => this.kill())
    this.child.on('close', (status, signal) => {
      if (!this.abandoned) listener.gone(signal, status)
    })
  }

  private hear(chunk: string, listener: Listener): void {
    if (this.abandoned) return
    const text = this.rest + chunk
    const end = text.lastIndexOf('\n') + 1
    this.rest = text.slice(end)
    let from = 0
    if (!this.ready && end) {
      from = text.indexOf('\n') + 1
      try {
        this.progressFile = openSync(`/proc/${this.child.pid}/fd/${FD_PROGRESS}`, 'r')
      } catch {
        // It was killed meanwhile, or cannot be watched.
        return this.kill()
      }
      this.ready = true
      listener.ready()
    }
    if (end > from) listener.lines(text.slice(from, end))
  }

  send(text: string): void {
    this.child.stdin!.write(text, 'latin1')
  }

  /** Whether the player's answers are to be heard. */
  listen(on: boolean): void {
    if (on) this.child.stdout!.resume()
    else this.child.stdout!.pause()
  }

  kill(): void {
    try {
      process.kill(-this.child.pid!, 'SIGKILL')
    } catch {
      this.child.kill('SIGKILL')
    }
  }

  /** Hears nothing of it any more. */
  abandon(): void {
    this.abandoned = true
  }

  /** Where it is, or was; undefined where it never was ready. */
  progress(): Progress | undefined {
    if (this.progressFile < 0) return undefined
    const head = this.read(0, HEAD.size)
    const size = head.readUInt32LE(HEAD.text)
    let text = this.read(TEXT_AT, size).toString('latin1')
    const batch = head.readUInt32LE(HEAD.batch)
    if (batch && head.readUInt32LE(HEAD.batchText) === size) {
      const records = this.read(RECORDS_AT, batch * RECORD)
      for (let at = 0; at < records.length; at += RECORD) {
        if (records.readUInt32LE(at + 56) === PENDING && records.readUInt32LE(at + 60) === PENDING) break
        text += ` ${records.readInt32LE(at + 56)}`
      }
    }
    return { begun: head.readUInt32LE(HEAD.begun), deadline: head.readDoubleLE(HEAD.deadline), text }
  }

  /** The deadline alone, which is looked at often. */
  deadline(): number {
    return this.progressFile < 0 ? 0 : this.read(HEAD.deadline, 8).readDoubleLE()
  }

  private read(at: number, size: number): Buffer {
    const bytes = Buffer.alloc(size)
    readSync(this.progressFile, bytes, 0, size, at)
    return bytes
  }

  /** Forgets how far it was. */
  close(): void {
    if (this.progressFile >= 0) closeSync(this.progressFile)
    this.progressFile = -1
  }
}
