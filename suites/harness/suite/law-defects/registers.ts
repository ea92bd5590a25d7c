/** Defects of registers and their list. */
import { arm64SysReg, caps, demuxCcsidr, features, parseReg } from '../../../../harness/names/index.ts'
import { written } from '../../../../harness/abi/registers/one-reg.ts'
import { pairs, PMCR_EL0 } from '../../../../harness/abi/registers/pmu.ts'
import { baseOf } from '../../../../harness/abi/registers/table.ts'
import { spares, sees, lists, takes, type Defect } from './defect.ts'

const INIT = 'KVM_ARM_VCPU_INIT'
const LIST = 'KVM_GET_REG_LIST'
const GET = 'KVM_GET_ONE_REG'
const SET = 'KVM_SET_ONE_REG'
const X7 = parseReg('KVM_REG_ARM_CORE_REG(regs.regs[7])')
const SPSR_IRQ = parseReg('KVM_REG_ARM_CORE_REG(spsr[3])')
const SPSR_FIQ = parseReg('KVM_REG_ARM_CORE_REG(spsr[4])')
const CLIDR_EL1 = arm64SysReg(3, 1, 0, 0, 1)
const ID_AA64PFR0_EL1 = arm64SysReg(3, 0, 0, 4, 0)
const ID_AA64ISAR0_EL1 = arm64SysReg(3, 0, 0, 6, 0)
const PMCNTENCLR_EL0 = pairs[0].clear
const ALL = (1n << 64n) - 1n
const AARCH32_FIQ = 0x11n

const changesTwoFields = (flipped: bigint): boolean =>
  flipped
    .toString(16)
    .split('')
    .filter((field) => field !== '0').length > 1

export const ofRegisters: readonly Defect[] = [
  {
    law: 'the register list has no duplicates',
    is: 'the first is listed twice',
    breaks: (k) => lists(k, (ids) => [...ids, ids[0]!]),
  },
  {
    law: 'KVM_GET_REG_LIST succeeds',
    is: 'one less will do',
    breaks: (k) => sees(k, LIST, 'n too small', (arg) => ({ ...arg, n: arg.n + 1n })),
  },
  {
    law: 'a feature adds registers',
    is: 'a PMU takes x7',
    breaks: (k) =>
      lists(k, (ids, { vcpu }) =>
        ids.filter((id) => id !== X7 || !(vcpu.features & (1 << features.KVM_ARM_VCPU_PMU_V3))),
      ),
  },
  {
    law: 'a register can be read',
    is: 'x7 is not listed',
    breaks: (k) => lists(k, (ids) => ids.filter((id) => id !== X7)),
  },
  {
    law: 'every listed register is refused',
    is: 'x7 has two sizes',
    breaks: (k) => spares(k, GET, 'no core register', ({ id }) => id === (X7 ^ (1n << 52n))),
  },
  {
    law: 'KVM_GET_REG_LIST is EFAULT',
    is: 'a list that does not fit is cut',
    breaks: (k) => k.forgets(LIST, 'no room'),
  },
  {
    law: 'what a listed register reads',
    is: 'x7 cannot be written',
    breaks: (k) => k.refuses(SET, 'EINVAL', (_, { id, to }) => id === X7 && to === undefined),
  },
  {
    law: 'a write to one register',
    is: 'what is written of one cache is read of the last one, too',
    breaks: (k) =>
      takes(k, SET, (arg, { vcpu }) => {
        if (arg.id >= demuxCcsidr(0) && arg.id < demuxCcsidr(13)) vcpu.regs.set(demuxCcsidr(13), arg.value)
        return arg
      }),
  },
  {
    law: 'core registers, Z, P, FFR',
    is: 'x7 has no bit 63',
    breaks: (k) => takes(k, SET, (arg) => (arg.id === X7 ? { ...arg, value: BigInt.asUintN(63, arg.value) } : arg)),
  },
  {
    law: 'core registers, Z, P, FFR',
    is: 'the SPSRs of IRQ and FIQ are one',
    breaks: (k) => {
      const asFiq = (arg: any) => (arg.id === SPSR_IRQ ? { ...arg, id: SPSR_FIQ } : arg)
      takes(k, SET, asFiq)
      k.grants(GET, ({ gives }) => ({ gives: (here, arg) => gives!(here, asFiq(arg)) }))
    },
  },
  {
    law: 'KVM_GET_ONE_REG touches exactly',
    is: 'x7 is seven bytes',
    breaks: (k) => spares(k, GET, 'bad value pointer', ({ id, to }) => id === X7 && to === 7),
  },
  {
    law: 'a KVM_SET_ONE_REG that fails with EFAULT',
    is: 'it leaves 0',
    breaks: (k) =>
      k.leaves(SET, 'bad value pointer', ({ vcpu }, { id }) => {
        vcpu.regs.set(id, 0n)
      }),
  },
  {
    law: 'several fields of an ID register',
    is: 'no two fields can be changed',
    breaks: (k) =>
      k.refuses(SET, 'EINVAL', ({ host }, arg) => changesTwoFields(written(arg, host) ^ baseOf(host, arg.id))),
  },
  {
    law: 'several fields of an ID register',
    is: 'they are refused with EPERM',
    breaks: (k) => k.answers(SET, 'value', 'EPERM'),
  },
  {
    law: 'no field of an ID register',
    is: 'AES can be more than the host has',
    breaks: (k) => spares(k, SET, 'value', ({ id, value }) => id === ID_AA64ISAR0_EL1 && ((value >> 4n) & 15n) === 3n),
  },
  {
    law: 'KVM_ARM_GET_REG_WRITABLE_MASKS',
    is: 'AES is not in the mask',
    breaks: (k) =>
      k.grants('KVM_ARM_GET_REG_WRITABLE_MASKS', ({ gives }) => ({
        gives: (here, arg) => gives!(here, arg)! & ~(arg.id === ID_AA64ISAR0_EL1 ? 0xf0n : 0n),
      })),
  },
  {
    law: 'ID_AA64DFR0_EL1.DebugVer and ID_DFR0_EL1.CopDbg',
    is: 'an older one is EBUSY',
    breaks: (k) => k.answers(SET, 'no such debug architecture', 'EBUSY'),
  },
  {
    law: 'regs.pstate takes',
    is: 'a 64-bit vcpu takes a 32-bit mode',
    breaks: (k) => spares(k, SET, 'processor mode', ({ value }) => (value & 0x1fn) === AARCH32_FIQ),
  },
  {
    law: 'KVM_REG_ARM_DEMUX_ID_CCSIDR(n) exists',
    is: 'there is a cache 14',
    breaks: (k) => spares(k, GET, 'no cache', ({ id }) => id === demuxCcsidr(14)),
  },
  {
    law: 'KVM_REG_ARM64_SVE_VLS takes',
    is: 'a length may be missing',
    breaks: (k) => spares(k, SET, 'vector lengths', ({ value }) => value === 0b1011n),
  },
]

