/** Records what a target offers, through the calls that the suites make themselves. */
import { namedRegs } from '../names/index.ts'
import type { Dialect } from '../model/dialect.ts'
import type { Host, Reg } from '../model/host.ts'
import { needBase } from './base.ts'
import { everySubset, probeSet, subsets, type FeatureSet } from './feature-sets.ts'
import { probeMachine } from './machine.ts'
import { probePmus } from './pmus.ts'
import { probeMasks } from './masks.ts'
import { merge } from './merge.ts'
import type { ProbeTarget, ProbeSession } from './player.ts'
import { probeWrite } from './writes.ts'
import { releaseOf } from '../model/release.ts'

const hex = (value: bigint): string => value.toString(16)

/** What a register depends on, as far as every recorded kernel goes. */
const USUAL_FEATURES = 2

const probeRegs = async (
  session: ProbeSession,
  machine: Awaited<ReturnType<typeof probeMachine>>,
): Promise<Pick<Host, 'regs' | 'isUnordered'>> => {
  const record = async (sets: readonly (readonly string[])[]): Promise<FeatureSet[]> => {
    const known: FeatureSet[] = []
    // One after another, so that what a register does in one is known in the next.
    for (const names of sets) {
      const set = await probeSet(session, machine, names)
      if (set) known.push(set)
    }
    return known
  }
  const { rows, isOrdered } =
    merge(await record(subsets(machine)), USUAL_FEATURES) ?? merge(await record(everySubset(machine)))!
  const masks = await probeMasks(session, machine)
  const regs = await Promise.all(
    rows.map(async (draft): Promise<Reg> => {
      const { id, reset } = draft
      return {
        id: hex(id),
        ...(reset !== undefined && { reset: hex(reset) }),
        ...(draft.with !== undefined && { with: draft.with }),
        ...(await probeWrite(session, machine, draft)),
        ...(masks.has(id) && { mask: hex(masks.get(id)!) }),
      }
    }),
  )
  return { regs, ...(!isOrdered && { isUnordered: true }) }
}

/**
 * The profile of the machine behind `player`, named `name`, whose kernel is said to speak `dialect`. `about` says which
 * machine it is and how it is recorded. Whatever a kernel answers oddly is recorded as far as it goes, and the suites
 * tell; what did not come to a good end is in `trouble`. Throws a UserError, which says what to check, where no vcpu
 * can be had at all.
 */
export const probe = async (
  player: ProbeTarget,
  name: string,
  about = `recorded from ${name}`,
  dialect?: Dialect,
): Promise<Host> => {
  const { release, version, machine } = player.greeting
  const session: ProbeSession = { player, trouble: [], stuck: new Set(), ...(dialect && { dialect }) }
  await needBase(session)
  const found = await probeMachine(session)
  const { regs, ...order } = await probeRegs(session, found)
  const vls = regs.find((reg) => BigInt(`0x${reg.id}`) === namedRegs.KVM_REG_ARM64_SVE_VLS)?.reset ?? '0'
  const { trouble } = session
  return {
    name,
    about,
    kernel: {
      release: releaseOf(release, version),
      unameR: release,
      unameV: version,
      machine,
      ...(dialect && { dialect: dialect.name }),
    },
    ...found,
    pmus: await probePmus(session, found),
    vls,
    ...order,
    ...(trouble.length > 0 && { trouble }),
    regs,
  }
}
