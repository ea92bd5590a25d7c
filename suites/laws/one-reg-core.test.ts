/** Core registers: the modes that pstate takes, and what KVM_ARM_VCPU_INIT resets. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { arm64SysReg, parseReg, pstate } from '../../harness/names/index.ts'
import { anySet, join, ready } from './feature-sets.ts'
import { get, set, u64 } from './registers.ts'

const PSTATE = parseReg('KVM_REG_ARM_CORE_REG(regs.pstate)')
const ID_AA64PFR0_EL1 = arm64SysReg(3, 0, 0, 4, 0)

law(
  'regs.pstate takes EL0t, EL1t, EL1h and, if EL0 can be 32-bit, 32-bit user mode; with EL1_32BIT the 32-bit modes up to EL1',
  src('arch/arm64/kvm/guest.c', 'set_core_reg'),
  async ({ host, ask, forAll }) => {
    const pfr0 = (await ask([...ready([]), get(ID_AA64PFR0_EL1)].join('\n'))).last.value!
    const is64: readonly number[] = [
      pstate.PSR_MODE_EL0t,
      pstate.PSR_MODE_EL1t,
      pstate.PSR_MODE_EL1h,
      ...((pfr0 & 0xfn) === 2n ? [0x10] : []),
    ]
    // User, FIQ, IRQ, Supervisor, Abort, Undefined. System is left open, since kernels before 6.10 forgot it.
    const is32 = [0x10, 0x11, 0x12, 0x13, 0x17, 0x1b],
      SYSTEM = 0x1f
    const answer = (mode: number, width: number) =>
      width === 32 && mode === SYSTEM ? 'ok or -EINVAL' : (width === 32 ? is32 : is64).includes(mode) ? 'ok' : '-EINVAL'
    const modes = Array.from({ length: 32 }, (_, mode) => mode)
    for (const width of host.features.includes('KVM_ARM_VCPU_EL1_32BIT') ? [64, 32] : [64])
      await forAll(
        fc.bigInt({ min: 0n, max: (1n << 59n) - 1n }),
        async (flags) => {
          const lines = modes.map((mode) => set(PSTATE, (flags << 5n) | BigInt(mode), answer(mode, width)))
          await ask([...ready(width === 32 ? ['KVM_ARM_VCPU_EL1_32BIT'] : []), ...lines].join('\n'))
        },
        4,
      )
  },
)

law(
  'KVM_ARM_VCPU_INIT brings x0 to x30, sp, pc and pstate back to what the first one made of them, whatever came between',
  api('4.82', 'This will cause a reset of the cpu registers to their initial values'),
  async ({ host, ask, forAll }) => {
    const names = [...Array.from({ length: 31 }, (_, i) => `regs.regs[${i}]`), 'regs.sp', 'regs.pc', 'regs.pstate']
    const ids = names.map((name) => parseReg(`KVM_REG_ARM_CORE_REG(${name})`))
    const between = fc.array(
      fc.constantFrom(
        'KVM_RUN(immediate_exit)',
        'KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)',
        'KVM_GET_REG_LIST(n = 1000)',
      ),
      { maxLength: 3 },
    )
    const words = fc.array(fc.bigInt(u64), { minLength: ids.length, maxLength: ids.length })
    await forAll(
      fc.tuple(anySet(host), words, between),
      async ([features, noise, more]) => {
        const init = `KVM_ARM_VCPU_INIT(features[] = ${join(features)}) -> ok`
        const { answers } = await ask([init, ...ids.map((id) => get(id))].join('\n'))
        const writes = ids.map((id, i) => set(id, id === PSTATE ? 0n : noise[i]!))
        const same = ids.map((id, i) => get(id, `ok = ${answers[i + 1]!.value}`))
        await ask([init, ...writes, ...more, init, ...same].join('\n'))
      },
      12,
    )
  },
)
