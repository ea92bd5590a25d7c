/** What the host was recorded with, before any test. */
import { knownBy, Outcome } from '../../harness/law-texts.ts'
import { nameOf } from '../../harness/errata.ts'
import { src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { parse } from '../../harness/trace.ts'

law('every list of calls that the host is recorded with comes back, and the kernel log has no complaint',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl'), async ({ host, ask }) => {
    for (const { trace, log } of host.trouble ?? []) {
      const heard = await ask(trace)
      if (log.length === 0) continue
      // What the kernel says once per boot it has said already.
      const erratum = knownBy(host, parse(trace).map(({ call }) => call), log)
      const why = 'the kernel log complained while the host was recorded, and not when the same was played again'
      throw new Outcome({ trace: heard.trace(), log, ...(erratum ? { verdict: 'known', why: nameOf(erratum) } : { verdict: 'violates', why }) })
    }
  })
