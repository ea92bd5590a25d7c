/** Boots a real arm64 kernel in QEMU, which emulates EL2 on any machine, with the agent as its init. */
import { type Duplex, PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../process/user-error.ts'
import { isFatal, isFault } from '../model/kernel-log.ts'
import type { AgentLink } from '../link/agent-link.ts'
import { openLink } from '../link/link.ts'
import { starvation } from '../link/starvation.ts'
import { lastWords } from './boot-failure.ts'
import { type Child, spawnChild } from '../process/child.ts'
import { Console } from './console.ts'
import { machineArguments } from './machine.ts'
import type { Prepared } from './prepare.ts'

/** A link to the agent of a running guest. */
export interface Guest extends AgentLink {
  /** The process id of QEMU. */
  pid: number
  /** The end of what the kernel wrote to its console. */
  console(): string
  /** Sends a magic SysRq key (Documentation/admin-guide/sysrq.rst) over the UART: 'c' crashes the kernel. */
  sysrq(key: string): void
  /** Ends QEMU at once; close() is the kind way. */
  kill(): void
}

// 4 ns an instruction, about what the emulation takes: a second is as much work as in a guest whose time is not
// counted.
const COUNTED = ['-icount', 'shift=2']

/** How long a kernel may take to boot until its agent greets: on any cpu, and on cpu=max. */
const PATIENCE_MS = 120_000
const PATIENCE_OF_MAX_MS = 60_000

/** How long QEMU has to end by itself, and how long a guest that still runs has to tell which tasks are blocked. */
const END_MS = 300
const TELL_MS = 1000

/** The command line of a guest. */
export const qemuCommand = ({ image, initrd, tree, machine, isCounted }: Prepared): string[] => [
  'qemu-system-aarch64',
  ...machineArguments(machine),
  ...(isCounted ? COUNTED : []),
  '-no-reboot',
  '-kernel',
  image,
  '-initrd',
  initrd,
  ...(tree === undefined ? [] : ['-dtb', tree]),
  // panic=-1 and -no-reboot end QEMU when the kernel panics; warnings and worse go to the console.
  '-append',
  [
    'console=ttyAMA0 panic=-1 loglevel=5 sysrq_always_enabled',
    ...(machine.channel === 'uart' ? ['kvm_arm64_abi.channel=uart'] : []),
    machine.append,
  ]
    .join(' ')
    .trim(),
  // Both ends are socket pairs, so no file is left behind; mux=on is what lets BREAK be sent.
  '-chardev',
  'socket,id=uart,fd=3,mux=on',
  '-serial',
  'chardev:uart',
  ...(machine.channel === 'uart'
    ? []
    : [
        '-device',
        'virtio-serial-pci',
        '-chardev',
        'socket,id=agent,fd=4',
        '-device',
        'virtserialport,chardev=agent,name=kvm-arm64-abi',
      ]),
]

/** What is known when a guest is gone: its console since the list began, and how QEMU ended. */
const examine = async (child: Child, console: Console, sysrq: (key: string) => void, since: number) => {
  const running = await Promise.race([child.ended.then(() => false), sleep(END_MS, true)])
  // A guest that still runs tells which tasks are blocked, at the highest log level, before it is killed.
  if (running) for (const key of '9w') sysrq(key)
  const late = setTimeout(child.kill, TELL_MS)
  const how = await child.ended
  clearTimeout(late)
  const log = console.since(since)
  const said = child.stderr().trim().split('\n').at(-1)
  const why =
    log.find(isFatal) ?? log.find(isFault) ?? (running ? undefined : `QEMU ended (${how})${said && `: ${said}`}`)
  return { why, log: log.map((line) => `4,${line}`) }
}

/** Starts QEMU: the ends of the guest's UART and of its virtio port. */
export const startQemu = (prepared: Prepared): { child: Child; uart: Duplex; port: Duplex } => {
  const child = spawnChild(qemuCommand(prepared), ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'])
  const [uart, port] = child.process.stdio.slice(3) as unknown as [Duplex, Duplex]
  for (const side of [uart, port]) side.on('error', () => undefined)
  return { child, uart, port }
}

/** Boots a guest and greets its agent. Rejects with a UserError, with the end of the console, where it stays down. */
export const bootGuest = async (prepared: Prepared): Promise<Guest> => {
  const { name, machine } = prepared
  const { child, uart, port } = startQemu(prepared)
  const console = new Console()
  const heard = new PassThrough()
  // Undefined until the agent has greeted on one of the two.
  let overUart: boolean | undefined = machine.channel === 'uart' || undefined
  uart.on('data', (chunk: Buffer) => {
    console.hear(chunk)
    if (overUart !== false) heard.write(chunk)
  })
  uart.on('close', () => heard.end())
  // C-a b is how QEMU's multiplexer is asked for a BREAK.
  const sysrq = (key: string): void => {
    uart.write(`\x01b${key}`)
  }
  const common = {
    name,
    patience: machine.cpu === 'max' ? PATIENCE_OF_MAX_MS : PATIENCE_MS,
    starved: starvation(child.process.pid!),
  }
  const postMortem = (since: number) => examine(child, console, sysrq, since)
  const openUart = () => openLink({ ...common, input: uart, output: heard, uart: 'booting', window: 0, postMortem })
  const openPort = async () => {
    const link = openLink({
      ...common,
      input: port,
      output: port,
      postMortem: (since) => (overUart ? Promise.resolve({}) : postMortem(since)),
    })
    link.catch(() => undefined)
    // An agent that finds no virtio port greets on the UART.
    const first = await Promise.race([link, console.greeted])
    overUart = first === undefined
    if (first) return first
    port.destroy()
    return openUart()
  }
  const link = await (overUart ? openUart() : openPort()).catch((error: Error) => {
    child.kill()
    throw new UserError(`${error.message}; ${lastWords(console.text())}`)
  })
  return {
    ...link,
    pid: child.process.pid!,
    console: () => console.text(),
    sysrq,
    kill: child.kill,
    // The guest has nothing to save.
    close: async () => {
      const closed = link.close()
      child.kill()
      await Promise.all([closed, child.ended])
    },
  }
}
