/** Defects of kernels that speak the dialects of KVM_CREATE_VM2. */
import { does, type DialectDefect } from './defect.ts'

const ALWAYS = {
  law: 'a VM takes memory up to the size that it was told',
  is: 'every VM has 40 bits',
}

export const ofCreateVm2: readonly DialectDefect[] = [
  ...['create-vm2-2018', 'create-vm2-2018-attributes', 'create-vm2-2018-caps'].map((dialect) => ({
    dialect,
    ...ALWAYS,
    breaks: (k: Parameters<DialectDefect['breaks']>[0]) =>
      does(k, 'KVM_CREATE_VM2', (vm) => {
        vm.ipa = 40
      }),
  })),
  {
    dialect: 'create-vm2-2018-half',
    ...ALWAYS,
    breaks: (k) =>
      does(k, 'KVM_CONFIGURE_VM', (vm) => {
        vm.ipa = 40
      }),
  },
  {
    dialect: 'create-vm2-2018-enable-cap',
    ...ALWAYS,
    breaks: (k) =>
      does(k, 'KVM_ENABLE_CAP', (vm) => {
        vm.ipa = 40
      }),
  },
  {
    dialect: 'create-vm2-2018-attributes',
    law: 'the order of the list does not matter',
    is: 'the size has to come first',
    breaks: (k) => k.refuses('KVM_CREATE_VM2', 'EINVAL', (_, arg) => arg.nr > 1 && arg['attr[0].type'] !== 2),
  },
]
