/** Every law can fail: each is tried on a kernel with one defect of its kind, and on the same kernel without. */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import { brokenRules, type Breakable } from '../../harness/errata.ts'
import { answersIn, mock } from '../../harness/kernels/mock.ts'
import type { Kernel } from '../../harness/kernels/kernel.ts'
import { lawsOf, uphold, type Law } from '../../harness/law.ts'
import { demuxCcsidr, features, parseReg } from '../../harness/names.ts'
import { boot } from '../../harness/rules.ts'
import type { Here } from '../../harness/world.ts'

interface Defect {
  /** How the law's title begins. */
  law: string
  /** What is wrong with the kernel. */
  is: string
  breaks(rules: Breakable): void
  /** A recorded host, where the usual one would not do. */
  host?: string
}

const V2 = '6.12-cortex-a57-gicv2'
const X7 = parseReg('KVM_REG_ARM_CORE_REG(regs.regs[7])')
const AARCH32_FIQ = 0x11n

const defects: readonly Defect[] = [
  { law: 'for every size n', is: '33 bits are refused', breaks: (k) => k.refuses('KVM_CREATE_VM', 'EINVAL', (_, type) => type === 33n) },
  { law: 'type bits other', is: 'bit 40 is forgotten', breaks: (k) => k.when('KVM_CREATE_VM', 'unknown type bits', (when) => (here, type, call) => when(here, type & ~(1n << 40n), call)) },
  { law: 'KVM_VM_TYPE_ARM_PROTECTED', is: 'any VM can be protected', host: '7.2-max-gicv3', breaks: (k) => k.forgets('KVM_CREATE_VM', 'no protected VMs') },
  { law: 'every vcpu id below', is: 'id 300 is refused', breaks: (k) => k.refuses('KVM_CREATE_VCPU', 'EINVAL', (_, id) => id === 300n) },
  { law: 'vcpu ids are given', is: 'a second time is EINVAL', breaks: (k) => k.answers('KVM_CREATE_VCPU', 'already there', 'EINVAL') },
  { law: 'a vcpu id counts', is: 'ids are cut to 48 bits', breaks: (k) => k.when('KVM_CREATE_VCPU', 'id too big', (when) => (here, id, call) => when(here, BigInt.asUintN(48, id), call)) },
  { law: 'a set of vcpu features', is: 'half of PTRAUTH will do', breaks: (k) => k.forgets('KVM_ARM_VCPU_INIT', 'half of PTRAUTH') },
  { law: 'feature bits that no release knows', is: 'bit 77 is not looked at', breaks: (k) => k.when('KVM_ARM_VCPU_INIT', 'unknown feature', (when) => (here, arg, call) => arg.beyond !== 77 && when(here, arg, call)) },
  { law: 'KVM_ARM_VCPU_INIT with the same features', is: 'features may change', breaks: (k) => k.forgets('KVM_ARM_VCPU_INIT', 'changed mind') },
  { law: 'what a vcpu answers', is: 'a vcpu is finalized with another',
    breaks: (k) => k.refuses('KVM_ARM_VCPU_FINALIZE', 'EPERM', ({ vm, vcpu }: Here) => vcpu.initialised && vm.vcpus.some((v) => v !== vcpu && v.sveFinalized)) },
  { law: 'KVM_ARM_VCPU_FINALIZE succeeds once', is: 'it succeeds again', breaks: (k) => k.forgets('KVM_ARM_VCPU_FINALIZE', 'too late') },
  { law: 'of all sets of vector lengths', is: 'a length may be missing', breaks: (k) => k.when('KVM_SET_ONE_REG', 'vector lengths', (when) => (here, arg, call) => arg.value !== 0b1011n && when(here, arg, call)) },
  { law: 'a memory slot is accepted', is: 'the last page is out of reach',
    breaks: (k) => k.refuses('KVM_SET_USER_MEMORY_REGION', 'EFAULT', ({ vm }: Here, { gpa, size }) => size > 0n && gpa + size === 1n << BigInt(vm.ipa)) },
  { law: 'memory slots overlap', is: 'slots that only touch overlap', breaks: (k) => k.refuses('KVM_SET_USER_MEMORY_REGION', 'EEXIST', ({ vm }: Here, { slot, gpa }) => vm.memslots.some((s) => s.id !== slot && s.gpa + s.size === gpa)) },
  { law: 'the register list has no duplicates', is: 'the first register is listed twice', breaks: (k) => k.grants('KVM_GET_REG_LIST', ({ lists }) => ({ lists: (here, arg) => [...lists!(here, arg), lists!(here, arg)[0]!] })) },
  { law: 'KVM_GET_REG_LIST succeeds', is: 'one less will do', breaks: (k) => k.when('KVM_GET_REG_LIST', 'n too small', (when) => (here, arg, call) => when(here, { ...arg, n: arg.n + 1n }, call)) },
  { law: 'a feature adds registers', is: 'a PMU takes x7', breaks: (k) => k.grants('KVM_GET_REG_LIST', ({ lists }) => ({
    lists: (here, arg) => lists!(here, arg).filter((id) => id !== X7 || !(here.vcpu.features & (1 << features.KVM_ARM_VCPU_PMU_V3))) })) },
  { law: 'a register can be read', is: 'x7 is not listed', breaks: (k) => k.grants('KVM_GET_REG_LIST', ({ lists }) => ({ lists: (here, arg) => lists!(here, arg).filter((id) => id !== X7) })) },
  { law: 'every listed register is refused', is: 'a core register has two sizes',
    breaks: (k) => k.when('KVM_GET_ONE_REG', 'no core register', (when) => (here, arg, call) => arg.id !== (X7 ^ (1n << 52n)) && when(here, arg, call)) },
  { law: 'what a listed register reads', is: 'x7 cannot be written', breaks: (k) => k.refuses('KVM_SET_ONE_REG', 'EINVAL', (_, { id, to }) => id === X7 && to === undefined) },
  { law: 'core registers, Z, P and FFR', is: 'x7 keeps no bit 63', breaks: (k) => k.grants('KVM_SET_ONE_REG', ({ then }) => ({
    then: (here, arg, into) => then!(here, arg.id === X7 ? { ...arg, value: BigInt.asUintN(63, arg.value) } : arg, into) })) },
  { law: 'KVM_GET_ONE_REG and KVM_SET_ONE_REG touch', is: 'x7 is seven bytes', breaks: (k) => k.when('KVM_GET_ONE_REG', 'bad value pointer', (when) => (here, arg, call) => !(arg.id === X7 && arg.to === 7) && when(here, arg, call)) },
  { law: 'of the processor modes', is: 'a 64-bit vcpu takes a 32-bit mode', breaks: (k) => k.when('KVM_SET_ONE_REG', 'processor mode', (when) => (here, arg, call) => (arg.value & 0x1fn) !== AARCH32_FIQ && when(here, arg, call)) },
  { law: 'KVM_REG_ARM_DEMUX_ID_CCSIDR exists', is: 'there is a cache 14', breaks: (k) => k.when('KVM_GET_ONE_REG', 'no cache', (when) => (here, arg, call) => arg.id !== demuxCcsidr(14) && when(here, arg, call)) },
  { law: 'KVM_ARM_VCPU_INIT brings x0', is: 'x7 survives', breaks: (k) => k.grants('KVM_ARM_VCPU_INIT', ({ then }) => ({
    then(here, arg, into) {
      const x7 = here.vcpu.regs.get(X7)
      then!(here, arg, into)
      if (x7 !== undefined) here.vcpu.regs.set(X7, x7)
    } })) },
  ...['GICv3 distributor', 'GICv3 redistributor of one vcpu', 'ITS'].flatMap((frame): Defect[] => [
    { law: `${frame}: an address is`, is: 'the end is not looked at', breaks: (k) => k.forgets('KVM_SET_DEVICE_ATTR', 'beyond the IPA size') },
    { law: `${frame}: the address is`, is: 'it may be set again', breaks: (k) => k.forgets('KVM_SET_DEVICE_ATTR', 'already set') },
  ]),
  ...['GICv2 distributor', 'GICv2 CPU interface'].flatMap((frame): Defect[] => [
    { law: `${frame}: an address is`, is: 'it need not be aligned', host: V2, breaks: (k) => k.forgets('KVM_SET_DEVICE_ATTR', 'misaligned') },
    { law: `${frame}: the address is`, is: 'a second time is EBUSY', host: V2, breaks: (k) => k.answers('KVM_SET_DEVICE_ATTR', 'already set', 'EBUSY') },
    { law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: an address is`, is: 'beyond the end is EINVAL', host: V2, breaks: (k) => k.answers('KVM_ARM_SET_DEVICE_ADDR', 'beyond the IPA size', 'EINVAL') },
    { law: `${frame} through KVM_ARM_SET_DEVICE_ADDR: the address is`, is: 'it may be set again', host: V2, breaks: (k) => k.forgets('KVM_ARM_SET_DEVICE_ADDR', 'already set') },
  ]),
  { law: 'a region of n GICv3', is: 'the count is not looked at', breaks: (k) => k.forgets('KVM_SET_DEVICE_ATTR', 'count or flags') },
  { law: 'KVM_CREATE_DEVICE with KVM_CREATE_DEVICE_TEST', is: 'an unknown type is EINVAL', breaks: (k) => k.answers('KVM_CREATE_DEVICE', 'no such device', 'EINVAL') },
  { law: 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS takes', is: '1024 is a number of interrupts', breaks: (k) => k.when('KVM_SET_DEVICE_ATTR', 'number of interrupts', (when) => (here, arg, call) => arg.value !== 1024n && when(here, arg, call)) },
  { law: 'on an initialised vgic', is: 'group 10 is promised', breaks: (k) => k.when('KVM_HAS_DEVICE_ATTR', 'unknown attribute', (when) => (here, arg, call) => arg.group !== 10 && when(here, arg, call)) },
  { law: 'an ioctl number of KVM', is: 'unknown numbers are ENOTTY everywhere', breaks: (k) => k.answers('ioctl', 'unknown ioctl', 'ENOTTY') },
  { law: 'once all else is right', is: 'the last byte of struct kvm_vcpu_init is not read', breaks: (k) => k.when('KVM_ARM_VCPU_INIT', 'bad pointer', (when) => (here, arg, call) => arg.at !== 31 && when(here, arg, call)) },
  { law: 'KVM_GET_REG_LIST is EFAULT', is: 'a list that does not fit is cut', breaks: (k) => k.forgets('KVM_GET_REG_LIST', 'no room') },
  { law: 'a call that fails leaves no trace', is: 'a misaligned address is set all the same', breaks: (k) => k.leaves('KVM_SET_DEVICE_ATTR', 'misaligned', ({ vm }: Here, { value }) => { if (vm.vgic) vm.vgic.dist = value }) },
  { law: 'two VMs of one process', is: 'vcpu ids are given once in all VMs', breaks: (k) => k.refuses('KVM_CREATE_VCPU', 'EEXIST', ({ world, vm }: Here, id) =>
    [...world.here.values()].some((h) => h.kind === 'vcpu' && h.vm !== vm && BigInt(h.vcpu.id) === id)) },
  { law: 'a first KVM_ARM_VCPU_INIT', is: '6.12 leaves features behind too', breaks: (k) => {
    k.leaves('KVM_ARM_VCPU_INIT', 'unknown feature', ({ vcpu }: Here, arg) => { vcpu.leaked |= arg.features & 0x7f })
    k.grants('KVM_ARM_VCPU_INIT', ({ then }) => ({ then: (here, arg, into) => then!(here, { ...arg, features: arg.features | here.vcpu.leaked }, into) }))
  } },
  { law: 'a KVM_RUN refused', is: 'the VM still gives vcpus', breaks: (k) => k.forgets('KVM_CREATE_VCPU', 'dead VM') },
]

const folder = new URL('../laws/', import.meta.url)
const laws: Law[] = []
for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.ts')))
  laws.push(...await lawsOf(() => import(new URL(file, folder).href)))

/** The mock of a host whose rules are broken so. */
const broken = ({ host: name, breaks }: Defect): Kernel => {
  const host = hostNamed(name)
  const { release } = host.kernel
  const rules = brokenRules({ fix: '', title: '', saw: '', trace: '', breaks }, release)
  return { host, play: async (calls) => ({ answers: answersIn(boot(host, release, rules), calls), outcome: 'done', log: [] }), close: async () => {} }
}

test('every law has a defect, and every defect a law', () => {
  expect(defects.map(({ law }) => laws.filter(({ title }) => title.startsWith(law)).length)).toEqual(defects.map(() => 1))
  expect(laws.filter(({ title }) => !defects.some(({ law }) => title.startsWith(law))).map(({ title }) => title)).toEqual([])
})

describe.each(defects)('$law', (defect) => {
  const law = laws.find(({ title }) => title.startsWith(defect.law))!
  test('holds on a sound kernel', async () => {
    const { verdict, why, trace, allowed } = await uphold(law, mock(hostNamed(defect.host)))
    expect({ verdict, why, trace, allowed }).toMatchObject({ verdict: 'conforms' })
  })
  test(`catches that ${defect.is}`, async () => {
    const { verdict, why, trace, allowed } = await uphold(law, broken(defect))
    expect({ verdict, why }).toMatchObject({ verdict: 'violates' })
    expect(trace).not.toBe('')
    expect(allowed).toHaveLength(1)
  })
})
