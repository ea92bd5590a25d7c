/** What failed calls do leave behind in some releases: not promised, but relied upon by nobody and seen by everybody. */
import fc from 'fast-check'
import { src } from '../../harness/ioctl.ts'
import { law } from '../../harness/law.ts'
import { deviceTypes } from '../../harness/names.ts'
import { anyCalls } from '../../harness/property.ts'
import { reached } from '../../harness/release.ts'
import { printCall } from '../../harness/trace.ts'
import { anySet, join } from './feature-sets.ts'

law('a first KVM_ARM_VCPU_INIT that fails with ENOENT leaves the features it asked for to the next one up to 6.11, and none from 6.12 on',
  src('arch/arm64/kvm/arm.c', 'kvm_vcpu_set_target'), async ({ host, ask, holds, forAll }) => {
    const isKept = !reached(host.kernel.release, '6.12')
    const seen = ['KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)', 'KVM_GET_REG_LIST(n = 1000)', 'KVM_GET_ONE_REG(KVM_REG_ARM_PSCI_VERSION)']
    await forAll(fc.tuple(anySet(host), fc.integer({ min: 9, max: 223 })), async ([set, bit]) => {
      const one = await ask([`KVM_ARM_VCPU_INIT(features[] = ${join(isKept ? set : [])}) -> ok`, ...seen].join('\n'))
      const two = await ask([`KVM_ARM_VCPU_INIT(features[] = ${join([...set, `1 << ${bit}`])}) -> -ENOENT`, 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok', ...seen].join('\n'))
      for (const [i, { ret, value, list }] of one.answers.slice(1).entries()) {
        const other = two.answers[i + 2]!
        holds(other.ret === ret && other.value === value && other.list?.join() === list?.join(), two, `as after one with ${join(isKept ? set : [])}: ${ret} ${value ?? ''}`, i + 2)
      }
    }, 16)
  })

law('a KVM_RUN refused because the interrupt controller is not ready ends the VM from 6.1 on: every call on it, its vcpus and its devices is EIO, and other VMs live on; in 5.10 the VM lives',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_run_pid_change'), async ({ host, ask, forAll, notOffered }) => {
    const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
    const type = [V3, V2].find((t) => host.devices.includes(t))
    if (type === undefined) notOffered('no GIC')
    const isDead = reached(host.kernel.release, '6.1')
    const after = anyCalls(16).map((calls) => calls.filter(({ on, into }) => ['vm', 'vcpu0', 'gic'].includes(on) && into === undefined))
    await forAll(after, async (calls) => {
      await ask(['vm: KVM_CREATE_VCPU(0) -> ok', 'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok', `vm: gic = KVM_CREATE_DEVICE(${type}) -> ok`, 'vcpu0: KVM_RUN(immediate_exit) -> -ENXIO',
        ...calls.filter(() => isDead).map((call) => `${printCall(call)} -> -EIO`),
        `vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ${isDead ? '-EIO' : 'ok'}`, `vm: KVM_CREATE_VCPU(1) -> ${isDead ? '-EIO' : 'ok'}`,
        `gic: KVM_HAS_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0) -> ${isDead ? '-EIO' : 'ok'}`,
        'vm1.vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok', 'vm1.vcpu0: KVM_RUN(immediate_exit) -> -EINTR'].join('\n'))
    }, 20)
  })
