import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'monitor-calls',
  says:
    'It makes the call whose function and arguments userspace has put into x0 to x3 by SMC, stores w0 to an address without '
    + 'memory, makes it by an SMC with another immediate at the next KVM_RUN, stores, and begins again.',
  code: [
    0xd4000003, // smc  #0
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0xd4000023, // smc  #1
    0xb9000120, // str  w0, [x9]
    0x17fffffb, // b    .-20
  ],
} satisfies GuestProgram as GuestProgram
