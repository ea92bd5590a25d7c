/** What a guest is told by the firmware that KVM plays for it. */
import fc from 'fast-check'
import { anyNumber } from '../../harness/model/scalar.ts'
import { reached } from '../../harness/model/release.ts'
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

const NOT_SUPPORTED = (1n << 64n) - 1n
/** Functions by the bitmap and the bit that shows them to the guest, and what x0 holds then. */
const shownBy = [
  { bitmap: 'STD_BMAP', bit: 0, fn: 0x8400_0050n, x1: 0n, gives: 0x1_0000n },
  { bitmap: 'STD_BMAP', bit: 0, fn: 0x8400_0051n, x1: 0xc400_0053n, gives: 0n },
  { bitmap: 'STD_BMAP', bit: 0, fn: 0x8400_0052n, x1: 0n, gives: 0xe0_210dn },
  { bitmap: 'STD_BMAP', bit: 0, fn: 0x8400_0053n, x1: 0n, gives: 0n },
  { bitmap: 'STD_BMAP', bit: 0, fn: 0xc400_0053n, x1: 0xc1n, gives: NOT_SUPPORTED - 1n },
  { bitmap: 'STD_HYP_BMAP', bit: 0, fn: 0x8000_0001n, x1: 0xc500_0020n, gives: 0n },
  { bitmap: 'STD_HYP_BMAP', bit: 0, fn: 0xc500_0020n, x1: 0xc500_0021n, gives: 0n },
  { bitmap: 'STD_HYP_BMAP', bit: 0, fn: 0xc500_0021n, x1: 0n, gives: 0x8000n },
  { bitmap: 'VENDOR_HYP_BMAP', bit: 0, fn: 0x8600_ff01n, x1: 0n, gives: 0xb66f_b428n },
] as const
const bitmapsOf = ['STD_BMAP', 'STD_HYP_BMAP', 'VENDOR_HYP_BMAP'] as const

law(
  'a guest has a hypercall if and only if its bit is set in the bitmap of firmware features, and else NOT_SUPPORTED',
  doc('arm/fw-pseudo-registers.rst', 'Bitmap Feature Firmware Registers'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!reached(host.kernel.release, '6.1')) notOffered('no bitmaps of firmware features before 5.19')
    await forAll(
      fc.tuple(
        fc.record({ STD_BMAP: fc.nat(1), STD_HYP_BMAP: fc.nat(1), VENDOR_HYP_BMAP: fc.nat(3) }),
        fc.shuffledSubarray([...shownBy], { minLength: 4 }),
      ),
      async ([bitmaps, some]) => {
        const each = some.map(({ bitmap, bit, fn, x1, gives }) => {
          const value = (bitmaps[bitmap] >> bit) & 1 ? gives : NOT_SUPPORTED
          return `${call([fn, x1])}
            KVM_GET_ONE_REG(${X(0)}) -> ok = ${value}`
        })
        const vendor = (bitmaps.VENDOR_HYP_BMAP & 1) === 1 ? BigInt(bitmaps.VENDOR_HYP_BMAP) : NOT_SUPPORTED
        await ask(
          [
            GUEST,
            'vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &0x8000) -> ok',
            ...bitmapsOf.map((name) => `KVM_SET_ONE_REG(KVM_REG_ARM_${name}, &${bitmaps[name]}) -> ok`),
            ...each,
            call([0x8600_0000n]),
            `KVM_GET_ONE_REG(${X(0)}) -> ok = ${vendor}`,
            ...bitmapsOf.map((name) => `KVM_GET_ONE_REG(KVM_REG_ARM_${name}) -> ok = ${bitmaps[name]}`),
          ].join('\n'),
        )
      },
      15,
    )
  },
)

law(
  'a guest that asks for random numbers has as many bits as it asked for in x3, x2 and x1, and zeros above',
  src('arch/arm64/kvm/trng.c', 'kvm_trng_do_rnd'),
  async ({ host, ask, forAll, holds, notOffered }) => {
    if (!reached(host.kernel.release, '6.1')) notOffered('no random numbers before 5.12')
    await forAll(
      fc.tuple(fc.boolean(), fc.nat(200)),
      async ([isWide, bits]) => {
        const size = isWide ? 64 : 32
        const isTooMany = bits > 3 * size
        const heard = await ask(
          [
            GUEST,
            call([isWide ? 0xc400_0053n : 0x8400_0053n, BigInt(bits)]),
            `KVM_GET_ONE_REG(${X(0)}) -> ok = ${isTooMany ? NOT_SUPPORTED - 1n : 0}`,
            ...[3, 2, 1].map((n) => `KVM_GET_ONE_REG(${X(n)}) -> ok`),
          ].join('\n'),
        )
        for (const [i, answer] of heard.answers.slice(-3).entries()) {
          const width = isTooMany ? 0 : Math.min(Math.max(bits - i * size, 0), size)
          const line = heard.answers.length - 3 + i
          holds(answer.value! < 1n << BigInt(width), heard, `a value of ${width} bits`, line)
        }
      },
      20,
    )
  },
)

/** PSCI's functions that a version of PSCI 1 brought, and what PSCI_FEATURES says of them. */
const brought = [
  { fn: 0xan, minor: 0, wide: false, feature: 0n },
  { fn: 0x12n, minor: 1, wide: true, feature: 0n },
  { fn: 0x15n, minor: 3, wide: true, feature: 1n },
]

law(
  'PSCI_FEATURES tells a function that came with a version of PSCI from that version on, and can it be called from then on alone',
  src('arch/arm64/kvm/psci.c', 'kvm_psci_1_x_call'),
  async ({ host, ask }) => {
    const newest = reached(host.kernel.release, '6.13') ? 3 : reached(host.kernel.release, '5.18') ? 1 : 0
    const versions = [undefined, ...[0, 1, 2, 3].filter((minor) => minor <= newest)]
    const each = versions.flatMap((version) => [
      `KVM_SET_ONE_REG(KVM_REG_ARM_PSCI_VERSION, &${version === undefined ? 2 : 0x1_0000 + version}) -> ok`,
      ...brought.flatMap(({ fn, minor, wide, feature }) =>
        (wide ? [0x8400_0000n, 0xc400_0000n] : [0x8400_0000n]).flatMap((base) => {
          const isThere = version !== undefined && version >= minor
          const isTold = version !== undefined && isThere
          return [
            call([0x8400_000an, base + fn]),
            `KVM_GET_ONE_REG(${X(0)}) -> ok = ${isTold ? feature : NOT_SUPPORTED}`,
            // An argument that it does not take: it leaves the guest in no version.
            call([base + fn, 0x1fn, 1n]),
            `KVM_GET_ONE_REG(${X(0)}) -> ok = ${isThere && minor > 0 ? NOT_SUPPORTED - 1n : NOT_SUPPORTED}`,
          ]
        }),
      ),
    ])
    await ask([GUEST, ...each].join('\n'))
  },
)
