/** The table as one release has it: rows of other releases left out. */
import { abi } from '../abi/index.ts'
import { everyCall } from '../abi/every-call.ts'
import { ioctlsOf } from '../dialects/index.ts'
import type { Host } from '../model/host.ts'
import type { Caller, Grant, Ioctl, Refusal } from '../model/rule.ts'
import { holdsIn, type Release } from '../model/release.ts'
import { addDescriptor, type Here, type World } from '../model/world.ts'

/** What a kernel with a bug says in its log. */
export interface LogRule {
  line: string
  /** Whether the call that is about to be made brings it about. */
  when(here: Here, arg: any, by: Caller): boolean
  /** The process that called is gone. */
  isOops?: true
  /** Only where the call is granted. */
  isGranted?: true
}

/** One ioctl's rules in one release. */
export interface Rules {
  /** In the kernel's order, those of every call first. */
  refuses: readonly Refusal<any>[]
  grant: Grant<any>
  /** As of the ioctl. */
  owed?: Ioctl['owed']
  /** Of a kernel with a bug only: no call makes a sound one log anything that counts. */
  logs?: readonly LogRule[]
}

const caches = new WeakMap<readonly Ioctl[], Map<Release, Map<Ioctl, Rules>>>()

const cacheOf = (ioctls: readonly Ioctl[]): Map<Release, Map<Ioctl, Rules>> => {
  const cache = caches.get(ioctls) ?? new Map<Release, Map<Ioctl, Rules>>()
  caches.set(ioctls, cache)
  return cache
}

/**
 * The rules of every ioctl of the table in `release`, or of the `ioctls` of a dialect; the same map for the same
 * release and ioctls.
 */
export const rulesOf = (release: Release, ioctls: readonly Ioctl[] = abi): Map<Ioctl, Rules> => {
  const cache = cacheOf(ioctls)
  let rules = cache.get(release)
  if (!rules) {
    rules = new Map(
      ioctls.map((ioctl) => {
        const grants: readonly Grant<any>[] = Array.isArray(ioctl.grants) ? ioctl.grants : [ioctl.grants as Grant<any>]
        const grant = grants.find((g) => holdsIn(release, g))
        const known = holdsIn(release, ioctl)
        if (!grant && known) throw new Error(`${ioctl.name} grants nothing in ${release}`)
        const refuses = [...everyCall(ioctl, known), ...ioctl.refuses].filter((r) => holdsIn(release, r))
        return [ioctl, { refuses, grant: grant ?? grants[0]!, ...(ioctl.owed && { owed: ioctl.owed }) }]
      }),
    )
    cache.set(release, rules)
  }
  return rules
}

/** A world, and the rules by which a kernel answers in it. */
export interface RuledWorld extends World {
  rules: Map<Ioctl, Rules>
}

/**
 * A world where only /dev/kvm is open, under the name `kvm`. `rules`: others than those of the release and of what the
 * host's kernel speaks (mutants).
 */
export const boot = (
  host: Host,
  release: Release = host.kernel.release,
  rules = rulesOf(release, ioctlsOf(host)),
): RuledWorld => {
  const world: RuledWorld = {
    host,
    release,
    rules,
    programs: new Map(),
    ram: { bytes: new Map() },
    descriptors: new Map(),
  }
  addDescriptor({ world, host }, 'kvm', { kind: 'kvm' })
  return world
}
