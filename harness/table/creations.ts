/** What stands between a trace and a kernel: the creations a trace leaves out. */
import { makes, sortOf, vmOf, type Call, type Step } from '../model/call.ts'
import { ioctlNamed } from '../abi/index.ts'
import { UserError } from '../process/user-error.ts'

/**
 * The steps with the VMs and vcpus created first that they use and do not make themselves: `KVM_CREATE_VM(0)` and
 * `KVM_CREATE_VCPU(n)`, answered ok. Throws a UserError for a device that is nowhere made, since
 * its type is not known, for a vcpu of a VM that the steps make themselves, and for one whose number is no vcpu id.
 */
export const withCreations = (steps: readonly Step[]): Step[] => {
  const explicit = new Set(steps.map(({ call }) => makes(call)))
  const made = new Set(['kvm', ...explicit])
  const created: Step[] = []
  const need = (name: string) => {
    if (made.has(name)) return
    const sort = sortOf(name)
    if (sort === 'device')
      throw new UserError(`${name} is used and never made; begin with ${name} = KVM_CREATE_DEVICE(…)`)
    if (sort === 'vcpu' && explicit.has(vmOf(name)))
      throw new UserError(
        `${name} is used and never made, while its VM is; write "${vmOf(name)}: KVM_CREATE_VCPU(${/\d+$/.exec(name)![0]})" after that`,
      )
    made.add(name)
    if (sort === 'vcpu') need(vmOf(name))
    const ioctl = ioctlNamed(sort === 'vm' ? 'KVM_CREATE_VM' : 'KVM_CREATE_VCPU')!
    const call: Call =
      sort === 'vm'
        ? { on: 'kvm', ioctl, arg: 0n, into: name }
        : { on: vmOf(name), ioctl, arg: ioctl.takes.parse(/\d+$/.exec(name)![0], 'vm'), into: name }
    created.push({ call, answer: { ret: 0 } })
  }
  for (const { call } of steps) need(call.on)
  return [...created, ...steps]
}
