/** KVM_GET_ONE_REG and KVM_SET_ONE_REG with the registers of SME, and with what streaming mode shows otherwise. */
import { written, type NewValue, type OneReg } from '../../../abi/registers/one-reg.ts'
import { assumed, type Grant, type Ioctl, type Refusal } from '../../../model/rule.ts'
import { faults } from '../../../model/pointer.ts'
import type { Here } from '../../../model/world.ts'
import { regs } from '../../../names/index.ts'
import { isSmeGroup, read, SME_VLS, SVCR, write, ZT0 } from './names.ts'
import { beforeValue, isMatrix, isOwn, lengthsAreFinal, ofValue } from './register-rows.ts'
import { bitsOf, isStreaming, isZ, ownValue, setSvcr, smeOf } from './state.ts'

const sizeOf = (id: bigint): number => 1 << Number((id & regs.KVM_REG_SIZE_MASK) >> regs.KVM_REG_SIZE_SHIFT)

/** Rows of the table that would refuse what the series grants. */
const spared = (rows: readonly Refusal<any>[]): Refusal<any>[] =>
  rows.map((row) => {
    const spares = (here: Here, id: bigint): boolean =>
      row.why === 'no register' ? isOwn(here, id) : row.why === 'vcpu without SVE' && isZ(id) && isStreaming(here.vcpu)
    return row.why !== 'no register' && row.why !== 'vcpu without SVE'
      ? row
      : { ...row, when: (here, arg, by) => row.when(here, arg, by) && !spares(here, arg.id) }
  })

/** The rows before the register is known, which are the first of both ioctls. */
const COMMON = 3

export const getOneReg = (ioctl: Ioctl): Ioctl<OneReg> => ({
  ...ioctl,
  takes: read,
  refuses: [...ioctl.refuses.slice(0, COMMON), ...beforeValue, ...spared(ioctl.refuses.slice(COMMON))],
  grants: [ioctl.grants].flat().map((grant): Grant<OneReg> => {
    const known = (here: Here, { id }: OneReg): bigint | undefined => {
      const sme = smeOf(here.vcpu)
      if (sme && id === SME_VLS) return sme.vls
      if (sme && isMatrix(id)) return here.vcpu.entered ? undefined : (sme.matrix.get(id) ?? 0n)
      return ownValue(here, id)
    }
    return {
      ...grant,
      gives: (here, arg) => known(here, arg) ?? grant.gives?.(here, arg),
      varies: (here, arg) => known(here, arg) === undefined && grant.varies?.(here, arg) === true,
    }
  }),
})

export const setOneReg = (ioctl: Ioctl): Ioctl<NewValue> => ({
  ...ioctl,
  takes: write,
  refuses: [
    ...ioctl.refuses.slice(0, COMMON),
    ...beforeValue,
    lengthsAreFinal,
    ...spared(ioctl.refuses.slice(COMMON)),
    {
      why: 'bad value pointer',
      variant: 'of a register of SME',
      of: { register: 'sme' },
      says: 'The whole value is read from where the struct points.',
      cite: assumed('the value is as long as the id says, where a system register has 64 bits'),
      errno: 'EFAULT',
      when: (_, { id, to }) => isSmeGroup(id) && faults(to, sizeOf(id)),
    },
    ...ofValue,
  ],
  grants: [ioctl.grants].flat().map((grant): Grant<NewValue> => ({
    ...grant,
    then(here, arg, into) {
      const sme = smeOf(here.vcpu)
      const value = written(arg, here.host)
      if (!sme || !(isOwn(here, arg.id) || (isZ(arg.id) && isStreaming(here.vcpu)))) grant.then?.(here, arg, into)
      else if (arg.id === SME_VLS) sme.vls = value
      else if (arg.id === SVCR) setSvcr(here, value)
      else if (arg.id === ZT0) sme.matrix.set(ZT0, value)
      else if (isMatrix(arg.id)) sme.matrix.set(arg.id, value & bitsOf(arg.id, sme))
      else here.vcpu.regs.set(arg.id, value & bitsOf(arg.id, sme))
    },
  })),
})
