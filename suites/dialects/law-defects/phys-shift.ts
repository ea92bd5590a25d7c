/** Defects of kernels that speak the dialects of a size in the type of KVM_CREATE_VM. */
import { does, type DialectDefect } from './defect.ts'

export const ofPhysShift: readonly DialectDefect[] = [
  ...['phys-shift-2018', 'phys-shift-2018-condensed'].map((dialect) => ({
    dialect,
    law: 'a VM takes memory up to the size that its type says',
    is: 'every VM has 40 bits',
    breaks: (k: Parameters<DialectDefect['breaks']>[0]) =>
      does(k, 'KVM_CREATE_VM', (vm) => {
        vm.ipa = 40
      }),
  })),
  {
    dialect: 'phys-shift-2018',
    law: 'a VM of type 0 answers',
    is: 'type 0 stands for 39 bits',
    breaks: (k) =>
      does(k, 'KVM_CREATE_VM', (vm, type) => {
        if (type === 0n) vm.ipa = 39
      }),
  },
]
