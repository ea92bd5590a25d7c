/** What failed calls do leave behind in some releases. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { anyCalls } from '../../harness/generate/any-calls.ts'
import { reached } from '../../harness/model/release.ts'
import { printCall } from '../../harness/table/notation.ts'
import { anySet, join } from './feature-sets.ts'

law(
  'a first INIT that fails with ENOENT leaves its other features to the next one up to 6.11, and nothing from 6.12 on',
  src('arch/arm64/kvm/arm.c', 'kvm_vcpu_set_target'),
  async ({ host, ask, holds, forAll }) => {
    const isLeft = !reached(host.kernel.release, '6.12')
    const seen = [
      'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)',
      'KVM_GET_REG_LIST(n = 1000)',
      'KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)',
    ]
    const init = (set: readonly string[], answer: string) => `KVM_ARM_VCPU_INIT(features[] = ${join(set)}) -> ${answer}`
    await forAll(
      fc.tuple(anySet(host), fc.integer({ min: 10, max: 223 })),
      async ([set, bit]) => {
        const like = isLeft ? set : []
        const one = await ask([init(like, 'ok'), ...seen].join('\n'))
        const two = await ask([init([...set, `1 << ${bit}`], '-ENOENT'), init([], 'ok'), ...seen].join('\n'))
        for (const [i, { ret, value, list }] of one.answers.slice(1).entries()) {
          const other = two.answers[i + 2]!
          const isSame = other.ret === ret && other.value === value && other.list?.join() === list?.join()
          holds(isSame, two, `as after features[] = ${join(like)} alone: ${ret} ${value ?? ''}`, i + 2)
        }
      },
      16,
    )
  },
)

law(
  'a KVM_RUN refused for its interrupt controller ends the VM from 6.1 on: all its calls are EIO, other VMs live; 5.10 goes on',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_run_pid_change'),
  async ({ host, ask, forAll, notOffered }) => {
    const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
    const type = [V3, V2].find((t) => host.devices.includes(t))
    if (type === undefined) notOffered('no GIC')
    const isDead = reached(host.kernel.release, '6.1')
    const names = ['vm', 'vcpu0', 'gic']
    const later = anyCalls(16).map((calls) =>
      calls.filter(({ on, into, ioctl }) => names.includes(on) && into === undefined && !ioctl.syscall),
    )
    await forAll(
      later,
      async (calls) => {
        await ask(
          [
            'vm: KVM_CREATE_VCPU(0) -> ok',
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            `vm: gic = KVM_CREATE_DEVICE(${type}) -> ok`,
            'vcpu0: KVM_RUN(immediate_exit) -> -ENXIO',
            ...calls.filter(() => isDead).map((call) => `${printCall(call)} -> -EIO`),
            ...[
              'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)',
              'vm: KVM_CREATE_VCPU(1)',
              'gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0)',
            ].map((call) => `${call} -> ${isDead ? '-EIO' : 'ok'}`),
            'vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            'vm1.vcpu0: KVM_RUN(immediate_exit) -> -EINTR',
          ].join('\n'),
        )
      },
      20,
    )
  },
)
