/** One call drawn by itself: any ioctl, mostly on what the sequence has made, its argument as its codec draws it. */
import fc from 'fast-check'
import type { Attr } from '../abi/args/attr.ts'
import { sortOf, type Call } from '../model/call.ts'
import type { Sort } from '../model/codec.ts'
import type { Ioctl } from '../model/rule.ts'
import { vgicAddrTypes, vgicGroups } from '../names/index.ts'
import { Picker, weighed } from './pick.ts'
import type { GeneratorState } from './state.ts'
import { type Wild, wildsOf, withWild } from './wild.ts'

/** A call as a generator keeps it; `arg`: where its argument came from, so that it can be shrunk. */
export interface DrawnCall {
  call: Call
  arg?: { from: fc.Arbitrary<unknown>; value: fc.Value<unknown> }
}

/** The weight of an ioctl that says none. */
const USUAL_WEIGHT = 2
const weights = new WeakMap<readonly Ioctl[], readonly Ioctl[]>()
const byWeight = (ioctls: readonly Ioctl[]): readonly Ioctl[] => {
  let spread = weights.get(ioctls)
  if (!spread) {
    spread = weighed(ioctls.map((thing) => ({ thing, weight: thing.weight ?? USUAL_WEIGHT })))
    weights.set(ioctls, spread)
  }
  return spread
}

const EVERY_SORT: readonly Sort[] = ['kvm', 'vm', 'vcpu', 'device']
const known = new WeakMap<Ioctl, readonly Sort[]>()
/** What it may be called on: the sorts that know it, any for an ioctl that none knows. */
const sortsOf = (ioctl: Ioctl): readonly Sort[] => {
  let sorts = known.get(ioctl)
  if (!sorts) {
    const own = new Set(
      ioctl.on.map((kind): Sort => (kind === 'kvm' || kind === 'vm' || kind === 'vcpu' ? kind : 'device')),
    )
    known.set(ioctl, (sorts = own.size > 0 ? [...own] : EVERY_SORT))
  }
  return sorts
}
const usual: Record<Sort, readonly string[]> = {
  kvm: ['kvm'],
  vm: ['vm', 'vm1'],
  vcpu: ['vcpu0', 'vcpu1', 'vcpu2'],
  device: ['gic', 'its', 'device'],
}
const KVM = ['kvm']
const there = ({ vms, vcpus, devices }: GeneratorState, sort: Sort): readonly string[] =>
  sort === 'kvm' ? KVM : sort === 'vm' ? vms : sort === 'vcpu' ? vcpus : devices

/** Once in so many calls the descriptor may be one that was never made. */
const ABSENT = 60
/** An ioctl for devices and others is drawn for a device, and only once in so many for any of them. */
const DEVICE_FIRST = 8

/** Once in so many calls, where one was closed, it is called all the same. */
const CLOSED = 12
/** Once in so many closes it is /dev/kvm, after which no VM can be made. */
const CLOSES_KVM = 10

/** What is closed: any of all that there is. */
const toClose = ({ vms, vcpus, devices }: GeneratorState, pick: Picker): string =>
  pick.once(CLOSES_KVM) ? 'kvm' : pick.of([...vms, ...vcpus, ...devices, 'vm'])

/** The sort of descriptor that it is called on. */
const anySort = (pick: Picker, ioctl: Ioctl): Sort => {
  const sorts = sortsOf(ioctl)
  if (sorts.length > 1 && sorts[0] === 'device' && !pick.once(DEVICE_FIRST)) return 'device'
  // Also where it does not belong, so that a VM is asked for an ioctl that it does not know.
  return (ioctl.name === 'KVM_RUN' || ioctl.syscall === 'mmap') && pick.once(20) ? 'vm' : pick.of(sorts)
}

const subject = (state: GeneratorState, pick: Picker, ioctl: Ioctl, sort: Sort): string | undefined => {
  if (ioctl.name === 'close') return toClose(state, pick)
  const names = there(state, sort)
  if (pick.once(ABSENT)) return pick.of(usual[sort])
  const closed = state.closed.filter((name) => sortOf(name) === sort)
  if (closed.length > 0 && pick.once(CLOSED)) return pick.of(closed)
  return names.length === 0 ? undefined : pick.of(names)
}

