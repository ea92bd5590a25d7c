import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'access-at',
  says:
    'It loads from the address in x1 into x0, and stores x0 there, again and again. Where it takes a synchronous exception it puts '
    + 'ESR_EL1, FAR_EL1, ELR_EL1 and SPSR_EL1 into x2 to x5, stores the offset of the vector to an address without memory, and goes back.',
  code: [
    0xf9400020, // ldr  x0, [x1]
    0xf9000020, // str  x0, [x1]
    0x17fffffe, // b    .-8
  ],
  vectors: {
    0x200: [
      0x5280400a, // movz w10, #0x200
      0xd2a20009, // movz x9, #0x1000, lsl #16
      0xd5385202, // mrs  x2, esr_el1
      0xd5386003, // mrs  x3, far_el1
      0xd5384024, // mrs  x4, elr_el1
      0xd5384005, // mrs  x5, spsr_el1
      0xf900012a, // str  x10, [x9]
      0xd69f03e0, // eret
    ],
  },
} satisfies GuestProgram as GuestProgram
