/** Calls that fail change nothing, and VMs do not see each other: any calls in any order, played in two settings. */
import fc from 'fast-check'
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { errnos, regs, vgicGroups } from '../../harness/names/index.ts'
import { reached } from '../../harness/model/release.ts'
import { printCall } from '../../harness/table/notation.ts'
import { calls, heardAs, isInterrupted, nothing, observed } from './one-vm.ts'

/** Groups of attributes that are no registers of the interrupt controller. */
const settings: readonly number[] = [
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_ADDR,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_CTRL,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ,
]

const isOfSve = (id: bigint) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM64_SVE

/** Failures that are known to leave something; known-traces.test.ts has the worst. */
const leaves = ({ kernel: { release } }: Host, { ioctl: { name }, arg, noFd }: Call, { ret }: Answer): boolean => {
  if (noFd && (name === 'KVM_CREATE_VCPU' || name === 'KVM_CREATE_DEVICE')) return true
  if (name === 'KVM_RUN') {
    const isEarly = ret === -errnos.EPERM || ret === -errnos.ENOEXEC || (ret === -errnos.EINVAL && arg.arg)
    return !isEarly
  }
  if (name === 'KVM_ARM_VCPU_INIT') return !reached(release, '6.12')
  if (name === 'KVM_SET_ONE_REG') return arg.to !== undefined && (isOfSve(arg.id) || !reached(release, '6.1'))
  if (name === 'KVM_CREATE_DEVICE') return arg.at !== undefined
  if (name === 'KVM_GET_DIRTY_LOG') return arg.to !== undefined
  if (name.startsWith('KVM_SET_USER_MEMORY_REGION')) return arg.guest !== undefined
  if (name.startsWith('KVM_IRQ_LINE')) return true
  if (name === 'KVM_SET_VCPU_EVENTS') return arg['exception.ext_dabt_pending'] !== 0 && reached(release, '6.17')
  if (name.endsWith('DEVICE_ATTR')) return !settings.includes(arg.group) || !reached(release, '6.1')
  return name === 'KVM_ARM_SET_DEVICE_ADDR' && !reached(release, '6.1')
}

/**
 * Not meant are KVM_RUN, which counts as having run; calls without a free descriptor, which make an interrupt controller or use
 * up a redistributor frame all the same; KVM_CREATE_DEVICE whose struct cannot be written; KVM_GET_DIRTY_LOG
 * whose bitmap cannot be written, and whose pages are clean all the same; KVM_SET_USER_MEMORY_REGION for which userspace
 * writes a guest program into its memory; KVM_IRQ_LINE and registers of a vgic, which initialise a GICv2 first; from 7.2 on an external
 * abort, which is delivered before an SError is refused; KVM_SET_ONE_REG of Z, P and FFR, in 5.10 of system registers too, which copies from userspace right into the register; before 6.12 KVM_ARM_VCPU_INIT; in 5.10 addresses.
 */
law(
  'a call that fails leaves no trace: without it all other calls are answered the same (KVM_RUN and a few more left aside)',
  src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
  async ({ host, ask, holds, forAll }) => {
    await forAll(
      fc.tuple(calls, fc.nat(31)),
      async ([some, turn]) => {
        const said = some.map((call) => printCall(call))
        const end = observed(turn)
        const all = (await ask([...nothing, ...said, ...end].join('\n'))).answers.slice(nothing.length)
        const isKept = said.map((_, i) => all[i]!.ret >= 0 || leaves(host, some[i]!, all[i]!))
        if (isKept.every(Boolean)) return
        const lines = [...said.filter((_, i) => isKept[i]), ...end]
        const were = all.filter((_, i) => isKept[i] ?? true)
        const heard = await ask([...nothing, ...lines].join('\n'))
        for (const [i, line] of lines.entries()) {
          const [was, came] = [were[i]!, heard.answers[nothing.length + i]!]
          if (isInterrupted(line, was, came)) return
          const expected = heardAs(was, line)
          const failed = said.filter((_, k) => !isKept[k]).join('; ')
          const why = `as with the calls that fail (${failed}): ${expected}`
          holds(heardAs(came, line) === expected, heard, why, nothing.length + i)
        }
      },
      120,
    )
  },
)

/** Guest memory of its own for the second VM: a half of what the process has. */
const OWN = 0x20_0000

/** An eventfd of its own for each that the first VM uses: an eventfd is an irqfd of one VM. */
const OTHER = 4

/** The same line for the VM `vm1`, whose memory and eventfds are others. */
const moved = (line: string): string =>
  line
    .replace(
      /^(thread of )?(?:vm|(\w+)): (?:(\w+) = )?/,
      (_, thread = '', on?: string, into?: string) =>
        `${thread}${on ? `vm1.${on}` : 'vm1'}: ${into ? `vm1.${into} = ` : ''}`,
    )
    .replace(/eventfd(\d)/g, (_, n: string) => `eventfd${(Number(n) + OTHER) % (2 * OTHER)}`)
    .replace(
      /(userspace_addr = &(?:ram|guest(?:\([\w-]+\))?))(?: \+ (\w+))?/,
      (_, memory: string, offset = '0') => `${memory} + ${(Number(offset) % (OWN - 0x1_0000)) + OWN}`,
    )

law(
  'two VMs of one process do not influence each other: each answers as if it were alone',
  src('virt/kvm/kvm_main.c', 'kvm_dev_ioctl_create_vm'),
  async ({ ask, holds, forAll }) => {
    const turns = fc.array(fc.nat(1), { minLength: 60, maxLength: 60 })
    await forAll(
      fc.tuple(calls, calls, turns),
      async ([a, b, order]) => {
        const texts = [a, b].map((some) => [
          ...nothing,
          ...some.map((call) => printCall(call)),
          'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)',
          'vcpu0: KVM_GET_REG_LIST(n = 1000)',
        ])
        const alone = await Promise.all(texts.map((lines) => ask(lines.join('\n'))))
        const left = texts.map((lines, which) => lines.map((line, at) => ({ which, at, line })))
        const mixed = Array.from({ length: left[0]!.length + left[1]!.length }, (_, i) => {
          const wanted = order[i] ?? 0
          return left[wanted]!.shift() ?? left[1 - wanted]!.shift()!
        })
        const heard = await ask(mixed.map(({ which, line }) => (which ? moved(line) : line)).join('\n'))
        for (const [i, { which, at, line }] of mixed.entries()) {
          const own = alone[which]!.answers[at]!
          if (isInterrupted(line, own, heard.answers[i]!)) return
          const was = heardAs(own, line)
          holds(heardAs(heard.answers[i]!, line) === was, heard, `as alone: ${was}`, i)
        }
      },
      40,
    )
  },
)
