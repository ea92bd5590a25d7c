/** Calls that fail change nothing, and VMs do not see each other: any calls in any order, played in two settings. */
import fc from 'fast-check'
import type { Answer, Call } from '../../harness/model/call.ts'
import type { Host } from '../../harness/model/host.ts'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { errnos, regs, vgicGroups } from '../../harness/names/index.ts'
import { anyCalls } from '../../harness/generate/any-calls.ts'
import { reached } from '../../harness/model/release.ts'
import { printCall } from '../../harness/table/notation.ts'

/** What is compared of an answer; the value of a counter moves by itself. */
const heardAs = ({ ret, value, list }: Answer, line: string): string =>
  [ret, ...(/KVM_GET_ONE_REG\(KVM_REG_ARM_P?TIMER_CNT/.test(line) ? [] : [value]), ...(list ?? [])].join(' ')

/** Groups of attributes that are no registers of the interrupt controller. */
const settings: readonly number[] = [
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_ADDR,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_CTRL,
  vgicGroups.KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ,
]

const isOfSve = (id: bigint) => (id & regs.KVM_REG_ARM_COPROC_MASK) === regs.KVM_REG_ARM64_SVE

/** Failures that are known to leave something; known-traces.test.ts has the worst. */
const leaves = ({ kernel: { release } }: Host, { ioctl: { name }, arg }: Call, { ret }: Answer): boolean => {
  if (name === 'KVM_RUN') {
    const isEarly = ret === -errnos.EPERM || ret === -errnos.ENOEXEC || (ret === -errnos.EINVAL && arg.arg)
    return !isEarly
  }
  if (name === 'KVM_ARM_VCPU_INIT') return !reached(release, '6.12')
  if (name === 'KVM_SET_ONE_REG') return arg.to !== undefined && (isOfSve(arg.id) || !reached(release, '6.1'))
  if (name === 'KVM_CREATE_DEVICE') return arg.at !== undefined
  if (name.startsWith('KVM_IRQ_LINE')) return true
  if (name.endsWith('DEVICE_ATTR')) return !settings.includes(arg.group) || !reached(release, '6.1')
  return name === 'KVM_ARM_SET_DEVICE_ADDR' && !reached(release, '6.1')
}

const names = ['vcpu0', 'vcpu1', 'vcpu2', 'gic', 'its', 'device']

/** Makes every name known to the text, and none a descriptor. */
const nothing = names.map((name) =>
  name.startsWith('vcpu')
    ? `vm: ${name} = KVM_CREATE_VCPU(9999) -> -EINVAL`
    : `vm: ${name} = KVM_CREATE_DEVICE(0) -> -ENODEV`,
)

/** Calls in any order on one VM and what it has. */
const calls = anyCalls(24).map((all) =>
  all.filter(
    ({ on, ioctl: { name }, arg }) => (on === 'vm' || names.includes(on)) && !(name === 'KVM_CREATE_VCPU' && arg > 2n),
  ),
)

/** Registers that are looked at; `turn` chooses among the many. */
const registers = (turn: number): string[] => [
  ...Array.from({ length: 6 }, (_, i) => `KVM_REG_ARM_CORE_REG(regs.regs[${(i * 5 + turn) % 31}])`),
  ...['pc', 'sp', 'pstate'].map((field) => `KVM_REG_ARM_CORE_REG(regs.${field})`),
  ...Array.from({ length: 4 }, (_, i) => `ARM64_SYS_REG(3, 0, 0, 4, ${(i + turn) % 8})`),
  'ARM64_SYS_REG(3, 0, 0, 0, 5)',
  'ARM64_SYS_REG(3, 0, 1, 0, 0)',
  'KVM_REG_ARM_TIMER_CTL',
  'KVM_REG_ARM_TIMER_CVAL',
  'KVM_REG_ARM64_SVE_VLS',
  `KVM_REG_ARM_FW_REG(${turn % 4})`,
  `KVM_REG_ARM_FW_FEAT_BMAP_REG(${turn % 4})`,
]

const addresses = (verb: 'GET' | 'SET', types: readonly number[]) =>
  types.map(
    (type) => `gic: KVM_${verb}_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0x${verb === 'GET' ? 0 : type}000000)`,
  )
const memory = (id: number) =>
  'vm: KVM_SET_USER_MEMORY_REGION('
  + `slot = ${id}, guest_phys_addr = 0x${id}0000, memory_size = 0x1000, userspace_addr = &ram)`

/** What can be seen of the VM, and what can still be done with it. */
const observed = (turn: number): string[] => [
  ...['vcpu0', 'vcpu1'].flatMap((vcpu) => [
    `${vcpu}: KVM_GET_REG_LIST(n = 1000)`,
    ...registers(turn).map((name) => `${vcpu}: KVM_GET_ONE_REG(${name})`),
  ]),
  ...addresses('GET', [0, 1, 2, 3]),
  'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)',
  'its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0)',
  'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)',
  ...[0, 1, 2].map((id) => `vm: KVM_CREATE_VCPU(${id})`),
  memory(0),
  memory(1),
  'vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)',
  'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)',
  'vcpu0: KVM_RUN(immediate_exit)',
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
  'vm: KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V2)',
  ...addresses('SET', [0, 2, 3]),
  'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
  'vm: KVM_CREATE_VCPU(2)',
]

/**
 * Not meant are KVM_RUN, which counts as having run; KVM_CREATE_DEVICE whose struct cannot be written; KVM_IRQ_LINE and
 * registers of a vgic, which initialise a GICv2 first; KVM_SET_ONE_REG of Z, P and FFR, in 5.10 of system registers
 * too, which copies from userspace right into the register; before 6.12 KVM_ARM_VCPU_INIT; in 5.10 addresses.
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
          const was = heardAs(were[i]!, line)
          const came = heardAs(heard.answers[nothing.length + i]!, line)
          const failed = said.filter((_, k) => !isKept[k]).join('; ')
          holds(came === was, heard, `as with the calls that fail (${failed}): ${was}`, nothing.length + i)
        }
      },
      120,
    )
  },
)

/** The same line for the VM `vm1`. */
const moved = (line: string): string =>
  line.replace(
    /^(?:vm|(\w+)): (?:(\w+) = )?/,
    (_, on?: string, into?: string) => `${on ? `vm1.${on}` : 'vm1'}: ${into ? `vm1.${into} = ` : ''}`,
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
          const was = heardAs(alone[which]!.answers[at]!, line)
          holds(heardAs(heard.answers[i]!, line) === was, heard, `as alone: ${was}`, i)
        }
      },
      40,
    )
  },
)