export const ofPastBugs: readonly Defect[] = [
  {
    law: 'KVM_ARM_VCPU_INIT does not forget what userspace wrote to CLIDR_EL1',
    is: 'it forgets',
    breaks: (k) =>
      k.grants(INIT, ({ then: reset }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- as above
        then(here, arg, into) {
          reset!(here, arg, into)
          here.vcpu.regs.delete(CLIDR_EL1)
        },
      })),
  },
  {
    law: 'ID_AA64PFR0_EL1.CSV2 can be lowered',
    is: 'ID_AA64PFR0_EL1 cannot be written',
    breaks: (k) => k.refuses(SET, 'EINVAL', (_, { id }) => id === ID_AA64PFR0_EL1),
  },
  {
    law: 'ID_AA64PFR0_EL1 reads the same before and after',
    is: 'it knows of a GICv3 only once there is one',
    breaks: (k) =>
      k.grants(GET, ({ gives }) => ({
        gives(here, arg) {
          const value = gives!(here, arg)
          return arg.id === ID_AA64PFR0_EL1 && !here.vm.vgic && value !== undefined ? value & ~(15n << 24n) : value
        },
      })),
  },
  {
    law: 'a write to a breakpoint or watchpoint register',
    is: 'the last watchpoint is the first',
    breaks: (k) =>
      takes(k, SET, (arg) =>
        arg.id === arm64SysReg(2, 0, 0, 15, 6) ? { ...arg, id: arm64SysReg(2, 0, 0, 0, 6) } : arg,
      ),
  },
  {
    law: 'KVM_CAP_NR_VCPUS recommends no more',
    is: 'it recommends 1024',
    breaks: (k) =>
      k.grants('KVM_CHECK_EXTENSION', ({ gives }) => ({
        gives: (here, n) => (n === BigInt(caps.KVM_CAP_NR_VCPUS) ? 1024n : gives!(here, n)),
      })),
  },
  {
    law: 'PMCNTENSET_EL0, PMOVSSET_EL0 and PMINTENSET_EL1',
    is: 'a bit that is cleared clears all',
    breaks: (k) => takes(k, SET, (arg) => (arg.id === PMCNTENCLR_EL0 && arg.value > 0n ? { ...arg, value: ALL } : arg)),
  },
  {
    law: 'PMCR_EL0.N is lowered',
    is: 'also by a VM that has run',
    breaks: (k) =>
      k.grants(SET, ({ then }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then(here, arg, into) {
          const { vm } = here
          const { hasRun } = vm
          if (arg.id === PMCR_EL0) vm.hasRun = false
          then!(here, arg, into)
          vm.hasRun = hasRun
        },
      })),
  },
]
