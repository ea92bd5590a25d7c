/** Capabilities of a VM that are enabled with arguments: when it is made, or by KVM_ENABLE_CAP afterwards. */
import { badPointer } from '../../../model/bad-pointer.ts'
import { ipaLimit, offers, type Host } from '../../../model/host.ts'
import { assumed, ioctl, mail, type Refusal } from '../../../model/rule.ts'
import { addVm, type Here } from '../../../model/world.ts'
import type { Vm } from '../../../model/vm.ts'
import { _IOW, features, ioctls } from '../../../names/index.ts'
import {
  IPA_SIZE,
  listed,
  MOST,
  only,
  SVE,
  takesList,
  takesOne,
  type EnableCap,
  type List,
  type One,
} from './caps-args.ts'
import { mayBeList, rowsOfList } from './list.ts'
import { hasLength } from './vectors.ts'

export const poulose = (passage: string) => mail('2018-07-11 Suzuki K Poulose', passage)
const martin = (passage: string) => mail('2018-07-10 Dave Martin', passage)

const hasSve = (host: Host): boolean => offers(host, features.KVM_ARM_VCPU_SVE)

/** What each of the capabilities that a call enables may be refused for. */
const ofEach = (enabled: (arg: any) => readonly EnableCap[]) => {
  const some = (is: (one: EnableCap, host: Host) => boolean): Refusal<any>['when'] => {
    return ({ host }: Here, arg) => enabled(arg).some((one) => is(one, host))
  }
  return [
    {
      why: 'unknown capability',
      says: 'A VM can be told its size and whether its vcpus may have SVE.',
      cite: assumed('these are what the thread wants to tell a VM, by the names that shipped'),
      errno: 'EINVAL',
      when: some(({ cap }) => cap !== IPA_SIZE && cap !== SVE),
    },
    {
      why: 'unknown argument',
      says: 'There are no flags, the first argument is the only one, and the rest of the struct is 0.',
      cite: poulose('The kvm_enable_cap can pass in additional arguments for each cap'),
      errno: 'EINVAL',
      when: some(({ flags, args, pad }) => flags !== 0 || args.slice(1).some((arg) => arg !== 0n) || pad !== 0n),
    },
    {
      why: 'IPA size',
      says: 'The size is from 32 to what KVM_CHECK_EXTENSION gives.',
      cite: poulose('probing becomes straight forward'),
      errno: 'EINVAL',
      when: some(({ cap, args }, host) => cap === IPA_SIZE && (args[0]! < 32n || args[0]! > BigInt(ipaLimit(host)))),
      lacks: ({ host }) => `KVM_CAP_ARM_VM_IPA_SIZE = ${ipaLimit(host)}`,
    },
    {
      why: 'no SVE',
      says: 'KVM_CHECK_EXTENSION says that the host has SVE.',
      cite: poulose('probing becomes straight forward'),
      errno: 'EINVAL',
      when: some(({ cap }, host) => cap === SVE && !hasSve(host)),
      lacks: () => 'KVM_CAP_ARM_SVE = 0',
    },
    {
      why: 'vector length',
      says: 'The length is one of the host in bits, or 0 for all of them.',
      cite: assumed('a VM cannot have what its host lacks'),
      errno: 'EINVAL',
      when: some(({ cap, args }, host) => cap === SVE && args[0] !== 0n && !hasLength(host, Number(args[0]))),
      lacks: () => 'no vectors of that length',
    },
  ] satisfies Refusal<any>[]
}

/** The longest vectors of a VM's vcpus, in bits: 0 for none, undefined for as long as the host can do. */
export const longest = ({ proposed }: Vm): number | undefined => proposed as number | undefined

const enable = (vm: Vm, host: Host, { cap, args }: EnableCap): void => {
  if (cap === SVE) vm.proposed = Number(args[0]) || undefined
  else if (!host.isProtected) vm.ipa = Number(args[0])
}

export const createVm2 = ioctl<List>('KVM_CREATE_VM2', {
  // The mail gives no number; /dev/kvm knows none near this one.
  nr: _IOW(0xae, 0x0f, takesList.pointsTo!.size),
  on: ['kvm'],
  takes: takesList,
  makes: () => 'vm',
  mayMake: mayBeList(MOST),
  refuses: [
    badPointer(takesList, poulose('pass a list of capabilities to be enabled at creation time')),
    ...rowsOfList<List>(
      {
        most: MOST,
        tooMany: { says: 'The list has each capability at most once.', cite: assumed('there are two') },
        twice: 'A capability stands in the list once.',
        keysOf: (arg) => listed(arg).map(({ cap }) => cap),
      },
      ofEach(listed),
    ),
  ],
  grants: {
    says: 'A VM with these capabilities, of 40 bits and without SVE where the list says nothing.',
    cite: poulose('pass a list of capabilities to be enabled at creation time'),
    then(here, arg, into) {
      const vm = addVm(here, into, here.host.isProtected ? ipaLimit(here.host) : 40)
      vm.proposed = 0
      for (const one of listed(arg)) enable(vm, here.host, one)
    },
  },
})

/** True where something was made whose making depends on what the VM is. */
const isUsed = ({ vcpus, memslots, vgic, vfio, hasIts }: Vm): boolean =>
  vcpus.length > 0 || memslots.length > 0 || vgic !== undefined || vfio === true || hasIts === true

export const enableCap = ioctl<One>('KVM_ENABLE_CAP', {
  nr: ioctls.KVM_ENABLE_CAP,
  on: ['vm'],
  weight: 6,
  takes: takesOne,
  refuses: [
    badPointer(takesOne, martin('There may be some ioctls we can reuse, like KVM_ENABLE_CAP')),
    ...ofEach(only),
    {
      why: 'too late',
      says: 'A VM is configured before it has a vcpu, memory or a device.',
      cite: poulose(
        'the ordering of different operations and tracking to make sure that the userspace follows the expected order',
      ),
      errno: 'EBUSY',
      when: ({ vm }) => isUsed(vm),
    },
  ],
  grants: {
    says: 'The VM will be so. What is set last holds.',
    cite: martin('for per-vm capability flags'),
    then: ({ vm, host }, arg) => enable(vm, host, only(arg)[0]!),
  },
})
