import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'acknowledge',
  says:
    'It acknowledges the interrupt that its GICv3 has for it, ends it, stores its number to an address without memory, and '
    + 'begins again.',
  code: [
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xd538cc00, // mrs  x0, icc_iar1_el1
    0xd518cc20, // msr  icc_eoir1_el1, x0
    0xb9000120, // str  w0, [x9]
    0x17fffffc, // b    .-16
  ],
} satisfies GuestProgram as GuestProgram
