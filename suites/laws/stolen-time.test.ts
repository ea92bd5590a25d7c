/** Stolen time: what a guest finds where it is told of it. */
import fc from 'fast-check'
import { anyNumber } from '../../harness/model/scalar.ts'
import { doc } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { X } from '../../harness/names/index.ts'

const PV_TIME_ST = 0xc500_0021n
/** An hour in nanoseconds: no list of calls waits so long for anything. */
const HOUR = 3600n * 10n ** 9n

law(
  'stolen time begins with revision 0 and no attributes, whatever was there, and with less than the guest can have waited',
  doc('arm/pvtime.rst', 'Stolen time in unsigned nanoseconds'),
  async ({ host, ask, forAll, holds, notOffered }) => {
    if (!host.caps.KVM_CAP_STEAL_TIME) notOffered('KVM_CAP_STEAL_TIME = 0')
    await forAll(
      fc.tuple(anyNumber(64, [(1n << 64n) - 1n]), fc.integer({ min: 0, max: 63 })),
      async ([before, place]) => {
        const address = 0x2_0000 + 64 * place
        const heard = await ask(`
          vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest(stolen-time)) -> ok
          vm: KVM_SET_USER_MEMORY_REGION(slot = 1, guest_phys_addr = 0x20000, memory_size = 0x1000, userspace_addr = &ram + 0x100000) -> ok
          KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok
          vcpu0: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &${address}) -> ok
          KVM_SET_ONE_REG(${X(0)}, &${PV_TIME_ST}) -> ok
          KVM_SET_ONE_REG(${X(7)}, &${before}) -> ok
          KVM_SET_ONE_REG(${X(8)}, &${address}) -> ok
          KVM_RUN -> ok = KVM_EXIT_MMIO
          KVM_GET_ONE_REG(${X(0)}) -> ok = ${address}
          KVM_GET_ONE_REG(${X(1)}) -> ok
          KVM_GET_ONE_REG(${X(2)}) -> ok
          KVM_GET_ONE_REG(${X(3)}) -> ok`)
        const at = heard.answers.length - 3
        holds(heard.answers[at]!.value === 0n, heard, 'revision 0', at)
        holds(heard.answers[at + 1]!.value === 0n, heard, 'no attributes', at + 1)
        holds(heard.answers[at + 2]!.value! < HOUR, heard, 'less than an hour of stolen time', at + 2)
      },
      10,
    )
  },
)
