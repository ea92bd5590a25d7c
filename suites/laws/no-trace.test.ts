/** Calls that fail change nothing, and VMs do not see each other: calls in any order are played in two settings and compared. */
import fc from 'fast-check'
import type { Answer, Call } from '../../harness/call.ts'
import type { Host } from '../../harness/host.ts'
import { api, src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { deviceTypes, errnos, vgicGroups } from '../../harness/names.ts'
import { anyCalls } from '../../harness/property.ts'
import { reached } from '../../harness/release.ts'
import { printCall } from '../../harness/trace.ts'

const { EPERM, ENOEXEC, EINVAL } = errnos
const { KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ } = vgicGroups
const settings = [KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_DEV_ARM_VGIC_GRP_NR_IRQS, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ] as number[]

/** What is compared of an answer; the value of a counter moves by itself. */
const heardAs = ({ ret, value, list }: Answer, line: string): string =>
  [ret, ...(/^\w+: KVM_GET_ONE_REG\(KVM_REG_ARM_P?TIMER_CNT/.test(line) ? [] : [value]), ...(list ?? [])].join(' ')

/** Failures that are known to leave something. */
const leaves = (host: Host, { ioctl: { name }, arg }: Call, { ret }: Answer): boolean => {
  const isBefore = (release: string) => !reached(host.kernel.release, release)
  if (name === 'KVM_RUN') return ![-EPERM, -ENOEXEC].includes(ret) && !(ret === -EINVAL && arg.arg)
  if (name === 'KVM_ARM_VCPU_INIT') return isBefore('6.12')
  if (name === 'KVM_CREATE_DEVICE') return arg.at !== undefined
  if (name.endsWith('DEVICE_ATTR')) return isBefore('6.1') || !settings.includes(arg.group)
  return name === 'KVM_ARM_SET_DEVICE_ADDR' && isBefore('6.1')
}

const names = ['vcpu0', 'vcpu1', 'vcpu2', 'gic', 'its', 'device']

/** Makes every name known to the text, and none a descriptor. */
const nothing = names.map((name) => `vm: ${name} = ${name.startsWith('vcpu') ? 'KVM_CREATE_VCPU(9999) -> -EINVAL' : 'KVM_CREATE_DEVICE(0) -> -ENODEV'}`)

/** Calls in any order on one VM and what it has. */
const calls = anyCalls(24).map((all) => all.filter(({ on, ioctl: { name }, arg }) =>
  (on === 'vm' || names.includes(on)) && !(name === 'KVM_CREATE_VCPU' && arg > 2n)))

/** What can be seen of that VM, and what can still be done with it. */
const observed = (turn: number): string[] => {
  const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
  const registers = [
    ...Array.from({ length: 6 }, (_, i) => `KVM_REG_ARM_CORE_REG(regs.regs[${(i * 5 + turn) % 31}])`), ...Array.from({ length: 4 }, (_, i) => `ARM64_SYS_REG(3, 0, 0, 4, ${(i + turn) % 8})`),
    ...['pc', 'sp', 'pstate'].map((r) => `KVM_REG_ARM_CORE_REG(regs.${r})`), `KVM_REG_ARM_FW_REG(${turn % 4})`, `KVM_REG_ARM_FW_FEAT_BMAP_REG(${turn % 4})`,
    'KVM_REG_ARM64_SVE_VLS', 'KVM_REG_ARM_TIMER_CTL', 'KVM_REG_ARM_TIMER_CVAL', 'ARM64_SYS_REG(3, 0, 0, 0, 5)', 'ARM64_SYS_REG(3, 0, 1, 0, 0)',
  ]
  return [
    ...[0, 1].flatMap((n) => [`vcpu${n}: KVM_GET_REG_LIST(n = 1000)`, ...registers.map((r) => `vcpu${n}: KVM_GET_ONE_REG(${r})`)]),
    ...[0, 1, 2, 3].map((type) => `gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0)`), 'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &0)',
    'its: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &0)', 'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)',
    ...[0, 1, 2].map((n) => `vm: KVM_CREATE_VCPU(${n})`),
    ...[0, 1].map((id) => `vm: KVM_SET_USER_MEMORY_REGION(slot = ${id}, guest_phys_addr = 0x${id}0000, memory_size = 0x1000, userspace_addr = &ram)`),
    'vcpu0: KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)', `vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)`, 'vcpu0: KVM_RUN(immediate_exit)',
    `vm: KVM_CREATE_DEVICE(${V3})`, `vm: KVM_CREATE_DEVICE(${V2})`,
    ...[0, 2, 3].map((type) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0x${type}000000)`),
    'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)', 'vm: KVM_CREATE_VCPU(2)',
  ]
}

law('a call that fails leaves no trace: without it all others are answered the same (not meant: KVM_RUN, KVM_CREATE_DEVICE with a bad pointer, registers of a vgic; KVM_ARM_VCPU_INIT before 6.12, addresses before 6.1)',
  api('1', 'ioctls'), async ({ host, ask, holds, forAll }) => {
    await forAll(fc.tuple(calls, fc.nat(31)), async ([some, turn]) => {
      const said = some.map((call) => printCall(call))
      const end = observed(turn)
      const { answers } = await ask([...nothing, ...said, ...end].join('\n'))
      const from = nothing.length
      const kept = said.map((_, i) => i).filter((i) => answers[from + i]!.ret >= 0 || leaves(host, some[i]!, answers[from + i]!))
      if (kept.length === said.length) return
      const lines = [...kept.map((i) => said[i]!), ...end]
      const were = [...kept.map((i) => answers[from + i]!), ...answers.slice(from + said.length)]
      const failed = said.filter((_, i) => !kept.includes(i)).join('; ')
      const heard = await ask([...nothing, ...lines].join('\n'))
      for (const [i, line] of lines.entries())
        holds(heardAs(heard.answers[from + i]!, line) === heardAs(were[i]!, line), heard, `what it is after ${failed}: ${heardAs(were[i]!, line)}`, from + i)
    }, 60)
  })

/** The same line for the VM `vm1`. */
const moved = (line: string): string => line.replace(/^(?:vm|(\w+)): (?:(\w+) = )?/, (_, on?: string, into?: string) => `${on ? `vm1.${on}` : 'vm1'}: ${into ? `vm1.${into} = ` : ''}`)

law('two VMs of one process do not influence each other: each answers as if it were alone', src('virt/kvm/kvm_main.c', 'kvm_dev_ioctl_create_vm'),
  async ({ ask, holds, forAll }) => {
    const turns = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 })
    await forAll(fc.tuple(calls, calls, turns), async ([a, b, order]) => {
      const texts = [a, b].map((some) => [...nothing, ...some.map((call) => printCall(call)), 'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)', 'vcpu0: KVM_GET_REG_LIST(n = 1000)'])
      const alone = await Promise.all(texts.map((lines) => ask(lines.join('\n'))))
      const next = [0, 0]
      const mixed: { which: 0 | 1; at: number }[] = []
      while (next[0]! < texts[0]!.length || next[1]! < texts[1]!.length) {
        const wanted = order[mixed.length] ? 1 : 0
        const which = next[wanted]! < texts[wanted]!.length ? wanted : wanted ? 0 : 1
        mixed.push({ which, at: next[which]!++ })
      }
      const heard = await ask(mixed.map(({ which, at }) => which ? moved(texts[1]![at]!) : texts[0]![at]!).join('\n'))
      for (const [i, { which, at }] of mixed.entries()) {
        const line = texts[which]![at]!
        const was = heardAs(alone[which]!.answers[at]!, line)
        holds(heardAs(heard.answers[i]!, line) === was, heard, `as alone: ${was}`, i)
      }
    }, 40)
  })
