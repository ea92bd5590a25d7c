/** What saving or restoring tables comes to, before it is done: it is tried on a copy of all that it changes. */
import type { InIts, InVm } from './translation.ts'

const copyOf = ({ world, vm }: InVm): InVm => ({
  world: {
    ...world,
    ram: { ...world.ram, bytes: new Map(world.ram.bytes) },
    programs: structuredClone(world.programs),
  },
  vm: {
    ...vm,
    memslots: vm.memslots.map((slot) => ({ ...slot })),
    ...(vm.vgic && { vgic: { ...vm.vgic, lpis: structuredClone(vm.vgic.lpis) } }),
  },
})

/** What `does` gives where nothing that it changes stays; 'unknown': nobody knows what the kernel makes of it. */
export const tried = <Fault>(at: InVm, does: (copy: InVm) => Fault): Fault | 'unknown' => {
  if (at.vm.isTranslationLost) return 'unknown'
  const copy = copyOf(at)
  const fault = does(copy)
  return copy.vm.isTranslationLost ? 'unknown' : fault
}

/** The same of an ITS. */
export const triedOn = <Fault>({ its, ...at }: InIts, does: (copy: InIts) => Fault): Fault | 'unknown' =>
  tried(at, (copy) => {
    const { devices, collections } = its
    const own = { ...its, devices: structuredClone(devices), collections: structuredClone(collections) }
    copy.vm.placedIts = (copy.vm.placedIts ?? []).map((one) => (one === its ? own : one))
    return does({ ...copy, its: own })
  })
