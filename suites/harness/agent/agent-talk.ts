/** Speaks to an agent line by line, as bluntly as a test of the protocol needs it. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { afterAll, onTestFinished } from 'vitest'
import { childrenOf } from '../../../harness/process/children.ts'

/** Starts one agent that speaks on its stdin and stdout. */
export type StartAgent = () => ChildProcessWithoutNullStreams

/** One agent under test: `ask` sends text and gives as many lines as the text has, without log lines. */
export interface Talk {
  pid: number
  send(text: string | Uint8Array): void
  end(): void
  line(): Promise<string>
  ask(text: string): Promise<string[]>
  logs: string[]
  exit: Promise<number | null>
}

/** Starts an agent for the running test and kills it when the test is over, or `afterwards`. */
export function talkTo(start: StartAgent, afterwards: (end: () => void) => void = onTestFinished): Talk {
  const child = start()
  afterwards(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  const logs: string[] = []
  let unfinished = ''
  let arrived = () => {}
  let ended = false
  child.stdout.setEncoding('latin1').on('data', (text: string) => {
    const parts = (unfinished + text).split('\n')
    unfinished = parts.pop() ?? ''
    for (const part of parts) (part.startsWith('log ') ? logs : lines).push(part)
    arrived()
  })
  child.stdout.on('close', () => {
    ended = true
    arrived()
  })
  child.stdin.on('error', () => {})
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const line = async () => {
    while (lines.length === 0) {
      if (ended) throw new Error(`the agent ended, last it said ${JSON.stringify(unfinished)}`)
      await new Promise<void>((resolve) => (arrived = resolve))
    }
    return lines.shift()!
  }
  const send = (text: string | Uint8Array) => void child.stdin.write(text)
  return {
    pid: child.pid!,
    send,
    end: () => void child.stdin.end(),
    line,
    logs,
    exit,
    async ask(text) {
      send(text)
      const answers: string[] = []
      for (let wanted = text.split('\n').length - 1; wanted > 0; wanted--) answers.push(await line())
      return answers
    },
  }
}

/** One agent for many tests, since to start one may take a second; another one, where that has ended. */
export const shared = (start: StartAgent): (() => Talk) => {
  let talk: Talk | undefined
  const afterwards = (end: () => void) => void ends.push(end)
  const ends: (() => void)[] = []
  afterAll(() => ends.forEach((end) => end()))
  return () => {
    if (talk) return talk
    talk = talkTo(start, afterwards)
    void talk.exit.then(() => {
      talk = undefined
    })
    return talk
  }
}

/** The descendants of a process that have no children themselves: of an agent, its player. */
export function leavesOf(pid: number): number[] {
  const children = childrenOf(pid)
  return children.length ? children.flatMap((child) => leavesOf(child.pid)) : [pid]
}

/** Waits: for what can only be seen from outside of the agent. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
