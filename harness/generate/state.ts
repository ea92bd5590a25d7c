/**
 * What a sequence has made so far, as far as a generator can know without asking a kernel: it takes every creation
 * for granted.
 */
import { abi } from '../abi/index.ts'
import { ioctlsOf } from '../dialects/index.ts'
import { makes, sortOf, type Call } from '../model/call.ts'
import { ipaLimit, type Host } from '../model/host.ts'
import type { Ioctl } from '../model/rule.ts'
import { deviceTypes } from '../names/index.ts'
import { UserError } from '../process/user-error.ts'
import { parse } from '../table/notation.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2 } = deviceTypes

export interface GeneratorState {
  /** IPA bits of `vm`. */
  ipa: number
  /** Names of descriptors of each sort. */
  vms: string[]
  vcpus: string[]
  devices: string[]
  /** Names of those that were closed. */
  closed: string[]
  /** The model of `gic`. */
  gic?: 'v2' | 'v3'
  /** What can be called. */
  ioctls: readonly Ioctl[]
  /** Where it is known: what the calls are for. */
  host?: Host
}

export const initialState = (host?: Host): GeneratorState => ({
  ipa: 40,
  vms: [],
  vcpus: [],
  devices: [],
  closed: [],
  ioctls: host ? ioctlsOf(host) : abi,
  ...(host && { host }),
})

const known = new WeakMap<readonly Ioctl[], Map<string, readonly Call[] | undefined>>()

const read = (text: string, ioctls: readonly Ioctl[]): readonly Call[] | undefined => {
  try {
    return parse(text, 'generator', ioctls).map(({ call }) => call)
  } catch (error) {
    if (ioctls !== abi && error instanceof UserError) return undefined
    throw error
  }
}

/**
 * Calls from lines of the notation, read once; undefined where a dialect cannot say them, since it lacks an ioctl or
 * gave one another argument.
 */
export const callsIn = (text: string, ioctls: readonly Ioctl[]): readonly Call[] | undefined => {
  const own = known.get(ioctls) ?? new Map<string, readonly Call[] | undefined>()
  known.set(ioctls, own)
  if (!own.has(text)) own.set(text, read(text, ioctls))
  return own.get(text)
}

/** Whether a call may make what it is for, by what can be seen of it. */
const isPlausible = (state: GeneratorState, { on, ioctl, arg, noFd }: Call): boolean =>
  !noFd
  && (on === 'kvm' || state.vms.includes(on))
  && ioctl.mayMake?.(arg, state.host) !== false
  && !(ioctl.makes?.(arg) === 'gic' && state.gic)

const namesOf = (state: GeneratorState, name: string): string[] => {
  const sort = sortOf(name)
  return sort === 'vm' ? state.vms : sort === 'vcpu' ? state.vcpus : state.devices
}

/** Notes what `call` makes, or closes. */
export const afterCall = (state: GeneratorState, call: Call): void => {
  if (call.ioctl.name === 'close') {
    const names = namesOf(state, call.on)
    if (names.includes(call.on)) names.splice(names.indexOf(call.on), 1)
    state.closed.push(call.on)
    return
  }
  const made = call.into ?? (call.ioctl.makes === undefined ? undefined : makes(call))
  if (made === undefined || !isPlausible(state, call)) return
  const names = namesOf(state, made)
  if (!names.includes(made)) names.push(made)
  if (made === 'vm') {
    state.ipa = state.host?.isProtected ? ipaLimit(state.host) : Number(call.arg) || 40
    delete state.gic
  }
  if (made === 'gic') state.gic = call.arg.type === V2 ? 'v2' : 'v3'
}
