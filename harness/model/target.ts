/** A target is where calls are answered; this reads and prints the text by which the user names one. */
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { machineOptions, printMachine, usualMachine, type GuestMachine } from './guest-machine.ts'

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

/** The words that targets begin with: the compiler asks for each. */
const kinds: Record<Target['kind'], true> = {
  mock: true,
  native: true,
  qemu: true,
  ssh: true,
  exec: true,
  serial: true,
  console: true,
}

/** Whether a text that may be something else, such as a file, is meant as a target. */
export const isTarget = (text: string): boolean => Object.hasOwn(kinds, /^[a-z]+\b/.exec(text)?.[0] ?? '')

const understood =
  'mock, mock:HOST, native, qemu:RELEASE, qemu:IMAGE, qemu:…,gic=2,cpu=cortex-a57, ssh:HOST, '
  + 'exec:COMMAND, serial:DEVICE[,BAUD], console:FILE, mock,erratum=COMMIT, mock:HOST,erratum=COMMIT, native,cpu=N, '
  + 'mock,dialect=NAME, mock:HOST,dialect=NAME, qemu:…,dialect=NAME'

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
    if (!Object.hasOwn(machineOptions, key))
      throw new UserError(`${text}: no option ${quoted(key)}; options are ${Object.keys(machineOptions).join(', ')}`)
    if (seen.has(key)) throw new UserError(`${text}: option ${key} is given twice`)
    seen.add(key)
    const value = equals < 0 ? undefined : machineOptions[key as keyof GuestMachine].read(setting.slice(equals + 1))
    if (value === undefined)
      throw new UserError(`${text}: ${key} takes ${machineOptions[key as keyof GuestMachine].says}`)
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
      const dialect = target.dialect === undefined ? [] : [`dialect=${target.dialect}`]
      // What is appended takes all the rest.
      return ['qemu:' + kernel, ...dialect, ...printMachine(target.machine)].join(',')
    }
  }
}
