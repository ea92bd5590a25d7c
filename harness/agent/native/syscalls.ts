/** System calls without libc and without a copy of anything: the way from JavaScript to the kernel, and to memory. */
import { createRequire } from 'node:module'
import { UserError } from '../../process/user-error.ts'
import { type Code, labelsOf, machineCode } from './machine-code.ts'
import { MAP_ANONYMOUS, MAP_PRIVATE, NR, PROT_EXEC, PROT_READ, PROT_WRITE } from './numbers.ts'

/** Bytes of a record: eight 64-bit words. */
export const RECORD = 64
const WORDS = RECORD / 4

const need = createRequire(import.meta.url)

const load = () => {
  const code: Code | undefined = machineCode[process.arch]
  if (process.platform !== 'linux' || !code)
    throw new UserError(`native calls need Linux on arm64 or x64, and this is ${process.platform} on ${process.arch}`)
  try {
    const ffi = need('ffi-napi')
    const ref = createRequire(need.resolve('ffi-napi'))('@2060.io/ref-napi')
    return { code, ffi, ref, ffiCall: need('ffi-napi/lib/bindings').ffi_call }
  } catch (error) {
    const [line] = String((error as Error).message).split('\n')
    throw new UserError(
      `ffi-napi cannot be loaded (${line}): `
        + 'npm ci builds it where it finds g++, make and python3, and leaves it out where not',
    )
  }
}

const { code, ffi, ref, ffiCall } = load()

/** The bytes at an address; the caller answers for their being mapped. To be asked for once, and kept. */
export const bytesAt = (address: number, size: number): Buffer => {
  const pointer = Buffer.alloc(8)
  pointer.writeBigUInt64LE(BigInt(address))
  return ref.readPointer(pointer, 0, size)
}

// libc's own calls map the code and the first record; from there on nothing of libc is called.
const libc = ffi.Library(null, {
  mmap: ['long', ['long', 'ulong', 'int', 'int', 'int', 'long']],
  mprotect: ['int', ['long', 'ulong', 'int']],
})

const ownPages = (size: number): number => {
  const at = Number(libc.mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
  if (at === -1) throw new UserError(`native calls need ${size} bytes of memory and got none`)
  return at
}

const PAGE = 0x10000 // the largest of arm64
const codeAt = ownPages(PAGE)
const ownAt = ownPages(PAGE)
Buffer.from(code.rows.map(([bytes]) => bytes).join(''), 'hex').copy(bytesAt(codeAt, PAGE))
// Made executable after it was written, so the kernel brings the instruction cache up to date.
if (libc.mprotect(codeAt, PAGE, PROT_READ | PROT_EXEC) !== 0)
  throw new UserError('native calls cannot be made: the system lets no memory become executable (SELinux execmem?)')

const labels = labelsOf(code)
/** The address of a label of the machine code. */
export const codeAddress = (entry: keyof Code['entries']): number => {
  const label = code.entries[entry]
  return label === undefined ? 0 : codeAt + labels[label]!
}

/** Memory that stays where it is, and its address. */
export interface Fixed {
  address: number
  bytes: Buffer
}

let kept = ownAt
/** Zeroed memory for what calls read and write, aligned to 64 bytes; for ever, so it is asked for once. */
export const keep = (size: number): Fixed => {
  const address = kept
  kept += Math.ceil(size / 64) * 64
  if (kept > ownAt + PAGE) throw new Error('the page for arguments is full')
  return { address, bytes: bytesAt(address, size) }
}

// What is passed lies in our own page: V8 may move small buffers of its own.
const cif: Buffer = ffi.CIF(ref.types.long, [ref.types.ulong, ref.types.ulong])
const values = keep(16),
  pointers = keep(16),
  result = keep(8)
pointers.bytes.writeBigUInt64LE(BigInt(values.address))
pointers.bytes.writeBigUInt64LE(BigInt(values.address + 8), 8)
const words = new Uint32Array(values.bytes.buffer, values.bytes.byteOffset, 4)
const runCode = bytesAt(codeAddress('run'), 1)
const forkCode = bytesAt(codeAddress('fork'), 1)

const enter = (entry: Buffer, records: number, count: number): void => {
  words[0] = records % 2 ** 32
  words[1] = records / 2 ** 32
  words[2] = count
  ffiCall(cif, entry, result.bytes, pointers.bytes)
}

/** Makes the calls of `count` records at an address, in order; each record has its result afterwards. */
export const run = (records: number, count: number): void => enter(runCode, records, count)

/** Makes the calls of the records in a new process, which then ends with status 0. Gives its pid, or −errno. */
export const forkAndRun = (records: number, count: number): number => {
  enter(forkCode, records, count)
  return result.bytes.readInt32LE(0)
}

/** Records in memory, written and read as halves of 64-bit words, because a BigInt costs more than the call. */
export class Records {
  readonly address: number
  private readonly words: Int32Array

  constructor(address: number, count: number) {
    const bytes = bytesAt(address, count * RECORD)
    this.address = address
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, count * WORDS)
  }

  /** Sets the call's number, or one of its arguments (1 to 6), to an integer of up to 53 bits. */
  set(record: number, word: number, value: number): void {
    this.words[record * WORDS + word * 2] = value
    this.words[record * WORDS + word * 2 + 1] = Math.floor(value / 2 ** 32)
  }

  /** Sets the call's number and its first arguments. */
  fill(record: number, ...values: number[]): void {
    for (let i = 0; i < values.length; i++) this.set(record, i, values[i]!)
  }

  /** Sets one from two halves. */
  setHalves(record: number, word: number, low: number, high: number): void {
    this.words[record * WORDS + word * 2] = low
    this.words[record * WORDS + word * 2 + 1] = high
  }

  /** The lower half of the result: all of it for calls that give an int or −errno. */
  int(record: number): number {
    return this.words[record * WORDS + 14]!
  }

  /** The result as a signed number. */
  long(record: number): number {
    return this.words[record * WORDS + 15]! * 2 ** 32 + (this.words[record * WORDS + 14]! >>> 0)
  }
}

const own = new Records(keep(RECORD).address, 1)

/** One system call with up to six integers of up to 53 bits; gives its result, −errno where it failed. */
export const syscall = (nr: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): number => {
  own.fill(0, nr, a, b, c, d, e, f)
  run(own.address, 1)
  return own.long(0)
}

/** Text, ended by a NUL, for calls to read. Gives its address. */
export const keepText = (text: string): number => {
  const { address, bytes } = keep(Buffer.byteLength(text) + 1)
  bytes.write(text)
  return address
}

/** Maps memory as mmap does. Throws where it cannot. */
export const map = (address: number, size: number, protection: number, flags: number, fd = -1): number => {
  const at = syscall(NR.mmap, address, size, protection, flags, fd, 0)
  if (at < 0 && at > -4096) throw new Error(`mmap of ${size} bytes failed: ${at}`)
  return at
}
