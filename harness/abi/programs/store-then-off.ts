import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'store-then-off',
  says: 'It stores to an address without memory, then asks PSCI to switch the machine off, then spins.',
  code: [
    0xd2a20001, // movz x1, #0x1000, lsl #16
    0x52800542, // movz w2, #0x2a
    0xb9000022, // str  w2, [x1]
    0x52b08000, // movz w0, #0x8400, lsl #16
    0x72800100, // movk w0, #0x0008
    0xd4000002, // hvc  #0
    0x14000000, // b    .
  ],
} satisfies GuestProgram as GuestProgram