const {
  KVM_DEV_ARM_VGIC_GRP_ADDR: ADDR,
  KVM_DEV_ARM_VGIC_GRP_CPU_REGS: CPU_REGS,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS: NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_CTRL: CTRL,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS: DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS: ITS_REGS,
} = vgicGroups
const types: Record<'v2' | 'v3' | 'its', readonly bigint[]> = {
  v2: [BigInt(vgicAddrTypes.KVM_VGIC_V2_ADDR_TYPE_DIST), BigInt(vgicAddrTypes.KVM_VGIC_V2_ADDR_TYPE_CPU)],
  v3: [
    BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_DIST),
    BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST),
    BigInt(vgicAddrTypes.KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION),
  ],
  its: [BigInt(vgicAddrTypes.KVM_VGIC_ITS_ADDR_TYPE)],
}
const groups: Record<'v2' | 'its', readonly number[]> = {
  v2: [DIST_REGS, CPU_REGS, NR_IRQS, CTRL],
  its: [CTRL, ITS_REGS],
}

/** Whether an attribute is one that this device has; those that all lack are for all. */
const isOf = ({ gic }: GeneratorState, on: string, { group, attr }: Attr): boolean => {
  const device = on === 'its' ? 'its' : on === 'gic' ? gic : undefined
  if (!device || group > vgicGroups.KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ) return true
  if (group === ADDR) return types[device].includes(attr) || attr > 5n
  return device === 'v3' ? group !== CPU_REGS && group !== ITS_REGS : groups[device].includes(group)
}
/** An argument for another device is drawn again, so many times at most. */
const AGAIN = 3

/** Once in so many calls one number of its argument is any that the notation can say. */
const WILD = 5
const wilds = new WeakMap<readonly Ioctl[], readonly Wild[]>()
const wildsAmong = (ioctls: readonly Ioctl[]): readonly Wild[] => {
  let all = wilds.get(ioctls)
  if (!all) wilds.set(ioctls, (all = wildsOf(ioctls, sortsOf)))
  return all
}

/** The argument of a call on this descriptor as its codec draws it. */
const drawArg = (state: GeneratorState, pick: Picker, ioctl: Ioctl, on: string): NonNullable<DrawnCall['arg']> => {
  const sort = sortOf(on)
  const from = ioctl.takes.any(sort)
  let value = from.generate(pick.random, undefined)
  if (sort === 'device')
    for (let i = 0; i < AGAIN && !isOf(state, on, value.value_ as Attr); i++)
      value = from.generate(pick.random, undefined)
  return { from, value }
}

/** Most arguments lack a field that has a usual value: others are drawn, so many times at most. */
const OTHERS = 16

/** The same with any number in that field; undefined where it has no such field. It shrinks to what the codec drew. */
const drawWild = (state: GeneratorState, pick: Picker, wild: Wild, on: string): DrawnCall['arg'] => {
  for (let i = 0; i < OTHERS; i++) {
    const drawn = drawArg(state, pick, wild.ioctl, on).value.value_
    const other = withWild(drawn, wild, pick)
    if (other !== undefined) return { from: fc.constantFrom(drawn, other), value: new fc.Value(other, undefined) }
  }
  return undefined
}

/** Once in so many calls another process makes it, or another thread. */
const BY_OTHER = 50
/** Once in so many calls that make a descriptor there may be no more of them. */
const NO_FD = 25

/** A call; undefined in one case of many, where the sequence has nothing to call it on. */
export const drawCall = (state: GeneratorState, pick: Picker): DrawnCall | undefined => {
  const wild = pick.once(WILD) ? pick.of(wildsAmong(state.ioctls)) : undefined
  const ioctl = wild?.ioctl ?? pick.of(byWeight(state.ioctls))
  const on = subject(state, pick, ioctl, wild?.sort ?? anySort(pick, ioctl))
  if (on === undefined) return undefined
  const arg = (wild && drawWild(state, pick, wild, on)) ?? drawArg(state, pick, ioctl, on)
  const call: Call = { on, ioctl, arg: arg.value.value_ }
  const makes = ioctl.makes?.(call.arg)
  if (!ioctl.syscall && pick.once(BY_OTHER)) call.by = pick.of(['child', 'thread'])
  if (makes !== undefined && pick.once(NO_FD)) call.noFd = true
  if (makes === 'vm' && call.by !== 'child' && state.vms.length > 0 && pick.once(2)) call.into = 'vm1'
  return { call, arg }
}
