/** Every law can fail: each is tried on a kernel with one defect of its kind, and on the same kernel without. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { brokenRules, type Breakable } from '../../../harness/table/errata.ts'
import { answersIn, mock } from '../../../harness/oracle/mock.ts'
import type { Host } from '../../../harness/model/host.ts'
import type { Kernel } from '../../../harness/model/kernel.ts'
import { lawsOf, runLaw, type Law } from '../../../harness/suite/law.ts'
import { arm64SysReg, demuxCcsidr, features, parseReg } from '../../../harness/names/index.ts'
import { boot } from '../../../harness/table/rules.ts'
import type { Here } from '../../../harness/model/world.ts'

interface Defect {
  /** How the law's title begins. */
  law: string
  /** What is wrong with the kernel. */
  is: string
  breaks(rules: Breakable): void
  /** A recorded host, where the usual one would not do. */
  host?: string
  /** What was noted while the host was recorded. */
  trouble?: NonNullable<Host['trouble']>
}

const V2 = '6.12-cortex-a57-gicv2'
const X7 = parseReg('KVM_REG_ARM_CORE_REG(regs.regs[7])'),
  PC = parseReg('KVM_REG_ARM_CORE_REG(regs.pc)')
const CLIDR_EL1 = arm64SysReg(3, 1, 0, 0, 1),
  ID_AA64PFR0_EL1 = arm64SysReg(3, 0, 0, 4, 0)
const AARCH32_FIQ = 0x11n

const INIT = 'KVM_ARM_VCPU_INIT',
  CREATE_VM = 'KVM_CREATE_VM',
  CREATE_VCPU = 'KVM_CREATE_VCPU',
  LIST = 'KVM_GET_REG_LIST'
const FINALIZE = 'KVM_ARM_VCPU_FINALIZE',
  SLOT = 'KVM_SET_USER_MEMORY_REGION',
  GET = 'KVM_GET_ONE_REG',
  SET = 'KVM_SET_ONE_REG'
const SET_ATTR = 'KVM_SET_DEVICE_ATTR',
  SET_ADDR = 'KVM_ARM_SET_DEVICE_ADDR',
  HAS_ATTR = 'KVM_HAS_DEVICE_ATTR'

/** A refusal that does not apply where `isSpared` says so. */
const spares = (k: Breakable, ioctl: string, why: string, isSpared: (arg: any) => boolean) =>
  k.when(ioctl, why, (when) => (here, arg, call) => !isSpared(arg) && when(here, arg, call))
/** A refusal that sees another argument than it was given. */
const sees = (k: Breakable, ioctl: string, why: string, seen: (arg: any) => any) =>
  k.when(ioctl, why, (when) => (here, arg, call) => when(here, seen(arg), call))
/** A register list that is changed on its way. */
const lists = (k: Breakable, changed: (ids: bigint[], here: Here) => bigint[]) =>
  k.grants(LIST, ({ lists: sound }) => ({ lists: (here, arg) => changed(sound!(here, arg), here) }))
/** A grant that works on another argument than it was given. */
const takes = (k: Breakable, ioctl: string, changed: (arg: any, here: Here) => any) =>
  // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
  k.grants(ioctl, ({ then }) => ({ then: (here, arg, into) => then!(here, changed(arg, here), into) }))

const ofVms: readonly Defect[] = [
  {
    law: 'for every size n',
    is: '33 bits are refused',
    breaks: (k) => k.refuses(CREATE_VM, 'EINVAL', (_, type) => type === 33n),
  },
  {
    law: 'type bits other',
    is: 'bit 40 is forgotten',
    breaks: (k) => sees(k, CREATE_VM, 'unknown type bits', (type) => type & ~(1n << 40n)),
  },
  {
    law: 'KVM_VM_TYPE_ARM_PROTECTED',
    is: 'any VM can be protected',
    host: '7.2-max-gicv3',
    breaks: (k) => k.forgets(CREATE_VM, 'no protected VMs'),
  },
  {
    law: 'a memory slot is accepted',
    is: 'the last page is out of reach',
    breaks: (k) =>
      k.refuses(SLOT, 'EFAULT', ({ vm }, { gpa, size }) => size > 0n && gpa + size === 1n << BigInt(vm.ipa)),
  },
  {
    law: 'memory slots overlap',
    is: 'slots that only touch overlap',
    breaks: (k) =>
      k.refuses(SLOT, 'EEXIST', ({ vm }, { slot, gpa }) =>
        vm.memslots.some((s) => s.id !== slot && s.gpa + s.size === gpa),
      ),
  },
  {
    law: 'two VMs of one process',
    is: 'a vcpu id is given once in all VMs',
    breaks: (k) =>
      k.refuses(CREATE_VCPU, 'EEXIST', ({ world, vm }, id) =>
        [...world.descriptors.values()].some((h) => h.kind === 'vcpu' && h.vm !== vm && BigInt(h.vcpu.id) === id),
      ),
  },
]

