/** Defects of registers of interrupt controllers. */
import { spares, takes, type Defect } from './defect.ts'

const SET = 'KVM_SET_DEVICE_ATTR'
const GET = 'KVM_GET_DEVICE_ATTR'
const [DIST_REGS, REDIST_REGS, CPU_SYSREGS, ITS_REGS] = [1, 5, 6, 8]

interface Named {
  group: number
  attr: bigint
}
const isAt = ({ group, attr }: Named, of: number, offset: bigint) => group === of && (attr & 0xffff_ffffn) === offset

/** A write of the register at `offset` that is changed on its way. */
const writes = (group: number, offset: bigint, changed: (value: bigint) => bigint): Defect['breaks'] => {
  return (k) => takes(k, SET, (arg) => (isAt(arg, group, offset) ? { ...arg, value: changed(arg.value ?? 0n) } : arg))
}

export const ofVgicRegisters: readonly Defect[] = [
  {
    law: 'a guest is given what is pending',
    is: 'one is given where there is none',
    breaks: (k) =>
      k.grants('kvm_run', ({ gives }) => ({
        gives: (here, arg) => {
          const irq = gives!(here, arg)
          return arg.field === 'mmio.data' && irq === 1023n ? 33n : irq
        },
      })),
  },
  {
    law: 'an SGI is pending on every vcpu',
    is: 'SGI 15 is for nobody',
    breaks: (k) =>
      k.grants(GET, ({ gives }) => ({
        gives: (here, arg) => (isAt(arg, REDIST_REGS, 0x1_0200n) ? gives!(here, arg)! & ~0x8000n : gives!(here, arg)),
      })),
  },
  {
    law: 'a GIC gives a vcpu the same registers',
    is: 'interrupts of the second one are in group 0',
    breaks: (k) =>
      k.grants(GET, ({ gives }) => ({
        gives: (here, arg) => (isAt(arg, REDIST_REGS, 0x1_0080n) && arg.attr >> 32n === 1n ? 0n : gives!(here, arg)),
      })),
  },
  {
    law: 'ICC_CTLR_EL1 takes',
    is: 'more bits of priorities will do',
    breaks: (k) => k.forgets(SET, 'beyond the host'),
  },
  {
    law: 'what KVM_HAS_DEVICE_ATTR knows as a register',
    is: 'GICD_IPRIORITYR8 cannot be read',
    breaks: (k) => k.refuses(GET, 'EINVAL', (_, arg) => isAt(arg, DIST_REGS, 0x420n)),
  },
  {
    law: 'what KVM_HAS_DEVICE_ATTR knows as a register',
    is: 'GICR_STATUSR reads a bit, but is not known',
    breaks: (k) =>
      k.grants(GET, ({ gives }) => ({
        gives: (here, arg) => (isAt(arg, REDIST_REGS, 0x10n) ? 1n : gives!(here, arg)),
      })),
  },
  {
    law: 'KVM_HAS_DEVICE_ATTR knows the registers of an ITS',
    is: 'it knows one between GITS_CREADR and GITS_BASER',
    breaks: (k) => spares(k, 'KVM_HAS_DEVICE_ATTR', 'no such register', (arg) => isAt(arg, ITS_REGS, 0x98n)),
  },
  {
    law: 'what a register of a fresh GIC reads',
    is: 'GICR_IPRIORITYR0 keeps a bit that was not written',
    breaks: writes(REDIST_REGS, 0x1_0400n, (value) => value | 8n),
  },
  {
    law: 'what a register of a fresh GIC reads',
    is: 'GICD_IIDR cannot be written',
    breaks: (k) => k.refuses(SET, 'EINVAL', (_, arg) => isAt(arg, DIST_REGS, 8n)),
  },
  {
    law: 'what is written of GICD_ISPENDR',
    is: 'an interrupt of its own stays pending of the second vcpu',
    breaks: (k) =>
      takes(k, SET, (arg) =>
        isAt(arg, REDIST_REGS, 0x1_0200n) && arg.attr >> 32n === 1n ? { ...arg, value: arg.value | 2n } : arg,
      ),
  },
  {
    law: 'a value of GICD_IIDR',
    is: 'a revision that was accepted becomes the newest',
    breaks: writes(DIST_REGS, 8n, (value) => value | 0x3000n),
  },
  {
    law: 'registers of shared interrupts',
    is: 'GICD_ISPENDR1 is that of each vcpu',
    breaks: (k) =>
      k.grants(GET, ({ gives }) => ({
        gives: (here, arg) => (isAt(arg, DIST_REGS, 0x204n) && arg.attr >> 32n === 1n ? 0n : gives!(here, arg)),
      })),
  },
  {
    law: 'a write of one vcpu',
    is: 'GICR_IPRIORITYR0 of vcpu 0 is that of vcpu 1',
    breaks: (k) =>
      takes(k, SET, (arg) =>
        isAt(arg, REDIST_REGS, 0x1_0400n) ? { ...arg, attr: (1n << 32n) | (arg.attr & 0xffff_ffffn) } : arg,
      ),
  },
  {
    law: 'a write of GICD_ISENABLER',
    is: 'interrupt 32 is never enabled',
    breaks: writes(DIST_REGS, 0x104n, (value) => value & ~1n),
  },
  {
    law: 'a write of GICD_ISENABLER',
    is: 'GICD_ICACTIVER1 clears what is not written',
    breaks: writes(DIST_REGS, 0x384n, (value) => value | 2n),
  },
  {
    law: 'ICC_BPR1_EL1 keeps its own value',
    is: 'it loses a bit',
    breaks: writes(CPU_SYSREGS, 0xc663n, (value) => value & 3n),
  },
]
