/** What a write of a register of an interrupt controller leaves, and whose registers it changes. */
import fc from 'fast-check'
import { hex } from '../../harness/model/scalar.ts'
import { doc, src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { call, DIST, models, ready, REDIST, to } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes

law(
  'a value of GICD_IIDR that is accepted is the one that is read from then on',
  doc('devices/arm-vgic-v3.rst', 'write back the read value to confirm its expected behavior'),
  async ({ host, ask, holds, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    for (const type of models(host))
      await Promise.all(
        // Each revision, and each bit, all else being as it is.
        [
          ...Array.from({ length: 16 }, (_, revision) => 0x4b00_043bn | (BigInt(revision) << 12n)),
          ...Array.from({ length: 32 }, (_, bit) => 0x4b00_343bn ^ (1n << BigInt(bit))),
        ].map(async (other) => {
          const read = call('GET', DIST, '0x8')
          const heard = await ask([...ready(type), read, call('SET', DIST, '0x8', other), read].join('\n'))
          const [before, set, after] = heard.answers.slice(-3)
          const kept = set!.ret === 0 ? other : before!.value
          holds(after!.value === kept, heard, `ok = ${kept}`)
        }),
      )
  },
)

const word = fc.nat({ max: 0xffff_ffff }).map(BigInt)

law(
  'registers of shared interrupts read the same from every vcpu',
  doc('devices/arm-vgic-v3.rst', 'distributor fields are not banked'),
  async ({ host, forAll, ask, holds, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    const register = fc.constantFrom(0x104, 0x184, 0x204, 0x284, 0x304, 0x384, 0x420, 0x424, 0x820, 0xc08, 0xc0c)
    const steps = fc.array(fc.tuple(register, word, fc.nat(1)), { minLength: 1, maxLength: 20, size: 'max' })
    for (const type of models(host))
      await forAll(
        steps,
        async (some) => {
          const lines = some.flatMap(([at, value, cpu]) => [
            call('SET', DIST, to(cpu, at), value),
            call('GET', DIST, to(0, at)),
            call('GET', DIST, to(1, at)),
          ])
          const heard = await ask([...ready(type), ...lines].join('\n'))
          for (let i = ready(type).length; i < heard.answers.length; i += 3) {
            const [, first, second] = heard.answers.slice(i, i + 3)
            holds(first!.value === second!.value, heard, `ok = ${first!.value}, as from the other vcpu`, i + 2)
          }
        },
        15,
      )
  },
)

law(
  'a write of one vcpu’s own registers leaves those of the others as they are',
  doc('devices/arm-vgic-v3.rst', 'accesses the redistributor of the CPU specified by the mpidr'),
  async ({ host, askEach, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    for (const type of models(host)) {
      const [group, base] = type === V2 ? [DIST, 0] : [REDIST, 0x1_0000]
      const offsets = [0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x404, 0x418, 0x41c, 0xc04]
      const own = offsets.map((at) => at + base)
      const read = await askEach(
        ready(type),
        own.map((at) => `${call('GET', group, to(1, at))} -> ok`),
      )
      await askEach(
        ready(type),
        own.map((at, i) =>
          [
            `${call('SET', group, to(0, at), 0xa5a5_a5a5n)} -> ok`,
            `${call('GET', group, to(1, at))} -> ok = ${hex(read[i]!.value!)}`,
          ].join('\n'),
        ),
      )
    }
  },
)

law(
  'a write of GICD_ISENABLER or GICD_ISACTIVER sets bits, one of GICD_ICENABLER or GICD_ICACTIVER clears them',
  doc('devices/arm-vgic-v3.rst', 'has the same effect as reading or writing the register on real hardware'),
  async ({ host, forAll, ask, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    const steps = fc.array(fc.tuple(fc.constantFrom(0x104, 0x304), fc.boolean(), word), {
      minLength: 1,
      maxLength: 30,
      size: 'max',
    })
    for (const type of models(host))
      await forAll(
        steps,
        async (some) => {
          const holding = new Map<number, bigint>()
          const lines = some.flatMap(([at, isSet, value]) => {
            const old = holding.get(at) ?? 0n
            const now = isSet ? old | value : old & ~value
            holding.set(at, now)
            return [
              `${call('SET', DIST, hex(isSet ? at : at + 0x80), value)} -> ok`,
              `${call('GET', DIST, hex(at))} -> ok = ${hex(now)}`,
              `${call('GET', DIST, hex(at + 0x80))} -> ok = ${hex(now)}`,
            ]
          })
          await ask([...ready(type), ...lines].join('\n'))
        },
        15,
      )
  },
)

law(
  'what is written of GICD_ISPENDR or GICR_ISPENDR0 is pending from then on and nothing else, of every vcpu',
  src('arch/arm64/kvm/vgic/vgic-mmio-v3.c', 'vgic_v3_uaccess_write_pending'),
  async ({ host, forAll, ask, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    // Shared interrupts 32 to 63, which have no vcpu, and those of a vcpu's own.
    const SHARED = 0x204
    const OWN = 0x1_0200
    const step = fc.record({ of: fc.option(fc.nat(1), { freq: 2 }), by: fc.nat(1), value: word })
    await forAll(
      fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }),
      async (steps) => {
        const pending = new Map<number | null, bigint>()
        const lines = steps.flatMap(({ of, by, value }) => {
          pending.set(of, value)
          const write = of === null ? call('SET', DIST, to(by, SHARED), value) : call('SET', REDIST, to(of, OWN), value)
          const reads = [0, 1].flatMap((cpu) => [
            `${call('GET', DIST, to(cpu, SHARED))} -> ok = ${hex(pending.get(null) ?? 0n)}`,
            `${call('GET', REDIST, to(cpu, OWN))} -> ok = ${hex(pending.get(cpu) ?? 0n)}`,
          ])
          return [`${write} -> ok`, ...reads]
        })
        await ask([...ready(V3), ...lines].join('\n'))
      },
      20,
    )
  },
)
