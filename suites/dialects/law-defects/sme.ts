/** Defects of a kernel with SME as it was posted. */
import type { Here } from '../../../harness/model/world.ts'
import type { Breakable } from '../../../harness/table/errata.ts'
import { arm64SysReg, sveFfr, sveZReg } from '../../../harness/names/index.ts'
import type { DialectDefect } from './defect.ts'

const SVCR = arm64SysReg(3, 3, 4, 2, 2)
const isZ = (id: bigint) => id >= sveZReg(0, 0) && id <= sveZReg(31, 31)

/** A write to SVCR that leaves something as it was. */
const keeps = (k: Breakable, kept: (here: Here) => () => void) =>
  k.grants('KVM_SET_ONE_REG', ({ then }) => ({
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
    then(here, arg, into) {
      const restore = kept(here)
      then!(here, arg, into)
      if (arg.id === SVCR) restore()
    },
  }))

export const ofSme: readonly DialectDefect[] = [
  {
    dialect: 'sme-2026',
    law: 'Z and P are as long',
    is: 'Z is as long as SVE makes it, in streaming mode, too',
    breaks: (k) =>
      k.grants('KVM_GET_ONE_REG', ({ gives }) => ({
        gives(here, arg) {
          const value = gives!(here, arg)
          const bits = BigInt(here.vcpu.vls.toString(2).length * 128)
          return value !== undefined && isZ(arg.id) ? BigInt.asUintN(Number(bits), value) : value
        },
      })),
  },
  {
    dialect: 'sme-2026',
    law: 'any change of SVCR.SM',
    is: 'ZA keeps its rows while it is off',
    breaks: (k) =>
      keeps(k, ({ vcpu }) => {
        const { matrix } = vcpu.proposed as { matrix: Map<bigint, bigint> }
        const rows = [...matrix]
        return () => {
          for (const [id, value] of rows) matrix.set(id, value)
        }
      }),
  },
  {
    dialect: 'sme-2026',
    law: 'state is restored by writing SVCR first',
    is: 'streaming mode shows what was in Z before',
    breaks: (k) =>
      keeps(k, ({ vcpu }) => {
        const before = [...vcpu.regs].filter(([id]) => isZ(id))
        return () => {
          for (const [id, value] of before) vcpu.regs.set(id, value)
        }
      }),
  },
  {
    dialect: 'sme-2026',
    law: 'every register of the list',
    is: 'FFR is listed in streaming mode',
    breaks: (k) =>
      k.grants('KVM_GET_REG_LIST', ({ lists }) => ({ lists: (here, arg) => [...lists!(here, arg), sveFfr(0)] })),
  },
]
