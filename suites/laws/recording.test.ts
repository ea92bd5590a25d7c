/** What the host was recorded with, before any test. */
import { erratumName } from '../../harness/table/errata.ts'
import { src } from '../../harness/model/rule.ts'
import { knownByLog } from '../../harness/oracle/judge.ts'
import { LawOutcome } from '../../harness/suite/law-asking.ts'
import { law } from '../../harness/suite/law.ts'
import { parse } from '../../harness/table/notation.ts'
import type { Counterexample } from '../../harness/model/verdict.ts'

/** False until the kernel has been convicted of what it logged while it was recorded; it is asked again after that. */
let isTold = false

const cite = src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl')

law(
  'every list of calls that the host is recorded with comes back, and the kernel log has no complaint',
  cite,
  async ({ host, ask }) => {
    let known: Counterexample | undefined
    for (const { trace, log } of host.trouble ?? []) {
      const erratum = knownByLog(
        host,
        parse(trace).map(({ call }) => call),
        log,
      )
      if (log.length > 0 && erratum) known = { verdict: 'known', why: erratumName(erratum), trace, log }
      else if (log.length > 0 && !isTold) {
        isTold = true
        const why = 'the kernel log complains while the host is recorded'
        throw new LawOutcome({ verdict: 'violates', why, trace, log, allowed: [`no complaint [${cite.at}]`] })
      } else await ask(trace)
    }
    if (known) throw new LawOutcome(known)
  },
)
