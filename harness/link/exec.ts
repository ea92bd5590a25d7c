/** Agents behind a command, or on a serial line. */
import { execFile } from 'node:child_process'
import { constants, openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import { promisify } from 'node:util'
import { UserError } from '../process/user-error.ts'
import { type Child, spawnChild } from '../process/child.ts'
import type { AgentLink } from './agent-link.ts'
import { openLink } from './link.ts'

/** How long the other side may take to have what is sent first, over a slow ssh. */
const COPY_MS = 120_000
/** How long a command that is lost has to end by itself, so that it says why. */
const END_MS = 500

const lastWords = async (child: Child): Promise<string> => {
  const how = await child.ended
  const said = child.stderr().trim().split('\n').slice(-3).join(' | ')
  return how + (said && `, after saying: ${said}`)
}

/** Sends the bytes and waits for "ready". Nothing may follow earlier: the other side's head(1) may read too far. */
const copied = async (name: string, child: Child, bytes: Uint8Array): Promise<void> => {
  const { stdin, stdout } = child.process
  let said = ''
  const hear = (chunk: Buffer): void => {
    said += chunk.toString('latin1')
  }
  stdout!.on('data', hear)
  stdin!.on('error', () => undefined)
  stdin!.write(bytes)
  const ready = new Promise<void>((resolve) => stdout!.on('data', () => said.endsWith('ready\n') && resolve()))
  const late = setTimeout(child.kill, COPY_MS)
  const failure = await Promise.race([ready, lastWords(child)])
  clearTimeout(late)
  stdout!.removeAllListeners('data')
  if (failure !== undefined) throw new UserError(`${name}: ${failure}`)
}

/**
 * Runs a command whose stdin and stdout are an agent. With `prelude`, those bytes are sent first, and the command says
 * "ready" when it has them. Rejects with a UserError, holding the end of the command's stderr, where no agent answers.
 */
export const openCommand = async (
  name: string,
  argv: string[],
  { prelude, patience }: { prelude?: Uint8Array; patience?: number } = {},
): Promise<AgentLink> => {
  const child = spawnChild(argv, ['pipe', 'pipe', 'pipe'])
  const { stdin, stdout } = child.process
  const postMortem = async () => {
    let stopped = false
    const late = setTimeout(() => {
      stopped = true
      child.kill()
    }, END_MS)
    const why = await lastWords(child)
    clearTimeout(late)
    return stopped ? {} : { why }
  }
  if (prelude) await copied(name, child, prelude)
  const link = await openLink({ input: stdin!, output: stdout!, name, postMortem, ...(patience && { patience }) })
  return {
    ...link,
    close: async () => {
      await link.close()
      child.kill()
      await child.ended
    },
  }
}

/** An agent started by a shell command. */
export const openExec = (command: string): Promise<AgentLink> =>
  openCommand(`exec:${command}`, ['/bin/sh', '-c', command])

/** An agent that already listens on the other end of a serial line, e.g. started by a board's init. */
export const openSerial = async (device: string, baud: number): Promise<AgentLink> => {
  const name = `serial:${device}`
  await promisify(execFile)('stty', ['-F', device, String(baud), 'raw', '-echo', 'clocal']).catch(
    (error: Error & { stderr?: string }) => {
      throw new UserError(`${name}: ${error.stderr?.trim() || error.message}`)
    },
  )
  const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK
  // Each stream closes its own descriptor.
  const output = new ReadStream(openSync(device, flags))
  const input = new WriteStream(openSync(device, flags))
  const link = await openLink({ input, output, name, window: 0, uart: 'running' })
  return {
    ...link,
    close: async () => {
      await link.close()
      output.destroy()
      input.destroy()
    },
  }
}
