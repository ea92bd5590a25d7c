/** The machine that QEMU emulates for a guest, and the options of a target that say so: `gic=2,cpu=cortex-a57`. */

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

const whole = (from: number, to: number) => (text: string) => {
  const value = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : NaN
  return value >= from && value <= to ? value : undefined
}
const word = (pattern: RegExp) => (text: string) => (pattern.test(text) ? text : undefined)
const oneOf =
  <T>(values: Record<string, T>) =>
  (text: string) =>
    Object.hasOwn(values, text) ? values[text] : undefined

interface MachineOption {
  /** What it takes, in words. */
  says: string
  /** undefined: it does not take that. */
  read: (text: string) => unknown
}

/** How each is written in the text of a target, in the order in which they print. */
export const machineOptions: Record<keyof GuestMachine, MachineOption> = {
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

const printValue = (value: unknown): string => (value === true ? 'on' : value === false ? 'off' : String(value))

/** The options by which a machine is not the usual one, as a target has them. */
export const printMachine = (machine: GuestMachine): string[] =>
  (Object.keys(machineOptions) as (keyof GuestMachine)[])
    .filter((key) => machine[key] !== undefined && machine[key] !== usualMachine[key])
    .map((key) => `${key}=${printValue(machine[key])}`)
