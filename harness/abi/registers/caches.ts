/** Registers that tell of caches: CCSIDR_EL1 of each, and CLIDR_EL1. */
import { api, src, type Refusal } from '../../model/rule.ts'
import type { Here } from '../../model/world.ts'
import { arm64SysReg, regs } from '../../names/index.ts'
import { type NewValue, type OneReg, written } from './one-reg.ts'
import { CLIDR_EL1, isChosenCache } from './recorded-writes.ts'
import { baseOf, groupOf } from './table.ts'
import { rowOf } from './value.ts'

export const CTR_EL0 = arm64SysReg(3, 3, 0, 0, 1)

export const isDemux = (id: bigint): boolean => groupOf(id) === regs.KVM_REG_ARM_DEMUX

export const noCache: Refusal<OneReg> = {
  why: 'no cache',
  of: { register: 'demux' },
  says:
    'KVM_REG_ARM_DEMUX_ID_CCSIDR has 32 bits and the number of a cache that the vcpu has; the pointer is not '
    + 'looked at.',
  cite: api('4.68', 'ENOENT no such register'),
  errno: 'ENOENT',
  when: (here, { id }) => isDemux(id) && !rowOf(here, id),
}

/** CLIDR_EL1: what no revision of the architecture uses, and three fields of three bits. */
const RES0_FROM = 47n,
  [LOUIS, LOC, LOUU] = [21n, 24n, 27n]
/** CTR_EL0.IDC: instructions need no cleaning of data caches. */
const IDC = 1n << 28n

const setsCaches = (here: Here, { id }: NewValue): boolean => {
  const row = id === CLIDR_EL1 ? rowOf(here, id) : undefined
  return row !== undefined && isChosenCache(row)
}

/** For KVM_SET_ONE_REG, after the value was read. */
export const cacheRows: readonly Refusal<NewValue>[] = [
  {
    why: 'no such caches',
    of: { register: 'sys' },
    says: 'Of CLIDR_EL1 userspace chooses what it tells of caches, but for bits that the architecture reserves.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'set_clidr'),
    since: '6.3',
    errno: 'EINVAL',
    when: (here, arg) => setsCaches(here, arg) && written(arg, here.host) >> RES0_FROM !== 0n,
  },
  {
    why: 'no cache levels',
    of: { register: 'sys' },
    says: 'Where CTR_EL0.IDC of the host is 0, CLIDR_EL1 names a level of coherency and a level of unification.',
    cite: src('arch/arm64/kvm/sys_regs.c', 'set_clidr'),
    since: '6.3',
    errno: 'EINVAL',
    when: (here, arg) => {
      const value = written(arg, here.host)
      const level = (at: bigint) => (value >> at) & 7n
      const hasNone = level(LOC) === 0n || (level(LOUIS) === 0n && level(LOUU) === 0n)
      return setsCaches(here, arg) && hasNone && (baseOf(here.host, CTR_EL0) & IDC) === 0n
    },
    lacks: () => 'CTR_EL0.IDC is 1',
  },
]
