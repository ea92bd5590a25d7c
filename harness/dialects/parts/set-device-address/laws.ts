/** What holds of the places of a device, whatever the address. */
import fc from 'fast-check'
import { ipaLimit } from '../../../model/host.ts'
import type { Law } from '../../../model/law.ts'
import { mail } from '../../../model/rule.ts'
import { hex, anyNumber } from '../../../model/scalar.ts'

const documented = (passage: string) => mail('2013-01-08 Christoffer Dall', passage)
const set = (id: string | bigint, addr: bigint): string =>
  `KVM_SET_DEVICE_ADDRESS(${typeof id === 'bigint' ? hex(id) : id}, ${hex(addr)})`

const DIST = 'KVM_VGIC_V2_ADDR_TYPE_DIST'
const CPU = 'KVM_VGIC_V2_ADDR_TYPE_CPU'
const anyOrder = fc.constantFrom<[string, string]>([DIST, CPU], [CPU, DIST])
const within = (bits: number) => anyNumber(bits, [0n, 0x800_0000n, (1n << BigInt(bits)) - 1n])

export const laws: readonly Law[] = [
  {
    title: 'each address is set once, whatever it is, in either order, and the other is not touched by that',
    cite: documented('Calling this ioctl twice for any of the base addresses will return -EEXIST'),
    body: (tools) =>
      tools.forAll(fc.tuple(anyOrder, within(40), within(40), within(40)), async ([[one, other], a, b, again]) => {
        await tools.ask(`
          vm: KVM_CREATE_IRQCHIP -> ok
          ${set(one, a)} -> ok
          ${set(one, again)} -> -EEXIST
          ${set(other, b)} -> ok
          ${set(other, again)} -> -EEXIST
          ${set(one, a)} -> -EEXIST`)
      }),
  },
  {
    title: 'an address is too big exactly where no guest of that size has it, and one that fits can be set afterwards',
    cite: documented('E2BIG: Address outside guest physical address space'),
    body(tools) {
      const sizes = fc.integer({ min: 32, max: ipaLimit(tools.host) })
      const drawn = sizes.chain((bits) => {
        const end = 1n << BigInt(bits)
        const beyond = fc.oneof(
          fc.constantFrom(end, end + 1n, end << 1n, (1n << 64n) - 1n),
          fc.bigInt({ min: end, max: (1n << 64n) - 1n }),
        )
        return fc.record({ bits: fc.constant(bits), order: anyOrder, beyond, inside: within(bits) })
      })
      return tools.forAll(drawn, async ({ bits, order: [one], beyond, inside }) => {
        await tools.ask(`
          vm = KVM_CREATE_VM(${bits}) -> ok
          vm: KVM_CREATE_IRQCHIP -> ok
          ${set(one, beyond)} -> -E2BIG
          ${set(one, inside)} -> ok`)
      })
    },
  },
  {
    title: 'of all 64-bit ids there are two: device 0 with address type 0 and with address type 1',
    cite: documented('ENODEV: The device id is unknown'),
    body: (tools) =>
      tools.forAll(anyNumber(64, [2n, 0xffffn, 0x1_0000n, 0xffff_0000n, 1n << 32n, (1n << 32n) | 1n]), async (id) => {
        await tools.ask(`
          vm: KVM_CREATE_IRQCHIP -> ok
          ${set(id, 0x800_0000n)} -> ${id < 2n ? 'ok' : '-ENODEV'}`)
      }),
  },
]
