/** What a guest is told of an abort that userspace has it take, and when its steps are userspace's. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { guestDebug } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

law(
  'an external abort tells a 32-bit guest of itself in the format of tables that TTBCR.EAE chooses',
  src('arch/arm64/kvm/inject_fault.c', 'inject_abt32'),
  async ({ host, ask, holds, notOffered }) => {
    if (!host.features.includes('KVM_ARM_VCPU_EL1_32BIT')) return notOffered('no KVM_ARM_VCPU_EL1_32BIT')
    const [DFSR, TTBCR] = ['ARM64_SYS_REG(3, 0, 5, 2, 0)', 'ARM64_SYS_REG(3, 0, 2, 0, 2)']
    for (const [ttbcr, dfsr] of [
      [0x0n, 0x8n],
      [0x8000_0000n, 0x210n],
    ] as const) {
      const heard = await ask(`
        KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_EL1_32BIT) -> ok
        KVM_SET_ONE_REG(${TTBCR}, &${ttbcr}) -> ok
        KVM_SET_VCPU_EVENTS(exception.ext_dabt_pending = 1) -> ok
        KVM_GET_ONE_REG(${DFSR}) -> ok`)
      holds(BigInt.asUintN(32, heard.last.value!) === dfsr, heard, `ok = ${hex(dfsr)} in the lower half`)
    }
  },
)

const PSTATE_MODES = { EL0t: 0x3c0n, EL1t: 0x3c4n, EL1h: 0x3c5n, 'AArch32 user': 0x1d0n }
const ESR_EL1 = 'ARM64_SYS_REG(3, 0, 5, 2, 0)'
/** ESR_EL1.EC of a data abort: from a lower exception level, and from the same. */
const [FROM_EL0, FROM_EL1] = [0x24n, 0x25n]

law(
  'an external abort tells a 64-bit guest whether it comes from EL0, and that it is an external one',
  src('arch/arm64/kvm/inject_fault.c', 'inject_abt64'),
  async ({ ask, holds }) => {
    for (const [mode, pstate] of Object.entries(PSTATE_MODES)) {
      const heard = await ask(`
        KVM_ARM_VCPU_INIT(features[] = 0) -> ok
        KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pstate), &${pstate}) -> ok or -EINVAL
        KVM_SET_VCPU_EVENTS(exception.ext_dabt_pending = 1) -> ok
        KVM_GET_ONE_REG(${ESR_EL1}) -> ok`)
      // Not every CPU has AArch32.
      if (heard.answers.at(-3)!.ret < 0) continue
      const esr = heard.last.value!
      const expected = mode.startsWith('EL1') ? FROM_EL1 : FROM_EL0
      holds(((esr >> 26n) & 0x3fn) === expected, heard, `an exception class of ${hex(expected)}`)
      holds((esr & 0x3fn) === 0x10n, heard, 'a fault status of 0x10')
    }
  },
)

law(
  'a guest is debugged if and only if KVM_GUESTDBG_ENABLE is set, and stepped if and only if KVM_GUESTDBG_SINGLESTEP is, too',
  src('arch/arm64/kvm/guest.c', 'kvm_arch_vcpu_ioctl_set_guest_debug'),
  async ({ ask, forAll }) => {
    const { KVM_GUESTDBG_ENABLE: ENABLE, KVM_GUESTDBG_SINGLESTEP: STEP } = guestDebug
    const control = fc.constantFrom(0, ENABLE, STEP, ENABLE | STEP, guestDebug.KVM_GUESTDBG_USE_SW_BP | STEP)
    await forAll(
      fc.array(control, { minLength: 1, maxLength: 6 }),
      async (controls) => {
        const each = controls.flatMap((one) => {
          const isStepped = (one & ENABLE) !== 0 && (one & STEP) !== 0
          return [
            'vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc), &0x0) -> ok',
            `vcpu0: KVM_SET_GUEST_DEBUG(${one}) -> ok`,
            `vcpu0: KVM_RUN -> ok = ${isStepped ? 'KVM_EXIT_DEBUG' : 'KVM_EXIT_MMIO'}`,
            // What was left for userspace to complete is completed before the next one begins.
            ...(isStepped ? [] : ['vcpu0: KVM_RUN(immediate_exit) -> -EINTR']),
          ]
        })
        await ask(
          [
            'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x10000, userspace_addr = &guest(mmio-stores)) -> ok',
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = 0) -> ok',
            ...each,
          ].join('\n'),
        )
      },
      20,
    )
  },
)
