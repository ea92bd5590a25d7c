/** What a GIC makes of its vcpus as it is set up, and what it can be told of the host's. */
import fc from 'fast-check'
import { src } from '../../harness/model/rule.ts'
import { hex } from '../../harness/model/scalar.ts'
import { law } from '../../harness/suite/law.ts'
import { icc } from '../../harness/names/gic-registers.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { call, DIST, models, ready, REDIST, to } from './gic-registers.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes

/** Registers of a vcpu's own interrupts, by their offset in the frame that a GICv2 has in its distributor. */
const own = [0x80, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x410, 0x41c, 0xc00, 0xc04]
/** GICR_CTLR, GICR_IIDR, GICR_STATUSR, GICR_WAKER, GICR_PROPBASER and GICR_PENDBASER, before them. */
const ofRedistributor = [0x0, 0x4, 0x10, 0x14, 0x70, 0x74, 0x78, 0x7c]

law(
  'a GIC gives a vcpu the same registers whichever of them was made first',
  src('arch/arm64/kvm/vgic/vgic-init.c', 'vgic_init'),
  async ({ host, ask, holds, notOffered }) => {
    if (models(host).length === 0) notOffered('no GIC')
    for (const type of models(host)) {
      const [before, after, ...others] = ready(type)
      const made = [before!, others[2]!, after!, ...others.filter((_, i) => i !== 2)]
      const offsets = type === V2 ? own : [...ofRedistributor, ...own.map((at) => 0x1_0000 + at)]
      const group = type === V2 ? DIST : REDIST
      const lines = offsets.flatMap((at) => [0, 1].map((cpu) => `${call('GET', group, to(cpu, at))} -> ok`))
      const heard = await ask([...made, ...lines].join('\n'))
      const first = heard.answers.length - lines.length
      for (const i of offsets.keys()) {
        const [one, other] = [0, 1].map((cpu) => heard.answers[first + 2 * i + cpu]!.value)
        holds(
          one === other,
          heard,
          `ok = ${hex(one!)}, as of the vcpu that was there before the GIC`,
          first + 2 * i + 1,
        )
      }
    }
  },
)

const CPU_SYSREGS = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS'
/** Fields of ICC_CTLR_EL1 of so many bits that the host decides: PRIbits and IDbits have a most, SEIS and A3V are fixed. */
const [PRI_BITS, ID_BITS, SEIS, A3V] = [8n, 11n, 14n, 15n]
const WIDE = 7n

law(
  'ICC_CTLR_EL1 takes as many bits of priorities and numbers as it has at first or less, and SEIS and A3V as they are',
  src('arch/arm64/kvm/vgic-sys-reg-v3.c', 'set_gic_ctlr'),
  async ({ host, ask, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no KVM_DEV_TYPE_ARM_VGIC_V3')
    const at = hex(BigInt(icc.ICC_CTLR_EL1))
    const of = (verb: 'GET' | 'SET', value?: bigint) => call(verb, CPU_SYSREGS, at, value)
    const fresh = (await ask([...ready(V3), `${of('GET')} -> ok`].join('\n'))).last.value!
    const tried = async (value: bigint, isTaken: boolean) =>
      ask([...ready(V3), `${of('SET', value)} -> ${isTaken ? 'ok' : '-EINVAL'}`].join('\n'))
    for (const shift of [SEIS, A3V]) await tried(fresh ^ (1n << shift), false)
    for (const shift of [PRI_BITS, ID_BITS]) {
      const most = (fresh >> shift) & WIDE
      for (let n = 0n; n <= WIDE; n++) await tried((fresh & ~(WIDE << shift)) | (n << shift), n <= most)
    }
  },
)

const [BPR0, BPR1, CTLR] = [icc.ICC_BPR0_EL1, icc.ICC_BPR1_EL1, icc.ICC_CTLR_EL1].map((one) => hex(BigInt(one))) as [
  string,
  string,
  string,
]
const CBPR = 1n

law(
  'ICC_BPR1_EL1 keeps its own value while ICC_CTLR_EL1.CBPR is set, and reads one more than ICC_BPR0_EL1 then, 7 at most',
  src('arch/arm64/kvm/vgic-sys-reg-v3.c', 'set_gic_bpr1'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    const control = (await ask([...ready(V3), call('GET', CPU_SYSREGS, CTLR)].join('\n'))).last.value!
    const step = fc.record({ what: fc.constantFrom(BPR0, BPR1, BPR1, CTLR, CTLR), value: fc.nat(7).map(BigInt) })
    await forAll(
      fc.array(step, { minLength: 2, maxLength: 20, size: 'max' }),
      async (steps) => {
        let [isCommon, bpr0, bpr1] = [false, 0n, 0n]
        const lines = steps.flatMap(({ what, value }) => {
          if (what === CTLR) isCommon = (value & CBPR) !== 0n
          else if (what === BPR0) bpr0 = value
          else if (!isCommon) bpr1 = value
          const written = what === CTLR ? (control & ~CBPR) | (value & CBPR) : value
          const read = !isCommon ? bpr1 : bpr0 < 6n ? bpr0 + 1n : 7n
          return [
            `${call('SET', CPU_SYSREGS, what, written)} -> ok`,
            `${call('GET', CPU_SYSREGS, BPR1)} -> ok = ${hex(read)}`,
            `${call('GET', CPU_SYSREGS, BPR0)} -> ok = ${hex(bpr0)}`,
          ]
        })
        const first = [BPR0, BPR1].map((one) => `${call('SET', CPU_SYSREGS, one, 0n)} -> ok`)
        await ask([...ready(V3), ...first, ...lines].join('\n'))
      },
      15,
    )
  },
)
