/** What was recorded of the host before any test, which all tests take for its nature. */
import { hostNamed, hostNames } from '../../fixtures/hosts/index.ts'
import { erratumName } from '../../harness/table/errata.ts'
import { howJudged } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import type { Host } from '../../harness/model/host.ts'
import type { Tools } from '../../harness/model/law.ts'
import { regName } from '../../harness/names/index.ts'
import { knownByLog } from '../../harness/oracle/judge.ts'
import { LawOutcome } from '../../harness/suite/law-asking.ts'
import { law } from '../../harness/suite/law.ts'
import { parse } from '../../harness/table/notation.ts'
import { differencesOf, type Difference } from '../../harness/probe/differences.ts'
import type { Counterexample } from '../../harness/model/verdict.ts'
import { ready } from './feature-sets.ts'
import { get, set } from './registers.ts'

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

const branchOf = ({ kernel: { release } }: Host): string => release.split('.').slice(0, 2).join('.')

/** The recorded kernels of the host's branch, by which their names begin, on machines of its kind. */
const recordedOf = (host: Host): Host[] =>
  hostNames
    .filter((name) => name.startsWith(`${branchOf(host)}-`))
    .map(hostNamed)
    .filter(({ isProtected }) => isProtected === host.isProtected)

/** Asks the kernel for what was recorded otherwise than of any other: whoever answers so again is convicted. */
const convict = async ({ ask, holds }: Tools, one: Difference): Promise<string> => {
  if (one.of === 'cap') return (await ask(`kvm: KVM_CHECK_EXTENSION(${one.name}) -> ok = ${one.due}`)).trace()
  const before = ready(one.with)
  const name = regName(one.id)
  if (one.of === 'list') {
    const heard = await ask([...before, 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))
    holds(heard.last.list!.includes(one.id) === one.isListed, heard, `ok ${one.isListed ? 'with' : 'without'} ${name}`)
    return heard.trace()
  }
  if (one.of === 'value') return (await ask([...before, get(one.id, `ok = ${one.due}`)].join('\n'))).trace()
  if (one.of === 'write') {
    const { value, isTaken, reads } = one.due
    const written = set(one.id, value, isTaken ? 'ok' : '-EINVAL')
    return (
      await ask([...before, written, ...(reads === undefined ? [] : [get(one.id, `ok = ${reads}`)])].join('\n'))
    ).trace()
  }
  if (one.of === 'reset') {
    const [again] = before
    return (await ask([...before, set(one.id, one.value), again, get(one.id, `ok = ${one.due}`)].join('\n'))).trace()
  }
  const second = `vcpu1: ${get(one.id, `ok = ${one.isShared ? one.value : one.first}`)}`
  const lines = [...before, ...ready(one.with, 'vcpu1'), `vcpu0: ${set(one.id, one.value)}`, second]
  return (await ask(lines.join('\n'))).trace()
}

law(
  'capabilities and registers are as on the recorded kernels of the branch, but for what follows from machine and configuration',
  src('arch/arm64/kvm/reset.c', 'kvm_reset_vcpu'),
  async (tools) => {
    const { host, notOffered } = tools
    const others = recordedOf(host)
    if (others.length === 0)
      notOffered(`no kernel of its kind was recorded (${howJudged(host.kernel.release) ?? 'kvm-arm.mode=protected'})`)
    for (const one of differencesOf(host, others)) {
      const trace = await convict(tools, one)
      const why = 'it was recorded otherwise than it answers now, and than the recorded kernels of its branch'
      throw new LawOutcome({ verdict: 'not reproduced', why, trace })
    }
  },
)