const ofVcpus: readonly Defect[] = [
  {
    law: 'every vcpu id below',
    is: 'id 300 is refused',
    breaks: (k) => k.refuses(CREATE_VCPU, 'EINVAL', (_, id) => id === 300n),
  },
  {
    law: 'vcpu ids are given',
    is: 'a second time is EINVAL',
    breaks: (k) => k.answers(CREATE_VCPU, 'already there', 'EINVAL'),
  },
  {
    law: 'a vcpu id counts',
    is: 'ids are cut to 48 bits',
    breaks: (k) => sees(k, CREATE_VCPU, 'id too big', (id) => BigInt.asUintN(48, id)),
  },
  { law: 'a set of vcpu features', is: 'half of PTRAUTH will do', breaks: (k) => k.forgets(INIT, 'half of PTRAUTH') },
  {
    law: 'feature bits that no release knows',
    is: 'bit 77 is not looked at',
    breaks: (k) => spares(k, INIT, 'unknown feature', ({ beyond }) => beyond === 77),
  },
  {
    law: 'KVM_ARM_VCPU_INIT with the same features',
    is: 'features may change',
    breaks: (k) => k.forgets(INIT, 'changed mind'),
  },
  {
    law: 'KVM_ARM_VCPU_INIT brings x0',
    is: 'x7 survives',
    breaks: (k) =>
      k.grants(INIT, ({ then: reset }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- as above
        then(here, arg, into) {
          const x7 = here.vcpu.regs.get(X7)
          reset!(here, arg, into)
          if (x7 !== undefined) here.vcpu.regs.set(X7, x7)
        },
      })),
  },
  {
    law: 'what a vcpu answers',
    is: 'a vcpu is finalized with another',
    breaks: (k) =>
      k.refuses(
        FINALIZE,
        'EPERM',
        ({ vm, vcpu }) => vcpu.initialised && vm.vcpus.some((v) => v !== vcpu && v.sveFinalized),
      ),
  },
  {
    law: 'KVM_ARM_VCPU_FINALIZE succeeds once',
    is: 'it succeeds again',
    breaks: (k) => k.forgets(FINALIZE, 'too late'),
  },
  {
    law: 'a first INIT that fails',
    is: '6.12 leaves features behind too',
    breaks(k) {
      k.leaves(INIT, 'unknown feature', ({ vcpu }, arg) => {
        vcpu.leaked |= arg.features & 0x7f
      })
      takes(k, INIT, (arg, { vcpu }) => ({ ...arg, features: arg.features | vcpu.leaked }))
    },
  },
  { law: 'a KVM_RUN refused', is: 'the VM still gives vcpus', breaks: (k) => k.forgets(CREATE_VCPU, 'dead VM') },
]

