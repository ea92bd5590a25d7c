/** What keeps the targets from working on a machine, and what to do about each. */
import type { LocalMachine } from './doctor-checks.ts'

/** One thing that is wrong, for which target, and what to do; each a sentence without its full stop. */
export interface Finding {
  target: 'native' | 'qemu' | 'board'
  what: string
  todo: string
}

/**
 * What is known of a machine whose /dev/kvm cannot be opened; of one that an agent runs on elsewhere, only the error.
 */
type Refused = Pick<LocalMachine, 'kvm' | 'log' | 'hypervisor' | 'kvmConfig'> & Partial<Pick<LocalMachine, 'user'>>

/** A machine that an agent runs on elsewhere, as far as the agent can look at it; `arch` is its uname -m. */
export type BoardMachine = Refused & Pick<LocalMachine, 'arch' | 'cores' | 'createVm'>

type Cause = [what: string, todo: string]
type Sick = Cause | undefined

/** What to do where an error alone is known. */
export const seeLog = 'see what sudo dmesg says of kvm'

/** `seen` is how that shows: what of /dev/kvm is missing. */
const missing = (seen: string, { hypervisor, log, kvmConfig }: Refused): Cause => {
  const said = log.find((line) =>
    /hyp mode not available|no hardware support|hyp initialization failed|not supported/i.test(line),
  )
  if (hypervisor)
    return [
      `${seen}: this system runs under ${hypervisor}, which keeps EL2 for itself`,
      `boot without ${hypervisor}, or have it offer nested virtualisation`,
    ]
  if (said)
    return [
      `${seen}: the kernel has no EL2 to use, it says "${said}"`,
      'have the firmware enter the kernel at EL2; a VM needs nested virtualisation (QEMU: -M virt,virtualization=on)',
    ]
  if (kvmConfig === 'm') return [`${seen}: KVM is a module and not loaded`, 'modprobe kvm']
  if (kvmConfig === 'n') return [`${seen}: this kernel is built without KVM`, 'boot one with CONFIG_KVM=y']
  const guess = kvmConfig ? ', though this kernel has KVM: it was entered without EL2, or this is a container' : ''
  return [
    seen + guess,
    seeLog
      + ': no EL2 (a VM needs nested virtualisation), or kvm-arm.mode=none; '
      + 'in a container, start it with --device /dev/kvm',
  ]
}

const noPermission = ({ user, kvm: { group, mode } }: Refused): Cause => {
  const open = 'sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm, and be in the group kvm'
  if (!user || mode === undefined)
    return [
      'its user may not read and write /dev/kvm',
      'log in as root there, or sudo usermod -aG kvm USER, and log in again; '
        + 'where ls -l /dev/kvm says another group than kvm, sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm besides',
    ]
  const access = `/dev/kvm has mode ${mode.toString(8).padStart(3, '0')} and group ${group ?? 'unknown'}`
  if (mode & 0o060 && group && group !== 'root' && !user.groups.includes(group))
    return [
      `${user.name} may not open /dev/kvm, not being in the group ${group}`,
      `sudo usermod -aG ${group} ${user.name}, then log in again`,
    ]
  return [`${user.name} may not open /dev/kvm: ${access}`, open]
}

/** EBUSY, of opening /dev/kvm and of the first VM. */
export const held: Cause = [
  'another hypervisor holds the CPU: EBUSY',
  'stop it (VirtualBox, VMware, Xen, …) and try again',
]

const refused = (machine: Refused, error: string): Cause => {
  switch (error) {
    case 'ENOENT':
      return missing('there is no /dev/kvm', machine)
    case 'ENODEV':
    case 'ENXIO':
      return missing('/dev/kvm has no driver behind it', machine)
    case 'EACCES':
      return noPermission(machine)
    case 'EPERM':
      return ['a container or sandbox forbids /dev/kvm', 'start it with --device /dev/kvm']
    case 'EBUSY':
      return held
    default:
      return [`/dev/kvm cannot be opened (${error})`, seeLog]
  }
}

const sickKvm = (machine: Refused): Sick =>
  machine.kvm.error === undefined ? undefined : refused(machine, machine.kvm.error)

/** Why an agent elsewhere cannot open /dev/kvm, as far as the error tells, and what to do there. */
export const whyNoKvm = (error: string): Cause => refused({ kvm: { error }, log: [] }, error)

