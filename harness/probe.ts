/** Records what a target offers, through the calls that the suites make themselves. */
import { Complaint } from './complaint.ts'
import type { Host, Reg } from './host.ts'
import { releaseOf } from './release.ts'
import { probeSet, subsets } from './probe/feature-sets.ts'
import { probeMachine } from './probe/machine.ts'
import { merge } from './probe/merge.ts'
import type { Player } from './probe/player.ts'
import { probeWrite } from './probe/writes.ts'
import { namedRegs } from './names.ts'

const hex = (value: bigint): string => value.toString(16)

const probeRegs = async (player: Player, machine: Awaited<ReturnType<typeof probeMachine>>): Promise<Reg[]> => {
  const sets = (await Promise.all(subsets(machine).map((names) => probeSet(player, machine, names)))).filter((set) => set !== undefined)
  if (!sets[0]) throw new Complaint('the target cannot be recorded: it initialises no vcpu')
  const drafts = merge(sets)
  const base = new Map(drafts.toReversed().map(({ id, reset }) => [id, reset ?? 0n]))
  return Promise.all(drafts.map(async (draft) => {
    const { id, reset } = draft
    return {
      id: hex(id), ...(reset !== undefined && { reset: hex(reset) }), ...(draft.with !== undefined && { with: draft.with }),
      ...await probeWrite(player, machine, draft, base.get(id)!),
    }
  }))
}

/**
 * The profile of the machine behind `player`, named `name`. `about` says which machine it is and how it is recorded.
 * Throws a Complaint where it answers what no kernel should, or not at all.
 */
export const probe = async (player: Player, name: string, about = `recorded from ${name}`): Promise<Host> => {
  const { release, version, machine } = player.greeting
  const found = await probeMachine(player)
  const regs = await probeRegs(player, found)
  const vls = regs.find((reg) => BigInt(`0x${reg.id}`) === namedRegs.KVM_REG_ARM64_SVE_VLS)?.reset ?? '0'
  return { name, about, kernel: { release: releaseOf(release, version), unameR: release, unameV: version, machine }, ...found, vls, regs }
}
