/** What a guest and userspace tell each other through kvm_run. */
import fc from 'fast-check'
import { api, doc, src } from '../../harness/model/rule.ts'
import { reached } from '../../harness/model/release.ts'
import { anyNumber } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import { X } from '../../harness/names/index.ts'

const guest = (name: string): string => `
  vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(${name})) -> ok
  KVM_ARM_VCPU_INIT(features[] = 0) -> ok`
const words = anyNumber(64, [0x8877_6655_4433_2211n])
/** The bits of an access, in the order in which the programs make them. */
const widths = [8, 16, 32, 64]
const inOneAccess = (value: bigint, i: number): bigint => BigInt.asUintN(widths[i]!, value)

law(
  'what userspace puts into mmio.data is what a load of the guest leaves in its register, as many bytes as it loads',
  api('5', '‘data’ member contains, in its first ‘len’ bytes, the value as it would appear'),
  async ({ ask, forAll }) => {
    await forAll(
      fc.array(words, { minLength: 4, maxLength: 4 }),
      async (values) => {
        const each = values.map(
          (value, i) => `KVM_RUN -> ok = KVM_EXIT_MMIO
            kvm_run(mmio.is_write) -> ok = 0
            kvm_run(mmio.len) -> ok = ${widths[i]! / 8}
            kvm_run(mmio.data = ${value}) -> ok`,
        )
        const read = values.map((value, i) => `KVM_GET_ONE_REG(${X(i)}) -> ok = ${inOneAccess(value, i)}`)
        await ask([guest('mmio-loads'), ...each, 'KVM_RUN(immediate_exit) -> -EINTR', ...read].join('\n'))
      },
      10,
    )
  },
)

law(
  'what a guest stores is in mmio.data, as many bytes as it stores, and the others are what they were',
  api('5', '‘data’ member contains, in its first ‘len’ bytes, the value as it would appear'),
  async ({ ask, forAll }) => {
    await forAll(
      fc.array(fc.tuple(words, words), { minLength: 4, maxLength: 4 }),
      async (values) => {
        const each = values.map(([stored, before], i) => {
          const others = before & ~((1n << BigInt(widths[i]!)) - 1n)
          return `KVM_SET_ONE_REG(${X(0)}, &${stored}) -> ok
            kvm_run(mmio.data = ${before}) -> ok
            KVM_RUN -> ok = KVM_EXIT_MMIO
            kvm_run(mmio.is_write) -> ok = 1
            kvm_run(mmio.len) -> ok = ${widths[i]! / 8}
            kvm_run(mmio.data) -> ok = ${others | inOneAccess(stored, i)}`
        })
        await ask([guest('mmio-stores'), ...each].join('\n'))
      },
      10,
    )
  },
)

law(
  'a hypercall that a filter denies is not supported, and one that it sends to userspace says which it was',
  doc('devices/vm.rst', 'KVM_SMCCC_FILTER_FWD_TO_USER'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!reached(host.kernel.release, '6.12')) notOffered('a VM has no filter before 6.12')
    const fns = fc.integer({ min: 0, max: 0x7fff_0000 })
    await forAll(
      fc.tuple(fns, fc.nat(0x100), fc.boolean()),
      async ([base, offset, isDenied]) => {
        const fn = base + offset
        await ask(
          [
            guest('hypercalls'),
            `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(base = ${base}, nr_functions = ${offset + 1}, action = ${isDenied ? 1 : 2})) -> ok`,
            `KVM_SET_ONE_REG(${X(0)}, &${fn}) -> ok`,
            ...(isDenied
              ? ['KVM_RUN -> ok = KVM_EXIT_MMIO', `KVM_GET_ONE_REG(${X(0)}) -> ok = 0xffffffffffffffff`]
              : [
                  'KVM_RUN -> ok = KVM_EXIT_HYPERCALL',
                  `kvm_run(hypercall.nr) -> ok = ${fn}`,
                  `KVM_GET_ONE_REG(${X(0)}) -> ok = ${fn}`,
                ]),
          ].join('\n'),
        )
      },
      20,
    )
  },
)

law(
  'kvm_valid_regs and kvm_dirty_regs are userspace’s own: whatever is there, registers are not read or written so',
  src('arch/arm64/kvm/arm.c', 'kvm_arch_vcpu_ioctl_run'),
  async ({ ask, forAll }) => {
    await forAll(
      fc.tuple(words, words, words),
      async ([valid, dirty, stored]) => {
        await ask(
          [
            guest('mmio-stores'),
            `KVM_SET_ONE_REG(${X(0)}, &${stored}) -> ok`,
            `kvm_run(kvm_valid_regs = ${valid}) -> ok`,
            `kvm_run(kvm_dirty_regs = ${dirty}) -> ok`,
            'KVM_RUN -> ok = KVM_EXIT_MMIO',
            `kvm_run(kvm_valid_regs) -> ok = ${valid}`,
            `kvm_run(kvm_dirty_regs) -> ok = ${dirty}`,
            `KVM_GET_ONE_REG(${X(0)}) -> ok = ${stored}`,
          ].join('\n'),
        )
      },
      10,
    )
  },
)
