import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'aborted',
  says:
    'It loads from an address without memory into x0, and stores x0 there, again and again. Where it takes a synchronous exception '
    + 'it puts ESR_EL1, FAR_EL1, ELR_EL1 and SPSR_EL1 into x1 to x4, stores the offset of the vector, and goes back.',
  code: [
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xf9400120, // ldr  x0, [x9]
    0xf9000120, // str  x0, [x9]
    0x17fffffd, // b    .-12
  ],
  vectors: {
    0x200: [
      0x5280400a, // movz w10, #0x200
      0xd2a20009, // movz x9, #0x1000, lsl #16
      0xd5385201, // mrs  x1, esr_el1
      0xd5386002, // mrs  x2, far_el1
      0xd5384023, // mrs  x3, elr_el1
      0xd5384004, // mrs  x4, spsr_el1
      0xf900012a, // str  x10, [x9]
      0xd69f03e0, // eret
    ],
  },
} satisfies GuestProgram as GuestProgram
