/** Defects of what a guest is told. */
import { coreRegs } from '../../../../harness/names/index.ts'
import { spares, type Defect } from './defect.ts'

const [X0, X1, X2, X3] = [0, 1, 2, 3].map((n) => coreRegs.get(`regs.regs[${n}]`)!)

/** A KVM_GET_ONE_REG that gives something else of this register, once the guest has run. */
const reads =
  (id: bigint, gives: (value: bigint) => bigint): Defect['breaks'] =>
  (k) =>
    k.grants('KVM_GET_ONE_REG', ({ gives: sound }) => ({
      gives(here, arg) {
        const value = sound!(here, arg)
        return arg.id === id && here.vcpu.entered && value !== undefined ? gives(value) : value
      },
    }))

export const ofHypercalls: readonly Defect[] = [
  {
    law: 'the pseudo register of a workaround',
    is: 'what needs no firmware is enabled',
    breaks: (k) => spares(k, 'KVM_SET_ONE_REG', 'workaround level', ({ value }) => value === 0x13n),
  },
  {
    law: 'the pseudo register of a workaround',
    is: 'better than the best is taken',
    breaks: (k) => spares(k, 'KVM_SET_ONE_REG', 'workaround level', ({ value }) => value === 4n),
  },
  {
    law: 'the version of PSCI that a guest is told',
    is: 'PSCI 0.2 calls itself 1.0',
    breaks: reads(X0!, (value) => (value === 2n ? 0x1_0000n : value)),
  },
  {
    law: 'a hypercall of PSCI leaves 0',
    is: 'x2 holds something else',
    breaks: reads(X2!, () => 7n),
  },
  {
    law: 'a guest has a hypercall if and only if',
    is: 'random numbers are there whatever the bitmap says',
    breaks: reads(X0!, (value) => (value === (1n << 64n) - 1n ? 0x1_0000n : value)),
  },
  {
    law: 'stolen time begins with',
    is: 'the revision is 1',
    breaks: reads(X1!, () => 1n),
  },
  {
    law: 'stolen time begins with',
    is: 'there are attributes',
    breaks: reads(X2!, () => 0x100n),
  },
  {
    law: 'stolen time begins with',
    is: 'what was there stays',
    breaks: reads(X3!, (value) => value | (1n << 63n)),
  },
  {
    law: 'a guest that asks for random numbers',
    is: 'there are more bits than it asked for',
    breaks: reads(X1!, (value) => value | (1n << 33n)),
  },
  {
    law: 'PSCI_FEATURES tells a function',
    is: 'it tells of all of them',
    breaks: reads(X0!, (value) => (value === (1n << 64n) - 1n ? 0n : value)),
  },
]
