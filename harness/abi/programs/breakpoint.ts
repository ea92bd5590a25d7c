import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'breakpoint',
  says: 'It meets a breakpoint instruction with a number, and goes on where userspace moves its pc behind it.',
  code: [
    0xd4200540, // brk  #0x2a
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb9000120, // str  w0, [x9]
    0x17fffffd, // b    .-12
  ],
} satisfies GuestProgram as GuestProgram
