/** Exceptions that a vcpu has pending: an SError, and an external abort that is delivered at once. */
import { api, ioctl, src, type Ioctl, type Refusal } from '../../model/rule.ts'
import { arm64SysReg, ioctls, pstate as pstateBits } from '../../names/index.ts'
import type { Host } from '../../model/host.ts'
import type { Here } from '../../model/world.ts'
import { baseOf } from '../registers/table.ts'
import { PSTATE } from '../registers/core.ts'
import { valueOf } from '../registers/value.ts'
import { abortExternally, takeSError } from '../entry/external-abort.ts'
import { holdsIn, type Dated } from '../../model/release.ts'
import { badPointer } from '../../model/bad-pointer.ts'
import { ESR_ELX_ISS, fields, NO_SYNDROME, shown, takes, type Events } from '../args/vcpu-events.ts'

const PSR_A_BIT = BigInt(pstateBits.PSR_A_BIT)

const hasRas = (host: Host): boolean => ((baseOf(host, arm64SysReg(3, 0, 0, 4, 0)) >> 28n) & 15n) !== 0n

const notInitialised = (section: string): Refusal<unknown> => ({
  why: 'not initialised',
  says: 'Whether the vcpu is 32-bit, and so what an exception does to it, is known after KVM_ARM_VCPU_INIT.',
  cite: api(section, 'Calling this ioctl on a vCPU that hasn’t been initialized will return -ENOEXEC'),
  since: ['6.18', '6.1.187', '6.12.108', '6.17.13'],
  errno: 'ENOEXEC',
  when: ({ vcpu }) => !vcpu.initialised,
})

const getVcpuEvents: Ioctl = ioctl('KVM_GET_VCPU_EVENTS', {
  nr: ioctls.KVM_GET_VCPU_EVENTS,
  on: ['vcpu'],
  capability: 'KVM_CAP_VCPU_EVENTS',
  takes: shown,
  refuses: [notInitialised('4.31'), badPointer(shown, api('4.31', 'struct kvm_vcpu_event'))],
  grants: {
    says:
      'Whether an SError is pending, with its syndrome where the host has RAS. An external abort never is: it '
      + 'was delivered.',
    cite: api('4.31', 'Gets currently pending exceptions, interrupts, and NMIs as well as related states'),
    gives: ({ host, vcpu: { serror } }) =>
      BigInt(serror !== undefined)
      | (hasRas(host) ? 0x100n | ((serror ?? 0n) << BigInt(fields['exception.serror_esr'][0] * 8)) : 0n),
    // A guest that runs may take it.
    varies: ({ vcpu }) => vcpu.entered && vcpu.serror !== undefined,
  },
})

const withSyndrome = (arg: Events) => arg['exception.serror_pending'] !== 0 && arg['exception.serror_has_esr'] !== 0

const pending = api('4.32', 'Set pending exceptions, interrupts, and NMIs as well as related states of the vcpu')

const pend = ({ vcpu }: Here, arg: Events): void => {
  if (arg['exception.serror_pending'] !== 0) vcpu.serror = withSyndrome(arg) ? arg['exception.serror_esr'] : NO_SYNDROME
}
const abort = (here: Here, arg: Events): void => {
  if (arg['exception.ext_dabt_pending'] !== 0) abortExternally(here)
}
/** The abort comes before the SError is looked at. */
const isFirst: Dated = { since: '6.17' }
const leavesAbort = (here: Here, arg: Events): void => {
  if (holdsIn(here.world.release, isFirst)) abort(here, arg)
}

const setVcpuEvents: Ioctl = ioctl<Events>('KVM_SET_VCPU_EVENTS', {
  nr: ioctls.KVM_SET_VCPU_EVENTS,
  on: ['vcpu'],
  capability: 'KVM_CAP_VCPU_EVENTS',
  weight: 4,
  takes,
  refuses: [
    notInitialised('4.32'),
    badPointer(takes, api('4.32', 'struct kvm_vcpu_event')),
    {
      why: 'reserved fields',
      says: 'The padding and the reserved fields are 0.',
      cite: src('arch/arm64/kvm/arm.c', 'kvm_arm_vcpu_set_events'),
      errno: 'EINVAL',
      when: (_, arg) => arg.reserved !== 0n || arg['exception.pad'] !== 0n,
    },
    {
      why: 'no syndromes',
      says: 'A host without RAS gives an SError no syndrome. Without serror_pending it is not looked at.',
      cite: api('4.31', 'Specifying exception.has_esr on a system that does not support it will return -EINVAL'),
      text: [
        {
          says: 'serror_has_esr alone is EINVAL there.',
          cite: api('4.31', 'Specifying exception.has_esr on a system that does not support it'),
        },
      ],
      errno: 'EINVAL',
      when: ({ host }, arg) => withSyndrome(arg) && !hasRas(host),
      lacks: () => 'no RAS',
      leaves: leavesAbort,
    },
    {
      why: 'syndrome',
      says: 'A syndrome has 25 bits.',
      cite: api('4.31', 'Setting anything other than the lower 24bits of exception.serror_esr will return -EINVAL'),
      text: [
        {
          says: 'The lower 24 bits may be set.',
          cite: api('4.31', 'Setting anything other than the lower 24bits of exception.serror_esr'),
        },
      ],
      errno: 'EINVAL',
      when: (_, arg) => withSyndrome(arg) && (arg['exception.serror_esr'] & ~ESR_ELX_ISS) !== 0n,
      leaves: leavesAbort,
    },
  ],
  grants: [
    {
      variant: 'never delivered',
      says:
        'The SError is pending from now on, and nothing but KVM_ARM_VCPU_INIT takes it back. An external abort '
        + 'is delivered.',
      cite: pending,
      until: '6.17',
      then(here, arg) {
        pend(here, arg)
        abort(here, arg)
      },
    },
    {
      says:
        'The SError is pending from now on, or where PSTATE does not mask it delivered. An external abort is '
        + 'delivered.',
      cite: pending,
      since: '6.17',
      then(here: Here, arg) {
        abort(here, arg)
        const pstate = valueOf(here, PSTATE)
        if (arg['exception.serror_pending'] === 0 || pstate === undefined || (pstate & PSR_A_BIT) !== 0n)
          pend(here, arg)
        else takeSError(here, withSyndrome(arg) ? arg['exception.serror_esr'] : NO_SYNDROME)
      },
    },
  ],
})

export default [getVcpuEvents, setVcpuEvents]
