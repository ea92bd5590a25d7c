/** How well a guest is protected from what its CPU speculates, as a VMM saves and restores it. */
import fc from 'fast-check'
import { anyNumber, hex } from '../../harness/model/scalar.ts'
import { doc } from '../../harness/model/rule.ts'
import { workaroundStates } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

const {
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL: AVAIL,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED: NOT_REQUIRED,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED: ENABLED,
} = workaroundStates

/** The second has a state that is read from no kernel, AVAIL, which comes from older ones, and only there the bit ENABLED. */
const isTaken = (register: number, value: bigint, host: bigint): boolean => {
  if (register !== 2) return value <= host
  const state = value & ~ENABLED
  if (state !== value && state !== AVAIL) return false
  return state < AVAIL || (state <= NOT_REQUIRED && host === NOT_REQUIRED)
}

law(
  'the pseudo register of a workaround takes the protection that the host has or less, nothing else, and reads as before',
  doc('arm/fw-pseudo-registers.rst', 'KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1'),
  async ({ ask, forAll }) => {
    const names = [1, 2, 3].map((n) => `KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_${n}`)
    const made = 'KVM_ARM_VCPU_INIT(features[] = 0) -> ok'
    const heard = await ask([made, ...names.map((name) => `KVM_GET_ONE_REG(${name}) -> ok`)].join('\n'))
    const states = heard.answers.slice(1).map(({ value }) => value!)
    const line = (n: number, value: bigint) => [
      `KVM_SET_ONE_REG(${names[n - 1]}, &${hex(value)}) -> ${isTaken(n, value, states[n - 1]!) ? 'ok' : '-EINVAL'}`,
      `KVM_GET_ONE_REG(${names[n - 1]}) -> ok = ${hex(states[n - 1]!)}`,
    ]
    const few = Array.from({ length: 34 }, (_, value) => BigInt(value))
    for (const n of [1, 2, 3]) await ask([made, ...few.flatMap((value) => line(n, value))].join('\n'))
    await forAll(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), anyNumber(64, [0n, 2n, 0x10n])), {
        minLength: 1,
        maxLength: 20,
      }),
      async (some) => {
        await ask([made, ...some.flatMap(([n, value]) => line(n, value))].join('\n'))
      },
      10,
    )
  },
)
