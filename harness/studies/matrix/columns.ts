/** The columns of the matrix: Debian's four kernels on five machines, and machines that show something of their own. */
import { measured } from '../../model/release.ts'

export interface Column {
  /** Also the name of its host profile and of its folder: `6.12-max-gicv3`. */
  name: string
  target: string
  /** Left out unless asked for by name: it takes long, or shows one thing only. */
  extra?: true
  /** The suites run inside the guest, on its own /dev/kvm. */
  native?: true
}

const machines: Readonly<Record<string, string>> = {
  'max-gicv3': '',
  'max-gicv2': ',gic=2',
  'cortex-a57-gicv3': ',cpu=cortex-a57',
  'cortex-a53-gicv2': ',cpu=cortex-a53,gic=2',
  'max-vq4-mte-gicv3': ',sve-max-vq=4,mte=on',
}

const extras: Readonly<Record<string, string>> = {
  'a64fx-gicv3': ',cpu=a64fx',
  'cortex-a57-gicv2': ',cpu=cortex-a57,gic=2',
  'neoverse-n1-gicv3': ',cpu=neoverse-n1',
  'max-nopmu-gicv3': ',pmu=off',
  'max-novgic': ',vgic=off',
}

/**
 * Kernels that know the mode. A VM has 2^40 bytes there, whatever was asked for, and is quickly unmade; on cpu=max it
 * has 2^52, which 6.12 unmakes quickly, too.
 */
const protectedMode = ['6.1', '6.12', '7.2']

/** Point releases that Debian still has beside the newest of their branch in its suite. */
const points = ['5.10.218', '6.1.164', '6.1.192', '6.12.43', '6.12.94', '6.12.117', '7.2.6']
/** The newest of branches between the measured ones, and after them. */
const others = ['6.16.12', '6.17.13', '6.18.15', '6.19.14', '7.0.13', '7.1.13', '7.3.4']

/** All columns, the twenty first, release by release. */
export const columns: readonly Column[] = [
  ...measured.flatMap((release) =>
    Object.entries(machines).map(([name, options]): Column => ({
      name: `${release}-${name}`,
      target: `qemu:${release}${options}`,
    })),
  ),
  ...measured.flatMap((release) =>
    Object.entries(extras).map(([name, options]): Column => ({
      name: `${release}-${name}`,
      target: `qemu:${release}${options}`,
      extra: true,
    })),
  ),
  ...protectedMode.map((release): Column => ({
    name: `${release}-a64fx-protected-gicv3`,
    target: `qemu:${release},cpu=a64fx,append=kvm-arm.mode=protected`,
    extra: true,
  })),
  { name: '6.12-max-protected-gicv3', target: 'qemu:6.12,append=kvm-arm.mode=protected', extra: true },
  // Needs QEMU 9 or newer. On cpu=max a VM with EL2 has 2^52 bytes several times over, and is unmade in seconds.
  {
    name: '7.2-neoverse-n2-nested-gicv3',
    target: 'qemu:7.2,cpu=neoverse-n2,append=kvm-arm.mode=nested',
    extra: true,
  },
  ...[...points, ...others].map((point): Column => ({
    name: `${point}-max-gicv3`,
    target: `qemu:${point}`,
    extra: true,
  })),
]

/**
 * The whole project inside a guest, each time after the same machine asked from outside, through agent.c: a column, and
 * the one that is to be answered alike.
 */
export const nativePairs: readonly (readonly [Column, Column])[] = ['6.12', '7.2'].map((release) => {
  const name = `${release}-cortex-a57-gicv3-smp2`,
    target = `qemu:${release},cpu=cortex-a57,smp=2,mem=4G`
  return [
    { name, target },
    { name: `${name}-native`, target, native: true },
  ] as const
})
