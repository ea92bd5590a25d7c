/** What stands between a trace and a kernel: the creations a trace leaves out. */
import { makes, sortOf, vmOf, type Call, type Step } from '../model/call.ts'
import { abi, namedIn } from '../abi/index.ts'
import type { Ioctl } from '../model/rule.ts'
import { didYouMean } from '../process/nearest.ts'
import { UserError, within } from '../process/user-error.ts'

const usualNames = ['kvm', 'vm', 'vcpu0', 'vcpu1']

/**
 * The steps with the VMs and vcpus created first that they use and do not make themselves: `KVM_CREATE_VM(0)` and
 * `KVM_CREATE_VCPU(n)`, answered ok. Throws a UserError for a device that is nowhere made, since its type is not known,
 * for a vcpu of a VM that the steps make themselves, and for one whose number is no vcpu id; `whereOf` says where a
 * step stands, `ioctls` are those of a dialect's kernel.
 */
export const withCreations = (
  steps: readonly Step[],
  whereOf?: (step: number) => string,
  ioctls: readonly Ioctl[] = abi,
): Step[] => {
  const explicit = new Set(steps.map(({ call }) => makes(call)))
  const made = new Set(['kvm', ...explicit])
  const created: Step[] = []
  const need = (name: string) => {
    if (made.has(name)) return
    const sort = sortOf(name)
    if (sort === 'device') {
      const hint = didYouMean(name, [...usualNames, ...[...explicit].filter((one) => one !== undefined)])
      throw new UserError(
        `${name} is used and never made${hint === '' ? `; begin with ${name} = KVM_CREATE_DEVICE(…)` : hint}`,
      )
    }
    if (sort === 'vcpu' && explicit.has(vmOf(name)))
      throw new UserError(
        `${name} is used and never made, while its VM is; write "${vmOf(name)}: KVM_CREATE_VCPU(${/\d+$/.exec(name)![0]})" after that`,
      )
    made.add(name)
    if (sort === 'vcpu') need(vmOf(name))
    const ioctl = namedIn(ioctls, sort === 'vm' ? 'KVM_CREATE_VM' : 'KVM_CREATE_VCPU')!
    const call: Call =
      sort === 'vm'
        ? { on: 'kvm', ioctl, arg: 0n, into: name }
        : { on: vmOf(name), ioctl, arg: ioctl.takes.parse(/\d+$/.exec(name)![0], 'vm'), into: name }
    created.push({ call, answer: { ret: 0 } })
  }
  for (const [i, { call }] of steps.entries())
    if (whereOf) within(whereOf(i), () => need(call.on))
    else need(call.on)
  return [...created, ...steps]
}
