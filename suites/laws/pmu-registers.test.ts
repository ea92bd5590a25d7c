/** Registers of a PMU that come in pairs, one to set bits and one to clear them. */
import fc from 'fast-check'
import { countersOf, nOf, pairs, PMCR_EL0, withN } from '../../harness/abi/registers/pmu.ts'
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { INIT_PMU, WITH_PMU } from './pmu.ts'
import { get, set, u64 } from './registers.ts'

const ALL = u64.max

law(
  'PMCNTENSET_EL0, PMOVSSET_EL0 and PMINTENSET_EL1 are set, cleared and read as their CLR twins are',
  src('arch/arm64/kvm/sys_regs.c', 'set_pmreg'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.caps.KVM_CAP_ARM_PMU_V3) notOffered('no KVM_CAP_ARM_PMU_V3')
    const [clears] = pairs
    const probed = await ask(
      [WITH_PMU, get(PMCR_EL0), set(clears!.set, ALL), set(clears!.clear, ALL), get(clears!.set)].join('\n'),
    )
    const [pmcr, after] = [probed.answers[1]!.value!, probed.last.value!]
    const { release } = host.kernel
    // Userspace writes values themselves from 6.15 on (f2aeb7bbd574), which stable trees may have, and did before 6.7.
    const asGuest = reached(release, '6.7') && !reached(release, '6.15') && after === 0n
    const counters = reached(release, '6.7') ? countersOf(pmcr) : ALL
    const value = fc.oneof(fc.bigInt(u64), fc.constantFrom(0n, ALL, 1n << 31n, 1n, 2n, 0x8000_0001n))
    await forAll(
      fc.tuple(fc.constantFrom(...pairs), fc.array(fc.tuple(fc.boolean(), value), { minLength: 2, maxLength: 6 })),
      async ([pair, writes]) => {
        let now = 0n
        const lines = writes.map(([isSet, written]) => {
          const bits = written & counters
          now = !asGuest ? bits : isSet ? now | bits : now & ~bits
          const write = set(isSet ? pair.set : pair.clear, written)
          return [write, get(pair.set, `ok = ${now}`), get(pair.clear, `ok = ${now}`)].join('\n')
        })
        await ask([WITH_PMU, set(pair.clear, ALL), ...lines].join('\n'))
      },
      20,
    )
  },
)

law(
  'PMCR_EL0.N is lowered for all vcpus of a VM, and stays once one of them has run',
  src('arch/arm64/kvm/sys_regs.c', 'set_pmcr'),
  async ({ host, ask, forAll, holds, notOffered }) => {
    if (!host.caps.KVM_CAP_ARM_PMU_V3) notOffered('no KVM_CAP_ARM_PMU_V3')
    if (!reached(host.kernel.release, '6.7')) notOffered('PMCR_EL0.N cannot be written before 6.7')
    const pmcr = (await ask([WITH_PMU, get(PMCR_EL0)].join('\n'))).last.value!
    const most = nOf(pmcr)
    const at = (vcpu: number, line: string) => `vcpu${vcpu}: ${line}`
    const made = [
      ...[0, 1].map((n) => `vm: KVM_CREATE_VCPU(${n}) -> ok`),
      ...[0, 1].flatMap((n) => [at(n, WITH_PMU), at(n, INIT_PMU)]),
    ]
    await forAll(
      fc.tuple(fc.nat(most), fc.nat(31), fc.nat(1), fc.nat(1)),
      async ([n, later, writer, runner]) => {
        const write = (value: number) => [at(writer, set(PMCR_EL0, withN(pmcr, value))), at(1 - writer, get(PMCR_EL0))]
        const tooMany = most < 31 ? write(31) : []
        const run = at(runner, 'KVM_RUN(immediate_exit) -> -EINTR')
        const lines = [...made, ...write(n), ...tooMany, run, ...write(later)]
        const heard = await ask(lines.join('\n'))
        for (const [i, line] of lines.entries())
          if (line.includes('KVM_GET_ONE_REG'))
            holds(nOf(heard.answers[i]!.value!) === n, heard, `ok with ${n} in PMCR_EL0.N`, i)
      },
      10,
    )
  },
)
