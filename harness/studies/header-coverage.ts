/**
 * Which names of the kernel's headers the suites ask for: by which rules, sequences and laws, and on which recorded
 * hosts.
 */
import type { Call } from '../model/call.ts'
import type { Host } from '../model/host.ts'
import { holdsIn } from '../model/release.ts'
import type { Kernel } from '../model/kernel.ts'
import type { Law } from '../model/law.ts'
import { deciding } from '../oracle/coverage.ts'
import { mock } from '../oracle/mock.ts'
import { turns } from '../oracle/turns.ts'
import { runLaw } from '../suite/law.ts'
import { runSequence, type Sequence } from '../suite/sequence.ts'
import { printAnswer, printCall } from '../table/notation.ts'
import { boot } from '../table/rules.ts'

/** What a name of the headers names. */
export const kinds = ['ioctl', 'capability', 'device', 'group', 'attribute', 'exit reason'] as const
export type Named = (typeof kinds)[number]

/** The names of linux/kvm.h and asm/kvm.h of one release. */
export type HeaderNames = Readonly<Record<Named, readonly string[]>> & { readonly release: string }

/** Where a name was met: ids of rows, titles, names of hosts. */
export interface Met {
  rules: Set<string>
  sequences: Set<string>
  laws: Set<string>
  /** Where a kernel does what the name asks for, and where it only refuses. */
  granted: Set<string>
  refused: Set<string>
}

/** What is played: the sequences on every host, the laws, which take longer, on those of `lawsOn` alone. */
export interface Suites {
  sequences: readonly Sequence[]
  laws: readonly Law[]
  lawsOn: readonly Host[]
}

/** A kernel that also tells of each list that it plays. */
const telling = (kernel: Kernel, tell: (calls: readonly Call[]) => void): Kernel => ({
  ...kernel,
  play: (calls) => {
    tell(calls)
    return kernel.play(calls)
  },
})

/**
 * Plays everything on the mock of each host. Gives for each name what met it; a name that nothing meets is not in it.
 * Every name that stands in a call or in its answer is met there, an ioctl only where one of its own rules decides;
 * what nobody has looked at (isGuess) meets nothing. `decided` is told of each row that decides, on which host.
 */
export const meetings = async (
  names: HeaderNames,
  hosts: readonly Host[],
  { sequences, laws, lawsOn }: Suites,
  decided: (host: Host, id: string) => void = () => {},
): Promise<Map<string, Met>> => {
  const wanted = new Set(kinds.flatMap((kind) => names[kind]))
  const ioctls = new Set(names.ioctl)
  const met = new Map<string, Met>()
  const metOf = (name: string): Met => {
    const known = met.get(name)
    if (known) return known
    const fresh: Met = {
      rules: new Set(),
      sequences: new Set(),
      laws: new Set(),
      granted: new Set(),
      refused: new Set(),
    }
    met.set(name, fresh)
    return fresh
  }
  for (const host of hosts) {
    const { release } = host.kernel
    const listen = (into: 'sequences' | 'laws', title: string): Kernel =>
      telling(mock(host), (calls) => {
        const world = boot(host)
        for (const { call, table, answer } of turns(world, calls)) {
          const row = table.isGuess ? undefined : deciding(world, call, table)
          if (!row) continue
          decided(host, row.id)
          for (const name of `${printCall(call)} ${printAnswer(answer, call)}`.match(/\bKVM_\w+/g) ?? []) {
            if (!wanted.has(name) || (ioctls.has(name) && row.ioctl !== name)) continue
            const one = metOf(name)
            one.rules.add(row.id)
            one[into].add(title)
            // That a capability is 0 does not make it seen.
            if (row.ioctl === 'KVM_CHECK_EXTENSION' && name !== row.ioctl && (answer.value ?? 0n) === 0n) continue
            one[answer.ret < 0 ? 'refused' : 'granted'].add(host.name)
          }
        }
      })
    for (const one of sequences)
      if (holdsIn(release, one)) await runSequence(one, { kernel: listen('sequences', one.title), release })
    for (const one of lawsOn.includes(host) ? laws : []) await runLaw(one, listen('laws', one.title))
    // Every capability was asked for when the host was recorded.
    for (const name of names.capability)
      if ((host.caps[name] ?? 0) !== 0 || (host.vmCaps[name] ?? 0) !== 0) metOf(name).granted.add(host.name)
  }
  return met
}
