/** Writes one register of a vcpu. */
import { faults } from '../../model/pointer.ts'
import { api, ioctl, src } from '../../model/rule.ts'
import { ioctls, regs } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { owedReset } from '../entry/start.ts'
import { beforeAnyRegister } from '../registers/any-register.ts'
import { noCache } from '../registers/caches.ts'
import { narrowed, narrowedBanked, noCoreRegister, wrongMode } from '../registers/core.ts'
import { PSCI_VERSION, wrongFirmwareValue, wrongSize } from '../registers/firmware.ts'
import { type NewValue, toWrite, written } from '../registers/one-reg.ts'
import { chose, lengthsAreFinal, noSveRegister, wrongLengths, zeroed } from '../registers/sve.ts'
import {
  isOther,
  isUntried,
  noRegisterAfterValue,
  noRegisterBeforeValue,
  wrongSystemValue,
} from '../registers/sysreg.ts'
import { groupOf } from '../registers/table.ts'
import { isUncharted } from '../registers/uncharted.ts'
import { bytesRead, spoil, store } from '../registers/value.ts'

const says = 'The register has the value, as far as it can hold it.'
const cite = api('4.68', 'Using this ioctl, a single vcpu register can be set to a specific value')

const keep = (here: Here, { id, ...arg }: NewValue): void => {
  const value = written({ id, ...arg }, here.host)
  if (chose(here, id, value)) return
  if (id === PSCI_VERSION) here.vm.idRegs.set(id, value)
  // The level of a workaround is checked and then forgotten.
  else if (groupOf(id) !== regs.KVM_REG_ARM_FW) store(here, id, value)
}

const unreadable = {
  why: 'bad value pointer',
  cite: src('arch/arm64/kvm/guest.c', 'set_sve_reg'),
  errno: 'EFAULT',
} as const

export default ioctl<NewValue>('KVM_SET_ONE_REG', {
  nr: ioctls.KVM_SET_ONE_REG,
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 28,
  takes: toWrite,
  owed: owedReset,
  isGuess: (here, arg) => isUncharted(here, arg),
  refuses: [
    ...beforeAnyRegister,
    ...noCoreRegister,
    ...noSveRegister,
    lengthsAreFinal,
    noCache,
    ...wrongSize,
    ...noRegisterBeforeValue,
    {
      ...unreadable,
      variant: 'of the size in the id',
      says: 'The value is read from where the struct points. A vector or system register is zeroed by the attempt.',
      until: '6.0',
      when: (here, { id, to }) => faults(to, bytesRead(here, id)),
      leaves: (here, arg) => {
        zeroed(here, arg)
        spoil(here, arg)
      },
    },
    {
      ...unreadable,
      says:
        'The value is read from where the struct points, of system registers 64 bits whatever the id says. '
        + 'A vector register is zeroed by the attempt.',
      since: '6.0',
      text: [
        {
          says: 'What is not there is ENOENT; up to 6.1 it was, with a bad pointer, too. Errors are indicative only.',
          cite: api('4.68', 'These error codes are indicative only'),
        },
      ],
      when: (here, { id, to }) => faults(to, isOther(id) ? 8 : bytesRead(here, id)),
      leaves: zeroed,
    },
    ...noRegisterAfterValue,
    wrongMode,
    wrongLengths,
    ...wrongFirmwareValue,
    ...wrongSystemValue,
  ],
  grants: [
    {
      variant: 'in AArch32 r0 to r14 are cut',
      says,
      cite,
      isGuess: isUntried,
      until: '6.1',
      then: (here, arg) => {
        keep(here, arg)
        narrowedBanked(here, arg.id)
      },
    },
    {
      says,
      cite,
      isGuess: isUntried,
      since: '6.1',
      then: (here, arg) => {
        keep(here, arg)
        narrowed(here, arg.id)
      },
    },
  ],
})
