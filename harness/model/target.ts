/** A target is where calls are answered; this reads and prints the text by which the user names one. */
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'

/** The machine that QEMU emulates. */
export interface GuestMachine {
  cpu: string
  gic: 2 | 3
  /** False: KVM cannot virtualize the interrupt controller. */
  vgic: boolean
  mte: boolean
  /** False: the cpu has no performance counters. */
  pmu: boolean
  smp: number
  /** As QEMU's -m: a number of MiB, or a number and M or G. */
  mem: string
  /** How the agent is reached: a virtio port, or the console UART as on a board. */
  channel: 'virtio' | 'uart'
  /** The longest SVE vector of cpu=max, in units of 128 bits. */
  'sve-max-vq'?: number
  /** Extra words for the kernel's command line. */
  append: string
}

/** A Debian kernel by release (6.12, 6.12.94), or an Image that the user built. */
export type KernelChoice = { release: string } | { image: string }

export type Target =
  /** `dialect`: what its kernel speaks, instead of what shipped; of a kernel in QEMU what it is judged by. */
  | { kind: 'mock'; host?: string; erratum?: string; dialect?: string }
  /** `cpu`: the core that plays. */
  | { kind: 'native'; cpu?: number }
  | { kind: 'qemu'; kernel: KernelChoice; machine: GuestMachine; dialect?: string }
  | { kind: 'ssh'; host: string }
  | { kind: 'exec'; command: string }
  | { kind: 'serial'; device: string; baud: number }
  /** What a board has said that played a file of lists: `file` is its console. */
  | { kind: 'console'; file: string }

/** What QEMU emulates where the target does not say otherwise. */
export const usualMachine: GuestMachine = {
  cpu: 'max',
  gic: 3,
  vgic: true,
  mte: false,
  pmu: true,
  smp: 1,
  mem: '1G',
  channel: 'virtio',
  append: '',
}

const understood =
  'mock, mock:HOST, native, qemu:RELEASE, qemu:IMAGE, qemu:…,gic=2,cpu=cortex-a57, ssh:HOST, '
  + 'exec:COMMAND, serial:DEVICE[,BAUD], console:FILE, mock,erratum=COMMIT, mock:HOST,erratum=COMMIT, native,cpu=N, '
  + 'mock,dialect=NAME, mock:HOST,dialect=NAME, qemu:…,dialect=NAME'

const whole = (from: number, to: number) => (text: string) => {
  const value = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : NaN
  return value >= from && value <= to ? value : undefined
}
const word = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined)
const oneOf =
  <T>(values: Record<string, T>) =>
  (text: string) =>
    Object.hasOwn(values, text) ? values[text] : undefined

interface Option {
  says: string
  read: (text: string) => unknown
}

const options: Record<keyof GuestMachine, Option> = {
  cpu: { says: 'a name known to QEMU (max, cortex-a57, …)', read: word(/^[a-z0-9][a-z0-9._-]*$/) },
  gic: { says: '2 or 3', read: oneOf({ 2: 2, 3: 3 }) },
  vgic: { says: 'on or off', read: oneOf({ on: true, off: false }) },
  mte: { says: 'on or off', read: oneOf({ on: true, off: false }) },
  pmu: { says: 'on or off', read: oneOf({ on: true, off: false }) },
  smp: { says: '1 to 64', read: whole(1, 64) },
  mem: { says: 'a size such as 512M or 2G', read: word(/^[1-9]\d{0,5}[MG]?$/) },
  'sve-max-vq': { says: '1 to 16', read: whole(1, 16) },
  channel: { says: 'virtio or uart', read: oneOf({ virtio: 'virtio', uart: 'uart' }) },
  append: { says: 'words for the kernel; it stands last and takes all the rest', read: word(/^[ -~]+$/) },
}

const isRelease = (text: string) => /^\d+\.\d+(\.\d+)?$/.test(text)

