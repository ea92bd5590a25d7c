/** Defects of kernels that speak set-device-address-2013. */
import type { DialectDefect } from './defect.ts'

const dialect = 'set-device-address-2013'

export const ofSetDeviceAddress: readonly DialectDefect[] = [
  {
    dialect,
    law: 'each address is set once',
    is: 'an address that was 0 can be set again',
    breaks: (k) =>
      k.forgets(
        'KVM_SET_DEVICE_ADDRESS',
        'already set',
        ({ vm }, { id }) => (id === 0n ? vm.vgic?.dist : vm.vgic?.cpu) === 0n,
      ),
  },
  {
    dialect,
    law: 'an address is too big exactly where',
    is: 'every guest has 40 bits',
    breaks: (k) =>
      k.when(
        'KVM_SET_DEVICE_ADDRESS',
        'beyond the IPA size',
        () =>
          (_, { addr }) =>
            addr >= 1n << 40n,
      ),
  },
  {
    dialect,
    law: 'of all 64-bit ids there are two',
    is: 'bits 63 to 32 are not looked at',
    breaks: (k) => k.forgets('KVM_SET_DEVICE_ADDRESS', 'device', (_, { id }) => BigInt.asUintN(32, id) < 2n),
  },
]
