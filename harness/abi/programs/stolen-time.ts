import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'stolen-time',
  says:
    'It stores x7 twice at the address in x8, makes the hypercall whose function userspace has put into x0, loads a word, another '
    + 'and a double word from where x0 says into x1, x2 and x3, and stores w0 to an address without memory; and begins again.',
  code: [
    0xf9000107, // str  x7, [x8]
    0xf9000507, // str  x7, [x8, #8]
    0xd4000002, // hvc  #0
    0xb9400001, // ldr  w1, [x0]
    0xb9400402, // ldr  w2, [x0, #4]
    0xf9400403, // ldr  x3, [x0, #8]
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0x17fffff8, // b    .-32
  ],
} satisfies GuestProgram as GuestProgram
