/** Laws that kernels once broke and no other law holds them to; the bugs are in fixtures/errata.ts. */
import { api, src } from '../../harness/model/rule.ts'
import { reached } from '../../harness/model/release.ts'
import { law } from '../../harness/suite/law.ts'

const init = 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok'
const CLIDR_EL1 = 'ARM64_SYS_REG(3, 1, 0, 0, 1)'
const ID_AA64PFR0_EL1 = 'ARM64_SYS_REG(3, 0, 0, 4, 0)'
const ID_PFR1_EL1 = 'ARM64_SYS_REG(3, 0, 0, 1, 1)'
const CSV2 = 15n << 56n

law(
  'KVM_ARM_VCPU_INIT does not forget what userspace wrote to CLIDR_EL1, where it can write it',
  src('arch/arm64/kvm/sys_regs.c', 'reset_vcpu_ftr_id_reg'),
  async ({ ask, notOffered }) => {
    const { value } = (await ask(`${init}\nKVM_GET_ONE_REG(${CLIDR_EL1}) -> ok`)).last
    // The lowest bit of the level of coherence.
    const other = `0x${(value! ^ (1n << 24n)).toString(16)}`
    const set = `KVM_SET_ONE_REG(${CLIDR_EL1}, &${other})`
    if ((await ask(`${init}\n${set}`)).last.ret < 0) notOffered('CLIDR_EL1 is fixed, or does not take this value')
    await ask(`${init}\n${set} -> ok\n${init}\nKVM_GET_ONE_REG(${CLIDR_EL1}) -> ok = ${other}`)
  },
)

law(
  'ID_AA64PFR0_EL1.CSV2 can be lowered to 0, so that a guest can move to a CPU without it',
  src('arch/arm64/kvm/sys_regs.c', 'set_id_aa64pfr0_el1'),
  async ({ ask }) => {
    const { value } = (await ask(`${init}\nKVM_GET_ONE_REG(${ID_AA64PFR0_EL1}) -> ok`)).last
    const without = `0x${(value! & ~CSV2).toString(16)}`
    await ask(
      `${init}\nKVM_SET_ONE_REG(${ID_AA64PFR0_EL1}, &${without}) -> ok\nKVM_GET_ONE_REG(${ID_AA64PFR0_EL1}) -> ok = ${without}`,
    )
  },
)

law(
  'ID_AA64PFR0_EL1 reads the same before and after a GICv3 is made, so that a VM can be saved at any time',
  src('arch/arm64/kvm/sys_regs.c', 'read_id_reg'),
  async ({ ask, notOffered }) => {
    const gic = 'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)'
    if ((await ask(gic)).last.ret < 0) notOffered('no KVM_DEV_TYPE_ARM_VGIC_V3')
    const { value } = (await ask(`${init}\nKVM_GET_ONE_REG(${ID_AA64PFR0_EL1}) -> ok`)).last
    await ask(`${init}\n${gic} -> ok\nKVM_GET_ONE_REG(${ID_AA64PFR0_EL1}) -> ok = 0x${value!.toString(16)}`)
  },
)

law(
  'a vcpu that has run without a GICv3 is told of none, neither by ID_AA64PFR0_EL1 nor by ID_PFR1_EL1',
  src('arch/arm64/kvm/sys_regs.c', 'kvm_finalize_sys_regs'),
  async ({ host, ask, holds, notOffered }) => {
    if (!reached(host.kernel.release, '6.12')) return notOffered('before 6.12 these tell of the host')
    const fields = [
      [ID_AA64PFR0_EL1, 24n],
      [ID_PFR1_EL1, 28n],
    ] as const
    for (const [name, shift] of fields) {
      const heard = await ask(`${init}\nKVM_RUN(immediate_exit) -> -EINTR\nKVM_GET_ONE_REG(${name}) -> ok`)
      holds(((heard.last.value! >> shift) & 15n) === 0n, heard, 'ok with 0 in the field GIC')
    }
  },
)

law(
  'a write to a breakpoint or watchpoint register changes none of another number',
  src('arch/arm64/kvm/sys_regs.c', 'trap_bvr'),
  async ({ ask }) => {
    for (const op2 of [4, 5, 6, 7])
      for (const n of [1, 15]) {
        const of = (number: number) => `ARM64_SYS_REG(2, 0, 0, ${number}, ${op2})`
        const { value } = (await ask(`${init}\nKVM_GET_ONE_REG(${of(0)}) -> ok`)).last
        const other = `KVM_SET_ONE_REG(${of(n)}, &0x1e4) -> ok`
        await ask(`${init}\n${other}\nKVM_GET_ONE_REG(${of(0)}) -> ok = 0x${value!.toString(16)}`)
      }
  },
)

law(
  'KVM_CAP_NR_VCPUS recommends no more vcpus than there can be by KVM_CAP_MAX_VCPUS',
  api('4.7', 'The recommended max_vcpus value can be retrieved using the KVM_CAP_NR_VCPUS'),
  async ({ ask, holds }) => {
    const of = async (cap: string) => (await ask(`kvm: KVM_CHECK_EXTENSION(${cap}) -> ok`)).last.value!
    const most = await of('KVM_CAP_MAX_VCPUS')
    const heard = await ask('kvm: KVM_CHECK_EXTENSION(KVM_CAP_NR_VCPUS) -> ok')
    holds(heard.last.value! <= most, heard, `ok, at most ${most}`)
  },
)
