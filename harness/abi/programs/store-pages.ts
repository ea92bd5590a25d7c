import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'store-pages',
  says: 'It stores w0 at the address in x1, and then a page behind it, and so on, until one has no memory.',
  code: [
    0xb9000020, // str  w0, [x1]
    0x91400421, // add  x1, x1, #1, lsl #12
    0x17fffffe, // b    .-8
  ],
} satisfies GuestProgram as GuestProgram