const parseQemu = (text: string, rest: string): Target => {
  const cut = rest.search(/(?<=,)append=/)
  const words = (cut < 0 ? rest : rest.slice(0, cut - 1)).split(',')
  if (cut >= 0) words.push(rest.slice(cut))
  const [choice = '', ...settings] = words
  if (!choice) throw new UserError(`${text}: no kernel named; say a release (qemu:6.12) or the path of an Image`)
  const machine: Record<string, unknown> = { ...usualMachine }
  const seen = new Set<string>()
  let dialect: string | undefined
  for (const setting of settings) {
    const equals = setting.indexOf('=')
    const key = equals < 0 ? setting : setting.slice(0, equals)
    if (key === 'dialect' && dialect === undefined && equals > 0) {
      dialect = setting.slice(equals + 1)
      continue
    }
    if (!Object.hasOwn(options, key))
      throw new UserError(`${text}: no option ${quoted(key)}; options are ${Object.keys(options).join(', ')}`)
    if (seen.has(key)) throw new UserError(`${text}: option ${key} is given twice`)
    seen.add(key)
    const value = equals < 0 ? undefined : options[key as keyof GuestMachine].read(setting.slice(equals + 1))
    if (value === undefined) throw new UserError(`${text}: ${key} takes ${options[key as keyof GuestMachine].says}`)
    machine[key] = value
  }
  if (machine['sve-max-vq'] !== undefined && machine.cpu !== 'max')
    throw new UserError(`${text}: sve-max-vq is a property of cpu=max alone`)
  const kernel = isRelease(choice) ? { release: choice } : { image: choice }
  return {
    kind: 'qemu',
    kernel,
    machine: machine as unknown as GuestMachine,
    ...(dialect !== undefined && { dialect }),
  }
}

const parseSerial = (text: string, rest: string): Target => {
  const [, device, baud = '115200'] = /^([^,]+)(?:,(\d{3,7}))?$/.exec(rest) ?? []
  if (!device)
    throw new UserError(`${text}: say the device and, if it is not 115200, its speed: serial:/dev/ttyUSB0,9600`)
  return { kind: 'serial', device, baud: Number(baud) }
}

/** Reads the text of a target. Throws a UserError that lists what is understood. */
export const parseTarget = (text: string): Target => {
  const [, host, what, name] = /^mock(?::([\w.+-]+))?,(erratum|dialect)=([\w.@-]+)$/.exec(text) ?? []
  if (what !== undefined) return { kind: 'mock', ...(host !== undefined && { host }), [what]: name }
  const [, cpu] = /^native,cpu=(0|[1-9]\d{0,3})$/.exec(text) ?? []
  if (cpu !== undefined) return { kind: 'native', cpu: Number(cpu) }
  const [, kind, , rest = ''] = /^([a-z]+)(:([^]*))?$/.exec(text) ?? []
  const bare = !text.includes(':')
  switch (kind) {
    case 'mock':
      if (bare) return { kind }
      if (/^[\w.+-]+$/.test(rest)) return { kind, host: rest }
      break
    case 'native':
      if (bare) return { kind }
      break
    case 'qemu':
      return parseQemu(text, rest)
    case 'ssh':
      // ssh would take a leading dash for an option.
      if (/^[^\s-]\S*$/.test(rest)) return { kind, host: rest }
      break
    case 'exec':
      if (rest.trim()) return { kind, command: rest }
      break
    case 'serial':
      return parseSerial(text, rest)
    case 'console':
      if (rest !== '') return { kind, file: rest }
      break
  }
  throw new UserError(`${quoted(text)} is no target; understood are ${understood}`)
}

const printValue = (value: unknown): string => (value === true ? 'on' : value === false ? 'off' : String(value))

/** The shortest text that parseTarget reads as this target. */
export const printTarget = (target: Target): string => {
  switch (target.kind) {
    case 'mock':
      return (
        `mock${target.host === undefined ? '' : `:${target.host}`}`
        + (target.erratum === undefined ? '' : `,erratum=${target.erratum}`)
        + (target.dialect === undefined ? '' : `,dialect=${target.dialect}`)
      )
    case 'native':
      return target.cpu === undefined ? 'native' : `native,cpu=${target.cpu}`
    case 'ssh':
      return `ssh:${target.host}`
    case 'exec':
      return `exec:${target.command}`
    case 'console':
      return `console:${target.file}`
    case 'serial':
      return `serial:${target.device}${target.baud === 115200 ? '' : `,${target.baud}`}`
    case 'qemu': {
      const kernel = 'release' in target.kernel ? target.kernel.release : target.kernel.image
      const set = (Object.keys(options) as (keyof GuestMachine)[])
        .filter((key) => target.machine[key] !== undefined && target.machine[key] !== usualMachine[key])
        .map((key) => `${key}=${printValue(target.machine[key])}`)
      const dialect = target.dialect === undefined ? [] : [`dialect=${target.dialect}`]
      // What is appended takes all the rest.
      return ['qemu:' + kernel, ...dialect, ...set].join(',')
    }
  }
}