const ofRegisters: readonly Defect[] = [
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
    law: 'core registers, Z, P, FFR',
    is: 'x7 has no bit 63',
    breaks: (k) => takes(k, SET, (arg) => (arg.id === X7 ? { ...arg, value: BigInt.asUintN(63, arg.value) } : arg)),
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

const ofPastBugs: readonly Defect[] = [
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
]

const ofDevices: readonly Defect[] = [
  ...['GICv3 distributor', 'GICv3 redistributor of one vcpu', 'ITS'].flatMap((frame): Defect[] => [
    {
      law: `${frame}: an address is`,
      is: 'the end is not looked at',
      breaks: (k) => k.forgets(SET_ATTR, 'beyond the IPA size'),
    },
    { law: `${frame}: the address is`, is: 'it may be set again', breaks: (k) => k.forgets(SET_ATTR, 'already set') },
  ]),
  ...['GICv2 distributor', 'GICv2 CPU interface'].flatMap((frame): Defect[] => [
    {
      law: `${frame}: an address is`,
      is: 'it need not be aligned',
      host: V2,
      breaks: (k) => k.forgets(SET_ATTR, 'misaligned'),
    },
    {
      law: `${frame}: the address is`,
      is: 'it is EBUSY',
      host: V2,
      breaks: (k) => k.answers(SET_ATTR, 'already set', 'EBUSY'),
    },
    {
      law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: an address is`,
      is: 'beyond the end is EINVAL',
      host: V2,
      breaks: (k) => k.answers(SET_ADDR, 'beyond the IPA size', 'EINVAL'),
    },
    {
      law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: the address is`,
      is: 'it may be set again',
      host: V2,
      breaks: (k) => k.forgets(SET_ADDR, 'already set'),
    },
  ]),
  {
    law: 'a region of n GICv3',
    is: 'the count is not looked at',
    breaks: (k) => k.forgets(SET_ATTR, 'count or flags'),
  },
  {
    law: 'KVM_CREATE_DEVICE_TEST succeeds',
    is: 'an unknown type is EINVAL',
    breaks: (k) => k.answers('KVM_CREATE_DEVICE', 'no such device', 'EINVAL'),
  },
  {
    law: 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS takes',
    is: '1024 is a number of interrupts',
    breaks: (k) => spares(k, SET_ATTR, 'number of interrupts', ({ value }) => value === 1024n),
  },
  {
    law: 'on an initialised vgic',
    is: 'group 10 is promised',
    breaks: (k) => spares(k, HAS_ATTR, 'unknown attribute', ({ group }) => group === 10),
  },
]

const ofAll: readonly Defect[] = [
  {
    law: 'every list of calls that the host is recorded with',
    is: 'a write made the kernel warn',
    breaks: () => {},
    trouble: [
      {
        trace: 'KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x3)',
        log: ['4,WARNING: CPU: 0 PID: 1 at arch/arm64/kvm/sys_regs.c:1'],
      },
    ],
  },
  {
    law: 'an ioctl number of KVM',
    is: 'it is ENOTTY everywhere',
    breaks: (k) => k.answers('ioctl', 'unknown ioctl', 'ENOTTY'),
  },
  {
    law: 'a pointer to fewer readable bytes',
    is: 'the last byte of struct kvm_vcpu_init is not read',
    breaks: (k) => spares(k, INIT, 'bad pointer', ({ at }) => at === 31),
  },
  {
    law: 'a call that fails leaves no trace',
    is: 'a refused KVM_ARM_VCPU_INIT moves the pc',
    breaks: (k) =>
      k.leaves(INIT, 'changed mind', ({ vcpu }) => {
        vcpu.regs.set(PC, 4n)
      }),
  },
]

const defects = [...ofVms, ...ofVcpus, ...ofRegisters, ...ofPastBugs, ...ofDevices, ...ofAll]

const folder = new URL('../../laws/', import.meta.url)
const laws: Law[] = []
for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.ts')))
  laws.push(...(await lawsOf(() => import(new URL(file, folder).href))))

/** The mock of a host whose rules are broken so. */
const broken = ({ host: name, breaks, trouble }: Defect): Kernel => {
  const host = { ...hostNamed(name), ...(trouble && { trouble }) }
  const { release } = host.kernel
  const rules = brokenRules({ commit: '', title: '', saw: '', trace: '', breaks }, release)
  return {
    host,
    play: async (calls) => ({ answers: answersIn(boot(host, release, rules), calls), outcome: 'done', log: [] }),
    close: async () => {},
  }
}

test('every law has a defect, and every defect a law', () => {
  const lawsOf = ({ law }: Defect) => laws.filter(({ title }) => title.startsWith(law))
  expect(defects.filter((defect) => lawsOf(defect).length !== 1).map(({ law }) => law)).toEqual([])
  expect(laws.map(({ title }) => title).filter((title) => !defects.some(({ law }) => title.startsWith(law)))).toEqual(
    [],
  )
})

describe.each(defects)('$law', (defect) => {
  const law = laws.find(({ title }) => title.startsWith(defect.law))!
  test('holds on a sound kernel', async () => {
    const { verdict, why, trace, allowed } = await runLaw(law, mock(hostNamed(defect.host)))
    expect({ verdict, why, trace, allowed }).toMatchObject({ verdict: 'conforms' })
  })
  test(`catches that ${defect.is}`, async () => {
    const { verdict, why, trace, allowed } = await runLaw(law, broken(defect))
    expect({ verdict, why }).toMatchObject({ verdict: 'violates' })
    expect(trace).not.toBe('')
    expect(allowed).toHaveLength(1)
  })
})
