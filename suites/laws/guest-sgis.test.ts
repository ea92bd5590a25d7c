/** Interrupts that vcpus send each other. */
import fc from 'fast-check'
import { hex } from '../../harness/model/scalar.ts'
import { reached } from '../../harness/model/release.ts'
import { src } from '../../harness/model/rule.ts'
import { deviceTypes, X } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { affinityOf, call, REDIST } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes
const [IGROUPR0, ICENABLER0, ISPENDR0] = [0x1_0080n, 0x1_0180n, 0x1_0200n]
const GUEST = '&guest(send-sgis)'

/** A write of ICC_SGI1R_EL1 or its like: which interrupt, and to whom. */
const write = fc.record({
  intid: fc.nat(15),
  isForOthers: fc.nat(4).map((n) => n === 0),
  list: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x8001, 0xffff), fc.nat(0xffff)),
  cluster: fc.oneof(fc.constantFrom(0, 1, 0x10), fc.constantFrom(0x100, 0x1_0000)),
})
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never

/** Aff3, Aff2 and Aff1 have a byte each. */
const valueOf = ({ intid, isForOthers, list, cluster }: Write): bigint => {
  const [aff1, aff2, aff3] = [0, 8, 16].map((at) => BigInt((cluster >> at) & 0xff))
  const where = (aff3! << 48n) | (aff2! << 32n) | (aff1! << 16n) | BigInt(list)
  return (BigInt(isForOthers) << 40n) | (BigInt(intid) << 24n) | where
}

law(
  'an SGI is pending on every vcpu that its sender names, or on all others; in group 1 if it is sent by ICC_SGI1R_EL1 alone',
  src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_v3_dispatch_sgi'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    const isById = reached(host.kernel.release, '6.7')
    const most = Math.min(host.maxVcpus, 512)
    const id = fc.constantFrom(0, 1, 2, 15, 16, 17, 31, 256, 257).map((n) => n % most)
    const groups = fc.oneof(fc.constantFrom(0n, 0xffffn), fc.nat(0xffff).map(BigInt))
    const round = fc.record({ by: fc.nat(3), writes: fc.tuple(write, write, write) })
    await forAll(
      fc.record({
        ids: fc.uniqueArray(id, { minLength: 2, maxLength: 4 }),
        group1: fc.array(groups, { minLength: 4, maxLength: 4 }),
        rounds: fc.array(round, { minLength: 1, maxLength: 4 }),
      }),
      async ({ ids: drawn, group1, rounds }) => {
        // Before, a number is now an id and now a count, which are the same where vcpus are made in order.
        const ids = isById ? drawn : drawn.map((_, i) => i)
        const pending = ids.map(() => 0n)
        const at = (cpu: number, register: bigint) => hex((affinityOf(ids[cpu]!) << 32n) | register)
        const send = (by: number, one: Write, isGroup1: boolean) => {
          const bit = 1n << BigInt(one.intid)
          for (const [cpu, n] of ids.entries()) {
            const isNamed = n >> 4 === one.cluster && ((one.list >> (n & 15)) & 1) === 1
            const isMeant = one.isForOthers ? cpu !== by : isNamed
            if (isMeant && (isGroup1 || (group1[cpu]! & bit) === 0n)) pending[cpu]! |= bit
          }
        }
        const lines = rounds.flatMap(({ by, writes }) => {
          const sender = by % ids.length
          for (const [i, one] of writes.entries()) send(sender, one, i === 0)
          return [
            ...writes.map((one, i) => `vcpu${sender}: KVM_SET_ONE_REG(${X(i)}, &${hex(valueOf(one))}) -> ok`),
            `vcpu${sender}: KVM_RUN -> ok = KVM_EXIT_MMIO`,
            ...ids.map((_, cpu) => `${call('GET', REDIST, at(cpu, ISPENDR0))} -> ok = ${hex(pending[cpu]!)}`),
          ]
        })
        await ask(
          [
            ...ids.map((n, cpu) => `vm: vcpu${cpu} = KVM_CREATE_VCPU(${n}) -> ok`),
            `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
            ...['DIST, &0x8000000', 'REDIST, &0x80a0000'].map(
              (place) => `gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_${place}) -> ok`,
            ),
            'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok',
            `vm: KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = ${GUEST}) -> ok`,
            ...ids.map((_, cpu) => `vcpu${cpu}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`),
            // None is enabled, so that none is taken.
            ...ids.flatMap((_, cpu) => [
              `${call('SET', REDIST, at(cpu, ICENABLER0), 0xffff_ffffn)} -> ok`,
              `${call('SET', REDIST, at(cpu, IGROUPR0), group1[cpu]!)} -> ok`,
            ]),
            ...lines,
          ].join('\n'),
        )
      },
      20,
    )
  },
)
