/** A program of syzkaller as it is written: its lines, its memory, and its names of descriptors. */
import { hex } from '../../harness/model/scalar.ts'

/** Addresses of syzkaller's own memory: where arguments lie, and memory of the guest. */
export const DATA = 0x7f0000000000n,
  GUEST = 0x7f0000400000n
/** Where it maps the vcpus' kvm_run, and how much of each. */
const RUN = 0x7f0000c00000n,
  RUN_SIZE = 0x2000n

export const pointer = (address: bigint): string => `&(${hex(address)})`

/** Is written line by line, and remembers which resource stands for which descriptor. */
export class Program {
  readonly lines: string[] = []
  #resources = new Map<string, string>()
  #next = 0

  /** The name of the next descriptor or size that a line makes. */
  resource(): string {
    return `r${this.#next++}`
  }

  /** What stands for the descriptor `name` of the trace; −1 where there is none. */
  fd(name: string): string {
    return this.#resources.get(name) ?? '0xffffffffffffffff'
  }

  /** From here on the descriptor is that resource; undefined: it is closed. */
  keep(name: string, resource: string | undefined): void {
    if (resource === undefined) this.#resources.delete(name)
    else this.#resources.set(name, resource)
  }

  /** Writes bytes where no argument is: what a call points to is written before, and write() itself fails. */
  bytes(at: bigint, bytes: Buffer): void {
    this.lines.push(`write(0xffffffffffffffff, ${pointer(at)}="${bytes.toString('hex')}", ${hex(bytes.length)})`)
  }

  /** Maps the vcpu's kvm_run, and gives its address. */
  map(vcpu: string): bigint {
    const size = this.resource()
    const at = RUN + RUN_SIZE * BigInt(Number(/\d+$/.exec(vcpu)?.[0] ?? 0))
    this.lines.push(
      `${size} = ioctl$KVM_GET_VCPU_MMAP_SIZE(${this.fd('kvm')}, 0xae04)`,
      `mmap$KVM_VCPU(&(${hex(at)}/${hex(RUN_SIZE)})=nil, ${size}, 0x3, 0x11, ${this.fd(vcpu)}, 0x0)`,
    )
    return at
  }
}
