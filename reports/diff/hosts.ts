/** Two hosts, fact by fact: capabilities, features, devices, and the registers with what they hold and take. */
import type { Host, Reg } from '../../harness/model/host.ts'
import { deviceTypes, regName } from '../../harness/names/index.ts'
import type { Change } from './change.ts'

const deviceName = (type: number): string =>
  Object.keys(deviceTypes).find((name) => deviceTypes[name as keyof typeof deviceTypes] === type) ?? `device ${type}`

/** Facts that are there or not, with a value where they have one: capabilities, features, devices. */
export const factsOf = (host: Host): Map<string, string> =>
  new Map<string, string>([
    ...Object.entries(host.caps).map(([cap, value]): [string, string] => [cap, String(value)]),
    ...Object.entries(host.vmCaps).map(([cap, value]): [string, string] => [`${cap} on a VM`, String(value)]),
    ...host.features.map((name): [string, string] => [`feature ${name}`, 'offered']),
    ...host.devices.map((type): [string, string] => [deviceName(type), 'offered']),
    ...host.targets.map((target): [string, string] => [`target ${target} of KVM_ARM_VCPU_INIT`, 'taken']),
    ['vcpus of a VM', String(host.maxVcpus)],
    ['KVM_GET_VCPU_MMAP_SIZE', String(host.mmapSize)],
    ['KVM_REG_ARM64_SVE_VLS after KVM_ARM_VCPU_INIT', `0x${host.vls}`],
  ])

const writeInWords = ({ write }: Reg): string => (typeof write === 'string' ? write : JSON.stringify(write))

/** The registers by id and the features that list them. */
const regsOf = ({ regs }: Host): Map<string, Reg> => new Map(regs.map((reg) => [`${reg.id} ${reg.with ?? ''}`, reg]))

const named = ({ id, with: feature }: Reg): string =>
  `${regName(BigInt(`0x${id}`))}${feature === undefined ? '' : ` with ${feature}`}`

const one = (kind: Change['kind'], what: string, a: string | undefined, b: string | undefined): Change => ({
  kind,
  what,
  ...(a !== undefined && { a }),
  ...(b !== undefined && { b }),
  times: 1,
})

/** What a register holds and takes, in words, on either host. */
const registerChanges = (was: Reg, is: Reg): Change[] => [
  ...(was.reset === is.reset
    ? []
    : [one('drift', `${named(is)} after KVM_ARM_VCPU_INIT`, was.reset ?? 'varies', is.reset ?? 'varies')]),
  ...(writeInWords(was) === writeInWords(is)
    ? []
    : [one('drift', `${named(is)} takes`, writeInWords(was), writeInWords(is))]),
  ...(was.mask === is.mask ? [] : [one('drift', `writable mask of ${named(is)}`, was.mask ?? '0', is.mask ?? '0')]),
]

/** The changes of the hosts. */
export const hostChanges = (a: Host, b: Host): Change[] => {
  const [onA, onB] = [factsOf(a), factsOf(b)]
  const facts = [...new Set([...onA.keys(), ...onB.keys()])].flatMap((what): Change[] => {
    const [was, is] = [onA.get(what), onB.get(what)]
    if (was === is) return []
    return [one(is === undefined ? 'lost' : was === undefined ? 'gained' : 'drift', what, was, is)]
  })
  const [regsA, regsB] = [regsOf(a), regsOf(b)]
  const regs = [...new Set([...regsA.keys(), ...regsB.keys()])].flatMap((key): Change[] => {
    const [was, is] = [regsA.get(key), regsB.get(key)]
    if (was && is) return registerChanges(was, is)
    return [one(is ? 'gained' : 'lost', `${named((was ?? is)!)} in KVM_GET_REG_LIST`, was && 'listed', is && 'listed')]
  })
  return [...facts, ...regs]
}
