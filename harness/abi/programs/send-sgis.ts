import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'send-sgis',
  says:
    'It writes what userspace has put into x0, x1 and x2 to ICC_SGI1R_EL1, ICC_ASGI1R_EL1 and ICC_SGI0R_EL1, stores w0 to an '
    + 'address without memory, and begins again.',
  code: [
    0xd518cba0, // msr  icc_sgi1r_el1, x0
    0xd518cbc1, // msr  icc_asgi1r_el1, x1
    0xd518cbe2, // msr  icc_sgi0r_el1, x2
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0x17fffffb, // b    .-20
  ],
} satisfies GuestProgram as GuestProgram
