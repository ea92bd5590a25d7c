/** The machine that QEMU is asked to emulate, in QEMU's words. */
import type { GuestMachine } from '../model/guest-machine.ts'

const cpu = ({ cpu, pmu, 'sve-max-vq': vq }: GuestMachine): string =>
  // The architected pointer authentication is most of what an emulated cpu would do.
  [
    cpu,
    ...(cpu === 'max' ? ['pauth-impdef=on'] : []),
    ...(pmu ? [] : ['pmu=off']),
    ...(vq === undefined ? [] : [`sve-max-vq=${vq}`]),
  ].join(',')

/** QEMU's arguments for the machine alone; `also`: more properties of it. */
export const machineArguments = (machine: GuestMachine, ...also: readonly string[]): string[] => [
  '-M',
  ['virt,virtualization=on', `gic-version=${machine.gic}`, ...(machine.mte ? ['mte=on'] : []), ...also].join(','),
  '-cpu',
  cpu(machine),
  '-smp',
  String(machine.smp),
  '-m',
  machine.mem,
  '-nodefaults',
  '-display',
  'none',
]
