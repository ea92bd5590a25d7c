/** Runs a command of the project inside a guest, whose own /dev/kvm is its target native. */
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../process/user-error.ts'
import { isFault } from '../model/kernel-log.ts'
import { checkMachine } from './check-machine.ts'
import { Console } from './console.ts'
import type { Entry } from './initramfs.ts'
import { fetchKernel } from './kernel.ts'
import { nativeImage, nativeSystem } from './native-image.ts'
import { startQemu } from './qemu.ts'
import { type Target, printTarget } from '../model/target.ts'

/** How the command ended in the guest: its exit status, and the files that it left in /reports. */
export interface Ran {
  status: number
  files: Map<string, Buffer>
}

const NUL = 0,
  NEWLINE = 10

/** Reads what follows the output: the status, each file after a line of its name and size, a full stop. */
export const readReports = (bytes: Buffer): Ran | undefined => {
  let at = 0
  const line = (): string | undefined => {
    const end = bytes.indexOf(NEWLINE, at)
    if (end < 0) return undefined
    const text = bytes.toString('utf8', at, end)
    at = end + 1
    return text
  }
  const status = Number(line())
  const files = new Map<string, Buffer>()
  for (let text = line(); text !== undefined; text = line()) {
    if (text === '.') return { status, files }
    const [, name, size] = /^(.*) (\d+)$/.exec(text) ?? []
    if (name === undefined || at + Number(size) > bytes.length) return undefined
    files.set(name, bytes.subarray(at, (at += Number(size))))
  }
  return undefined
}

/** When it says nothing for so long, it hangs; a run says nothing while it plays. */
const PATIENCE_MS = 3_600_000

/**
 * Runs `command` (argv, in the project's folder) in a guest of `target`, hands on what it says, and gives what it left.
 * Rejects with a UserError, with the end of the console, where the guest does not get that far, or at `signal`.
 */
export const runInGuest = async (
  target: Extract<Target, { kind: 'qemu' }>,
  command: string[],
  hear: (text: Buffer) => void,
  { signal, more }: { signal?: AbortSignal; more?: Entry[] } = {},
): Promise<Ran> => {
  if (!('release' in target.kernel))
    throw new UserError(
      `${printTarget(target)}: the project itself runs only in guests with a kernel of Debian's, such as qemu:6.12`,
    )
  const name = `native in ${printTarget(target)}`
  await checkMachine(name, target.machine)
  const system = await nativeSystem()
  const { image, modules } = await fetchKernel(target.kernel.release)
  const initrd = await nativeImage(system, command, modules, more)
  const { child, uart, port } = startQemu({ name, image, initrd, machine: target.machine })
  const console = new Console()
  uart.on('data', (chunk: Buffer) => console.hear(chunk))
  const stop = () => child.kill()
  const late = setTimeout(stop, PATIENCE_MS)
  signal?.addEventListener('abort', stop)
  try {
    // The guest waits for its controller to speak first.
    port.write('\n')
    const reports: Buffer[] = []
    let inReports = false
    const ran = await new Promise<Ran | undefined>((resolve) => {
      port.on('data', (chunk: Buffer) => {
        const end = inReports ? 0 : chunk.indexOf(NUL) + 1 || chunk.length + 1
        if (end > 1) hear(chunk.subarray(0, end - 1))
        if (end > chunk.length) return
        inReports = true
        reports.push(chunk.subarray(end))
        if (chunk.toString('latin1').endsWith('.\n')) {
          const all = readReports(Buffer.concat(reports))
          if (all) resolve(all)
        }
      })
      void child.ended.then(() => resolve(undefined))
    })
    if (ran) return ran
    if (signal?.aborted) throw new UserError(`${name}: interrupted`)
    const lines = console.text().trim().split('\n')
    const fault = lines.find(isFault) ?? lines.slice(-3).join(' | ')
    throw new UserError(`${name}: it ended (${await child.ended}) before its command did; its console: ${fault}`)
  } finally {
    clearTimeout(late)
    signal?.removeEventListener('abort', stop)
    child.kill()
    await child.ended
    rmSync(dirname(initrd), { recursive: true, force: true })
  }
}
