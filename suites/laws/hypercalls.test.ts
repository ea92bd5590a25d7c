/** What a guest is told by the firmware that KVM plays for it. */
import fc from 'fast-check'
import { anyNumber } from '../../harness/model/scalar.ts'
import { doc, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { X } from '../../harness/names/index.ts'

const GUEST = `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(hypercalls)) -> ok
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok`
const call = (x: readonly bigint[]): string =>
  [...x.map((value, n) => `KVM_SET_ONE_REG(${X(n)}, &${value}) -> ok`), 'KVM_RUN -> ok = KVM_EXIT_MMIO'].join('\n')

const PSCI_VERSION = 0x8400_0000n
/** PSCI_VERSION, AFFINITY_INFO and MIGRATE_INFO_TYPE, and functions that KVM has not: none of them leaves the guest. */
const functions = [0x0n, 0x4n, 0x5n, 0x6n, 0x7n, 0xbn, 0xcn, 0xdn, 0xfn, 0x10n, 0x11n, 0x14n, 0x1fn].map(
  (n) => PSCI_VERSION + n,
)

law(
  'the version of PSCI that a guest is told is the one that KVM_REG_ARM_PSCI_VERSION was set to last',
  doc('arm/fw-pseudo-registers.rst', 'KVM_REG_ARM_PSCI_VERSION'),
  async ({ ask, forAll }) => {
    await forAll(
      fc.array(fc.constantFrom(0x2n, 0x1_0000n), { minLength: 1, maxLength: 8 }),
      async (versions) => {
        const each = versions.map(
          (version) => `KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &${version}) -> ok
            ${call([PSCI_VERSION])}
            KVM_GET_ONE_REG(${X(0)}) -> ok = ${version}`,
        )
        await ask([GUEST, ...each].join('\n'))
      },
      10,
    )
  },
)

law(
  'a hypercall of PSCI leaves 0 in x1, x2 and x3, whatever they held and whatever came of it',
  src('arch/arm64/kvm/psci.c', 'kvm_psci_0_2_call'),
  async ({ ask, forAll }) => {
    const argument = anyNumber(64, [0n, 1n, 1n << 32n])
    await forAll(
      fc.array(fc.tuple(fc.constantFrom(...functions), argument, argument, argument), { minLength: 1, maxLength: 8 }),
      async (calls) => {
        const each = calls.map((x) =>
          [call(x), ...[1, 2, 3].map((n) => `KVM_GET_ONE_REG(${X(n)}) -> ok = 0`)].join('\n'),
        )
        await ask([GUEST, ...each].join('\n'))
      },
      10,
    )
  },
)
