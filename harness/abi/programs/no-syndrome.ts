import type { GuestProgram } from '../../model/guest-program.ts'

export default {
  name: 'no-syndrome',
  says: 'It accesses an address without memory in ways of which the CPU tells a hypervisor nothing: a store that moves the address, and a load.',
  code: [
    0xd2a20009, // movz x9, #0x1000, lsl #16
    0xb8008520, // str  w0, [x9], #8
    0xf85f8521, // ldr  x1, [x9], #-8
    0x17fffffe, // b    .-8
  ],
} satisfies GuestProgram as GuestProgram
