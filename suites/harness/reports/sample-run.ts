/** One small run that no kernel ever had: each verdict once, in the words that are worst for a format. */
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { suiteId, testId } from '../../../reports/run/ids.ts'
import { withCause } from '../../../reports/run/cause.ts'
import { detailsOf, type Outcome, type Run } from '../../../reports/run/outcome.ts'
import type { Host } from '../../../harness/model/host.ts'
import type { Report } from '../../../harness/model/verdict.ts'

const host: Host = {
  ...hostNamed(),
  name: 'sample',
  kernel: { release: '6.12.94', unameR: '6.12.94-arm64', unameV: '#1 SMP', machine: 'aarch64' },
}

export const run: Run = {
  target: 'qemu:6.12,gic=2',
  seed: 7,
  runs: 50,
  strict: false,
  host,
  release: '6.12',
  suite: { version: '0.1.0', commit: 'c0ffee' },
  unseen: ['WARN: the kernel is built without <CONFIG_BUG>', 'what goes wrong between cpus: one is online'],
}

export const outcome = (file: string, names: string[], { allowed, log, ...rest }: Partial<Report>): Outcome => {
  const told: Outcome = {
    suite: suiteId(file),
    test: testId(names),
    file,
    name: names.join(' > '),
    names,
    layer: 'sequence',
    verdict: 'conforms',
    details: rest.verdict === undefined ? [] : detailsOf({ ...rest, ...(allowed && { allowed }), ...(log && { log }) }),
    begun: 1_700_000_000_000,
    ms: 12.5,
    lists: 1,
    calls: 4,
    ...rest,
  }
  const finding = { verdict: told.verdict, ...rest, ...(allowed && { allowed }), ...(log && { log }) }
  return withCause(rest.trace === undefined ? told : { ...told, counterexamples: [finding] }, run)
}

const finalize = 'suites/ordered/arm-vcpu-finalize.test.ts'
const trace = `KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok
KVM_RUN(immediate_exit)                          -> -EPERM (too early)
KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)          -> -ENOENT`

/** In the order of their files, as reports get them. */
export const outcomes: Outcome[] = [
  outcome('suites/any-order/any-order.test.ts', ['in whatever order'], {
    layer: 'any order',
    verdict: 'broken',
    why: 'lost: the agent said "<bye]]>\u0000" \u001b[31mand went\u001b[0m',
    lists: 50,
    calls: 612,
    counts: { conforms: 49, broken: 1 },
  }),
  outcome(
    'suites/laws/create-vm.test.ts',
    ['for every size n, KVM_CREATE_VM(n) succeeds iff n = 0 or 32 ≤ n ≤ limit'],
    {
      layer: 'law',
      verdict: 'drifts',
      trace: 'KVM_CREATE_VM(31) -> -E2BIG',
      allowed: ['-EINVAL (IPA size): Sizes are 32 to the limit. [api.rst 4.2]'],
      lists: 65,
      calls: 65,
    },
  ),
  outcome(finalize, ['a vcpu with SVE runs once SVE is finalized'], { trace }),
  outcome(finalize, ['SVE & "friends" <once>', 'ok 1 - # SKIP ]]> 🦬\u0007 not\nreally'], {
    verdict: 'violates',
    why: 'another answer than the sequence says',
    trace,
    allowed: ['-EPERM (too late): A feature is finalized once. [api.rst 4.119 "EPERM" & more]'],
    log: ['4,WARNING: CPU: 0 PID: 1 at arch/arm64/kvm/reset.c:117 \u001b[1m<kvm>]]>', '\ud800 half a pair'],
  }),
  outcome(finalize, ['pointer authentication comes in pairs'], {
    verdict: 'not offered',
    why: 'KVM_CAP_ARM_PTRAUTH_ADDRESS = 0 # TODO\nand so on',
    lists: 0,
    calls: 0,
  }),
  outcome('suites/ordered/vgic-v3.test.ts', ['a redistributor region does not survive a failed KVM_CREATE_VCPU'], {
    verdict: 'known',
    why: '6c7a5dce22b3',
    trace: 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
  }),
]
