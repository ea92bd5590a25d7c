import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'store-at',
  says: 'It stores w0 at the address in x1, w2 at that in x3, and then to an address without memory; and begins again.',
  code: [
    0xb9000020, // str  w0, [x1]
    0xb9000062, // str  w2, [x3]
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0x17fffffc, // b    .-16
  ],
} satisfies GuestProgram as GuestProgram
