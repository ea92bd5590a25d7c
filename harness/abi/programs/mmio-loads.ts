import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'mmio-loads',
  says: 'It loads from an address without memory into x0 to x6: 1 byte, 2, 4 and 8, and 1, 2 and 4 with their sign.',
  code: [
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0x39400120, // ldrb w0, [x9]
    0x79400121, // ldrh w1, [x9]
    0xb9400122, // ldr  w2, [x9]
    0xf9400123, // ldr  x3, [x9]
    0x39800124, // ldrsb x4, [x9]
    0x79c00125, // ldrsh w5, [x9]
    0xb9800126, // ldrsw x6, [x9]
    0x17fffff9, // b    .-28
  ],
} satisfies GuestProgram as GuestProgram
