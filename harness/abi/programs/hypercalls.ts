import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'hypercalls',
  says:
    'It makes the hypercall whose function and arguments userspace has put into x0 to x3, stores w0 to an address '
    + 'without memory, and begins again at the next KVM_RUN.',
  code: [
    0xd4000002, // hvc  #0
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0x17fffffd, // b    .-12
  ],
} satisfies GuestProgram as GuestProgram
