/** Reads one register of a vcpu. */
import { faults } from '../../model/pointer.ts'
import { inReleases } from '../../model/in-releases.ts'
import { api, ioctl, type Grant } from '../../model/rule.ts'
import { ioctls } from '../../names/index.ts'
import type { Here } from '../../model/world.ts'
import { owedReset } from '../entry/start.ts'
import { beforeAnyRegister } from '../registers/any-register.ts'
import { noCoreRegister } from '../registers/core.ts'
import { onlyWith02, PSCI_VERSION, psciVersion } from '../registers/firmware.ts'
import { type OneReg, toRead } from '../registers/one-reg.ts'
import { noSveRegister } from '../registers/sve.ts'
import { noCache } from '../registers/caches.ts'
import { asSystemRegister, noRegister, settled } from '../registers/sysreg.ts'
import { sizeOf } from '../registers/table.ts'
import { isUncharted } from '../registers/uncharted.ts'
import { exampleOf, rowOf, valueOf } from '../registers/value.ts'

type Value = (here: Here, id: bigint) => bigint | undefined

const reads = (value: Value): Grant<OneReg> => {
  const known: Value = (here, id) =>
    id === PSCI_VERSION ? psciVersion(here) : value(here, rowOf(here, id) ? id : asSystemRegister(id))
  return {
    says: 'The value, little-endian, in as many bytes as the id says.',
    cite: api('4.69', 'This ioctl allows to receive the value of a single register implemented in a vcpu'),
    text: [onlyWith02],
    gives: (here, { id }) => known(here, id) ?? exampleOf(here, id),
    varies: (here, { id }) => known(here, id) === undefined,
  }
}

export default ioctl('KVM_GET_ONE_REG', {
  nr: ioctls.KVM_GET_ONE_REG,
  on: ['vcpu'],
  capability: 'KVM_CAP_ONE_REG',
  weight: 18,
  takes: toRead,
  owed: owedReset,
  isGuess: (here, arg) => isUncharted(here, arg),
  refuses: [
    ...beforeAnyRegister,
    ...noCoreRegister,
    ...noSveRegister,
    noCache,
    ...noRegister,
    {
      why: 'bad value pointer',
      says: 'The value is written to where the struct points; it need not be aligned.',
      cite: api('4.69', 'struct kvm_one_reg (in and out)'),
      errno: 'EFAULT',
      when: (_, { id, to }) => faults(to, sizeOf(id), true),
    },
  ],
  grants: [
    ...inReleases({ until: '6.12', variant: 'ID registers as written' }, reads(valueOf)),
    ...inReleases({ since: '6.12' }, reads(settled)),
  ],
})