const sickFfi = ({ libc, ffi, ignoreScripts }: LocalMachine): Sick => {
  if (libc === 'musl')
    return [
      "this system's libc is musl, and native calls are made on glibc alone",
      'use a glibc system, or gcc -static -O2 -o agent harness/agent/*.c and take --target exec:./agent',
    ]
  if (ffi === undefined) return undefined
  if (/^Cannot find module '(ffi-napi|@2060\.io)/.test(ffi))
    return [
      `ffi-napi is not there (${ffi}): npm leaves it out without a word where it cannot be built`,
      'apt install g++ make python3, then npm ci; npm ci --foreground-scripts shows why it is not built',
    ]
  if (ignoreScripts)
    return [
      `ffi-napi is not built, because npm runs no install scripts here (${ffi})`,
      'npm rebuild --ignore-scripts=false @2060.io/ref-napi ffi-napi',
    ]
  return [
    `ffi-napi is not built (${ffi})`,
    'npm rebuild @2060.io/ref-napi ffi-napi; it needs g++, make and python3 (apt install g++ make python3)',
  ]
}

/** `pin`: how to play on those of one kind, which are given. */
const sickCores = ({ cores }: Pick<LocalMachine, 'cores'>, pin: (cpus: readonly number[]) => string): Sick => {
  const kinds = new Map<string, number[]>()
  for (const { cpu, midr } of cores) kinds.set(midr, [...(kinds.get(midr) ?? []), cpu])
  if (kinds.size < 2) return undefined
  const [first] = kinds.values()
  const each = [...kinds].map(([midr, cpus]) => `${cpus.join(',')} have MIDR ${midr}`).join(', ')
  return [`the cores are of different kinds, and a vcpu's registers depend on where it runs (${each})`, pin(first!)]
}

const sickAgent = ({ agent, programs }: LocalMachine): Sick => {
  if (agent === undefined) return undefined
  return programs.has('gcc')
    ? [`the agent does not run: ${agent}`, 'mend that, and ask again']
    : ['gcc is not in PATH, so the library through which calls are made cannot be built', 'apt install gcc libc6-dev']
}

const sickVm = ({ createVm }: Pick<LocalMachine, 'createVm'>): Sick => {
  if (createVm === undefined || createVm >= 0) return undefined
  return createVm === -16 ? held : [`KVM_CREATE_VM fails with errno ${-createVm}`, seeLog]
}

const pinHere = (cpus: readonly number[]): string =>
  `pin it to one with --cpu ${cpus[0]}, or run it on cores of one kind: `
  + `taskset -c ${cpus.join(',')} npm run conformance -- --target native`

const pinThere = (cpus: readonly number[]): string =>
  `have the agent run on cores of one kind: taskset -c ${cpus.join(',')} ./agent, as exec: or serial: starts it`

const native = (machine: LocalMachine): Sick[] => {
  if (machine.platform !== 'linux') return [[`this is ${machine.platform}, not Linux`, 'run it on Linux']]
  if (machine.arch !== 'arm64')
    return [
      [
        `this machine is ${machine.arch}, so its KVM is that of another architecture`,
        'run it on an arm64 machine, or take --target qemu:6.12, which runs anywhere',
      ],
    ]
  return [sickKvm(machine), sickFfi(machine), sickCores(machine, pinHere), sickAgent(machine), sickVm(machine)]
}

const qemu = ({ programs }: LocalMachine): Sick[] => [
  programs.has('qemu-system-aarch64')
    ? undefined
    : ['qemu-system-aarch64 is not in PATH', 'apt install qemu-system-arm'],
  programs.has('aarch64-linux-gnu-gcc')
    ? undefined
    : [
        'aarch64-linux-gnu-gcc is not in PATH, so the agent for the guest cannot be built',
        'apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
      ],
]

/** All that is wrong with a machine that an agent runs on, the cause before what follows from it. */
export const doctorOfBoard = (machine: BoardMachine): Finding[] => {
  const all: Sick[] =
    machine.arch === 'aarch64'
      ? [sickKvm(machine), sickCores(machine, pinThere), sickVm(machine)]
      : [
          [
            `the agent runs on ${machine.arch}, so its KVM is that of another architecture`,
            'run the agent on an arm64 machine with a 64-bit kernel',
          ],
        ]
  return all.flatMap((sick) => (sick ? [{ target: 'board' as const, what: sick[0], todo: sick[1] }] : []))
}

/** All that is wrong with a machine, the cause before what follows from it. */
export const doctor = (machine: LocalMachine): Finding[] => {
  const of = (target: Finding['target'], all: Sick[]) =>
    all.flatMap((sick) => (sick ? [{ target, what: sick[0], todo: sick[1] }] : []))
  return [...of('native', native(machine)), ...of('qemu', qemu(machine))]
}
