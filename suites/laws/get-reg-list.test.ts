/** The list of registers: what is on it, and that nothing else exists. */
import fc from 'fast-check'
import type { Host } from '../../harness/host.ts'
import { api, src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { arm64SysReg, demuxCcsidr, fwBmapReg, fwReg, regName, regs, sveFfr, svePReg, sveZReg } from '../../harness/names.ts'
import { reached } from '../../harness/release.ts'
import { offered, ready, subsets } from './feature-sets.ts'

const list = 'KVM_GET_REG_LIST(n = 1000)'
const cite = api('4.84', 'KVM_GET_REG_LIST')

const inChunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

law('the register list has no duplicates and is the same each time, after another KVM_ARM_VCPU_INIT, and on every vcpu with the same features',
  cite, async ({ host, ask, holds }) => {
    const sets = [...subsets(offered(host)), ...(host.features.includes('KVM_ARM_VCPU_EL1_32BIT') ? [['KVM_ARM_VCPU_EL1_32BIT']] : [])]
    await Promise.all(sets.map(async (set) => {
      const again = ready(set).slice(0, 1)
      const heard = await ask([...ready(set), list, list, ...again, list, 'KVM_RUN(immediate_exit)', list, ...ready(set, 'vm1.vcpu1'), `vm1.vcpu1: ${list}`]
        .map((l) => (l.includes('vcpu') ? l : `vcpu0: ${l}`)).join('\n'))
      const lists = heard.answers.map((a, line) => ({ ids: a.list, line })).filter(({ ids }) => ids)
      const [first] = lists
      const ids = first!.ids!.join()
      holds(lists.length === 5, heard, 'ok each time')
      holds(new Set(first!.ids).size === first!.ids!.length, heard, 'ok without duplicates', first!.line)
      for (const { ids: other, line } of lists) holds(other!.join() === ids, heard, 'ok with the same list', line)
    }))
  })

law('KVM_GET_REG_LIST succeeds if and only if n, cut to 32 bits, is at least the number of registers, and always gives that number',
  api('4.84', 'E2BIG'), async ({ host, ask, forAll }) => {
    await Promise.all(subsets(offered(host)).map(async (set) => {
      const { last } = await ask([...ready(set), `${list} -> ok`].join('\n'))
      const count = BigInt(last.list!.length)
      const line = (n: bigint) => `KVM_GET_REG_LIST(n = ${n}) -> ${BigInt.asUintN(32, n) >= count ? 'ok' : '-E2BIG'} = ${count}`
      await ask([...ready(set), ...[0n, 1n, count - 1n, count, count + 1n, 1000n, 1n << 32n, (1n << 32n) + count, (1n << 64n) - 1n].map(line)].join('\n'))
      if (set.length === 0)
        await forAll(fc.array(fc.bigInt({ min: 0n, max: 2n * count }), { minLength: 1, maxLength: 60, size: 'max' }),
          async (ns) => { await ask([...ready(set), ...ns.map(line)].join('\n')) }, 5)
    }))
  })

law('a feature adds registers to the list and takes none away, but that SVE takes fp_regs.vregs', api('4.82', 'KVM_ARM_VCPU_SVE'), async ({ host, ask, holds }) => {
  const listOf = async (set: string[]) => {
    const heard = await ask([...ready(set), `${list} -> ok`].join('\n'))
    return { set, heard, ids: new Set(heard.last.list) }
  }
  const lists = await Promise.all(subsets(offered(host)).map(listOf))
  for (const less of lists) for (const more of lists.filter((m) => less.set.every((f) => m.set.includes(f)))) {
    const lost = [...less.ids].filter((id) => !more.ids.has(id) && !(more.set.includes('KVM_ARM_VCPU_SVE') && regName(id).includes('vregs')))
    holds(lost.length === 0, more.heard, `ok with ${lost.map(regName).join(', ')}`)
  }
})

const { KVM_REG_ARM64, KVM_REG_ARM_CORE, KVM_REG_SIZE_MASK, KVM_REG_SIZE_SHIFT, KVM_REG_ARM64_SVE } = regs
const upTo = (n: number) => [...Array(n).keys()]
const sized = (id: bigint, code: number) => (id & ~KVM_REG_SIZE_MASK) | (BigInt(code) << KVM_REG_SIZE_SHIFT)

/** Ids worth trying wherever they are: the whole of each small group, and for each listed one its neighbours. */
const near = (listed: readonly bigint[]): bigint[] => [
  ...upTo(0xe0).flatMap((word) => [2, 3, 4].map((code) => sized(KVM_REG_ARM64 | KVM_REG_ARM_CORE | BigInt(word), code))),
  ...upTo(256).map(demuxCcsidr), ...upTo(64).map(fwReg), ...upTo(64).map(fwBmapReg),
  ...upTo(32).flatMap((n) => [0, 1, 31].map((slice) => sveZReg(n, slice))), ...upTo(16).flatMap((n) => [0, 1, 31].map((slice) => svePReg(n, slice))),
  ...upTo(3).map(sveFfr), ...[0x21n, 0x3ffn, 0x620n, 0x7ffn, 0x8000n, 0xfffen].flatMap((n) => [5, 6, 8].map((code) => sized(KVM_REG_ARM64 | KVM_REG_ARM64_SVE | n, code))),
  ...upTo(8).flatMap((op2) => upTo(8).map((crm) => arm64SysReg(3, 0, 0, crm, op2))),
  ...listed.flatMap((id) => [1n, 8n, 0x80n, 0x800n, 0x4000n, 0x10000n, 0x20000n, 1n << 28n, 1n << 40n, 1n << 61n].map((bit) => id ^ bit)),
]

/** The groups of asm/kvm.h; up to 6.12 listed ID registers, MIDR_EL1 for one, also answer under the number of a group that nobody has. */
const groups = [0x10n, 0x11n, 0x13n, 0x14n, 0x15n, 0x16n]
const asSysReg = (id: bigint) => (id & ~regs.KVM_REG_ARM_COPROC_MASK) | regs.KVM_REG_ARM64_SYSREG
const isStray = (id: bigint, listed: ReadonlySet<bigint>, host: Host) =>
  !groups.includes((id >> 16n) & 0xfffn) && listed.has(asSysReg(id)) && !reached(host.kernel.release, '6.13')

law('a register can be read if and only if it is listed, all others are refused with ENOENT or EINVAL to read and to write (up to 6.12 some also answer in groups that nobody has)', cite,
  async ({ host, ask, askAll, forAll }) => {
    const most = offered(host)
    for (const set of [[], most]) {
      const listed = (await ask([...ready(set), `${list} -> ok`].join('\n'))).last.list!
      const there = new Set(listed)
      const lines = (id: bigint) => there.has(id) ? [`KVM_GET_ONE_REG(${regName(id)}) -> ok`]
        : [`KVM_GET_ONE_REG(${regName(id)}) -> -ENOENT or -EINVAL${isStray(id, there, host) ? ' or ok' : ''}`,
          `KVM_SET_ONE_REG(${regName(id)}, &0) -> -ENOENT or -EINVAL${isStray(id, there, host) ? ' or ok' : ''}`]
      const play = (ids: readonly bigint[]) => askAll(inChunks(ids.flatMap(lines), 90).map((some) => [...ready(set), ...some].join('\n')))
      await play(set === most ? [...listed, ...near(listed)] : listed)
      const sysReg = fc.tuple(fc.constantFrom(2, 3, 3, 3), fc.nat(7), fc.nat(15), fc.nat(15), fc.nat(7)).map((ops) => arm64SysReg(...ops))
      const any = fc.oneof({ arbitrary: sysReg, weight: 8 }, { arbitrary: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), weight: 1 },
        { arbitrary: fc.tuple(fc.constantFrom(...listed), fc.nat(63)).map(([id, bit]) => id ^ (1n << BigInt(bit))), weight: 2 })
      await forAll(fc.array(any, { minLength: 1, maxLength: 40, size: 'max' }), async (ids) => { await play(ids) }, 20)
    }
  })

law('every listed register is refused with ENOENT or EINVAL under any other of the 16 size codes, to read and to write', src('arch/arm64/kvm/guest.c', 'kvm_arm_get_reg'),
  async ({ host, ask, askAll }) => {
    const isVector = (id: bigint) => regName(id).includes('vregs')
    const sets = [{ set: offered(host), some: () => true }, { set: [], some: isVector }]
    await Promise.all(sets.map(async ({ set, some }) => {
      const listed = (await ask([...ready(set), `${list} -> ok`].join('\n'))).last.list!.filter(some)
      const wrong = listed.flatMap((id) => upTo(16).map((code) => sized(id, code)).filter((other) => other !== id))
      const lines = wrong.flatMap((id) => [`KVM_GET_ONE_REG(${regName(id)}) -> -ENOENT or -EINVAL`, `KVM_SET_ONE_REG(${regName(id)}, &0) -> -ENOENT or -EINVAL`])
      await askAll(inChunks(lines, 90).map((some) => [...ready(set), ...some].join('\n')))
    }))
  })
