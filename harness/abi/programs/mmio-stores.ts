import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'mmio-stores',
  says: 'It stores x0 to an address without memory: 1 byte of it, 2, 4 and 8, a KVM_RUN each, and begins again.',
  code: [
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0x39000120, // strb w0, [x9]
    0x79000120, // strh w0, [x9]
    0xb9000120, // str  w0, [x9]
    0xf9000120, // str  x0, [x9]
    0x17fffffc, // b    .-16
  ],
} satisfies GuestProgram as GuestProgram
