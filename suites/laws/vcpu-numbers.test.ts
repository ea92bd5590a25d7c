/** By which number a guest knows each of its vcpus. */
import fc from 'fast-check'
import { deviceTypes } from '../../harness/names/index.ts'
import { src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import { affinityOf, call, REDIST } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const GICR_TYPER = 8n
const MPIDR_EL1 = 'ARM64_SYS_REG(3, 0, 0, 0, 5)'
const INIT_GIC = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'

law(
  'a vcpu has its id in MPIDR_EL1, sixteen to a cluster, and in GICR_TYPER, where its redistributor is found by that',
  src('arch/arm64/kvm/sys_regs.c', 'reset_mpidr'),
  async ({ host, ask, forAll, holds }) => {
    const hasGic = host.devices.includes(V3)
    const most = Number((await ask('vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS) -> ok')).last.value!)
    const id = fc.oneof(fc.nat(most - 1), fc.constantFrom(0, 1, 15, 16, 17, 255, 256, most - 1))
    await forAll(
      fc.uniqueArray(
        id.map((one) => Math.min(one, most - 1)),
        { minLength: 1, maxLength: 4 },
      ),
      async (ids) => {
        const made = ids.flatMap((one, i) => [
          `vm: vcpu${i} = KVM_CREATE_VCPU(${one}) -> ok`,
          `vcpu${i}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`,
        ])
        const read = ids.map(
          (one, i) => `vcpu${i}: KVM_GET_ONE_REG(${MPIDR_EL1}) -> ok = ${hex(0x8000_0000n | affinityOf(one))}`,
        )
        const typers = ids.map((one) => `${call('GET', REDIST, hex((affinityOf(one) << 32n) | GICR_TYPER))} -> ok`)
        const gic = hasGic ? [`gic = KVM_CREATE_DEVICE(${V3}) -> ok`, INIT_GIC, ...typers] : []
        const heard = await ask([...made, ...read, ...gic].join('\n'))
        const first = heard.answers.length - typers.length
        if (hasGic)
          for (const [i, one] of ids.entries()) {
            const number = (heard.answers[first + i]!.value! >> 8n) & 0xffffn
            holds(number === BigInt(one), heard, `ok, ${one} in GICR_TYPER.Processor_Number`, first + i)
          }
      },
      25,
    )
  },
)
