/** What is read from the statistics of VMs and vcpus. */
import fc from 'fast-check'
import { bytesIn, lengthIn, MOST } from '../../harness/abi/args/pread.ts'
import type { Answer } from '../../harness/model/call.ts'
import { api } from '../../harness/model/rule.ts'
import { bytes } from '../../harness/model/scalar.ts'
import { statsFlags, structs } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

const { fields: HEADER, size: HEADER_SIZE } = structs.kvm_stats_header
const { fields: DESC, size: DESC_SIZE } = structs.kvm_stats_desc
/** More than any kernel has today. */
const FILE = 0x4000
const TYPES = 0xf
const UNITS = 0xf0
const HIGHEST_BASE = statsFlags.KVM_STATS_BASE_POW2

type Place = readonly [offset: number, size: number]
const text = (from: Buffer): string => from.toString('latin1', 0, from.indexOf(0))

/** What is wrong with the file; undefined: nothing. `id`: what it has to be about. */
const wrongIn = (file: Buffer, id: RegExp): string | undefined => {
  const number = (at: number, [offset, size]: Place) => file.readUIntLE(at + offset, size)
  if (file.length < HEADER_SIZE) return 'a header'
  const [flags, nameSize, count, idAt, descAt, dataAt] = [
    HEADER.flags,
    HEADER.name_size,
    HEADER.num_desc,
    HEADER.id_offset,
    HEADER.desc_offset,
    HEADER.data_offset,
  ].map((place) => number(0, place)) as [number, number, number, number, number, number]
  if (flags !== 0) return 'flags that are 0'
  if ([idAt, descAt, dataAt].some((at) => at % 8 !== 0 || at < HEADER_SIZE)) return 'blocks behind the header, aligned'
  const blocks = [
    [0, HEADER_SIZE],
    [idAt, nameSize],
    [descAt, count * (DESC_SIZE + nameSize)],
  ].toSorted(([a], [b]) => a! - b!)
  const ends = blocks.map(([at, size]) => at! + size!)
  if (ends.some((end, i) => end > (blocks[i + 1]?.[0] ?? dataAt))) return 'blocks that do not overlap'
  if (!file.subarray(idAt, idAt + nameSize).includes(0) || !id.test(text(file.subarray(idAt)))) return `an id ${id}`
  const descs = Array.from({ length: count }, (_, i) => descAt + i * (DESC_SIZE + nameSize))
  const names = descs.map((at) => file.subarray(at + DESC_SIZE, at + DESC_SIZE + nameSize))
  if (names.some((name) => !/^[a-z0-9_]+$/.test(name.includes(0) ? text(name) : ''))) return 'names that end'
  if (new Set(names.map(text)).size !== count) return 'names that differ'
  const numbers = descs.map((at) => ({
    flags: number(at, DESC.flags),
    size: number(at, DESC.size),
    offset: number(at, DESC.offset),
  }))
  if (
    numbers.some(
      ({ flags: f }) =>
        (f & TYPES) > statsFlags.KVM_STATS_TYPE_LOG_HIST
        || (f & UNITS) > statsFlags.KVM_STATS_UNIT_BOOLEAN
        || (f & ~(TYPES | UNITS)) > HIGHEST_BASE,
    )
  )
    return 'known types, units and bases'
  if (numbers.some(({ flags: f, size }) => size === 0 || size > 1 !== (f & TYPES) > statsFlags.KVM_STATS_TYPE_PEAK))
    return 'one number each, and several of a histogram'
  const taken = numbers.flatMap(({ size, offset }) => Array.from({ length: size }, (_, i) => offset + 8 * i))
  if (new Set(taken).size !== taken.length) return 'numbers of their own'
  if (taken.some((at) => dataAt + at + 8 > file.length)) return 'numbers within the file'
  if (file.subarray(dataAt).some((byte) => byte !== 0)) return 'numbers that are 0'
  return undefined
}

/** The lines that read the whole file in parts of so many bytes, and what they read. */
const reads = (part: number): string[] =>
  Array.from({ length: Math.ceil(FILE / part) }, (_, i) => `stats: pread(length = ${part}, offset = ${i * part}) -> ok`)
const fileOf = (answers: readonly Answer[]): Buffer =>
  Buffer.from(answers.map(({ value = 0n }) => bytes(bytesIn(value), lengthIn(value))).join(''), 'hex')

/** Each number of the file that stands alone, by its name. */
const numbersOf = (file: Buffer): Map<string, bigint> => {
  const number = (at: number, [offset, size]: Place) => file.readUIntLE(at + offset, size)
  const stride = DESC_SIZE + number(0, HEADER.name_size)
  const [descAt, dataAt] = [number(0, HEADER.desc_offset), number(0, HEADER.data_offset)]
  return new Map(
    Array.from({ length: number(0, HEADER.num_desc) }, (_, i) => {
      const at = descAt + i * stride
      return [text(file.subarray(at + DESC_SIZE)), file.readBigUInt64LE(dataAt + number(at, DESC.offset))] as const
    }),
  )
}

law(
  'statistics say where their blocks are, whose they are, and what each number is called; before a vcpu runs all are 0',
  api('4.133', 'The returned file descriptor can be used to read VM/vCPU statistics data', { since: '6.1' }),
  async ({ host, ask, holds, forAll, notOffered }) => {
    if (!host.caps.KVM_CAP_BINARY_STATS_FD) notOffered('KVM_CAP_BINARY_STATS_FD = 0')
    const id = fc.nat(Math.min(host.maxVcpus, 512) - 1)
    // Parts that are read do not begin or end where blocks do.
    await forAll(
      fc.tuple(id, fc.integer({ min: 100, max: MOST }), fc.boolean()),
      async ([vcpu, part, isOfVm]) => {
        const heard = await ask(
          [
            'vm = KVM_CREATE_VM(0) -> ok',
            `vm: KVM_CREATE_VCPU(${vcpu}) -> ok`,
            `${isOfVm ? 'vm' : `vcpu${vcpu}`}: stats = KVM_GET_STATS_FD -> ok`,
            ...reads(part),
          ].join('\n'),
        )
        const came = heard.answers.slice(3).map(({ value = 0n }) => value)
        const file = fileOf(heard.answers.slice(3))
        const wrong = wrongIn(file, isOfVm ? /^kvm-\d+$/ : new RegExp(`^kvm-\\d+/vcpu-${vcpu}$`))
        holds(wrong === undefined, heard, wrong ?? '')
        const short = came.findIndex((value) => lengthIn(value) < part)
        holds(
          came.every((value, i) => i <= short || lengthIn(value) === 0),
          heard,
          'nothing behind the end',
        )
      },
      12,
    )
  },
)

/** Where the guests of the law below store. */
const ZONE = '(addr = 0x10000000, size = 8)'

law(
  'a vcpu’s statistics count each hypercall of its guest, and each access without memory by who completes it',
  api('4.133', 'The returned file descriptor can be used to read VM/vCPU statistics data', { since: '6.1' }),
  async ({ host, ask, holds, forAll, notOffered }) => {
    if (!host.caps.KVM_CAP_BINARY_STATS_FD) notOffered('KVM_CAP_BINARY_STATS_FD = 0')
    // The guest stores, which leaves it unless a zone is there, then makes a hypercall, which ends it.
    const steps = fc.array(fc.record({ vcpu: fc.nat(1), isCollected: fc.boolean() }), { minLength: 1, maxLength: 6 })
    await forAll(
      fc.tuple(steps, fc.nat(1)),
      async ([some, looked]) => {
        const expected = { hvc_exit_stat: 0n, mmio_exit_user: 0n, mmio_exit_kernel: 0n }
        const lines = some.flatMap(({ vcpu, isCollected }) => {
          if (vcpu === looked) {
            expected.hvc_exit_stat++
            expected[isCollected ? 'mmio_exit_kernel' : 'mmio_exit_user']++
          }
          return [
            ...[0, 1].map((v) => `vcpu${v}: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok`),
            ...(isCollected
              ? [`vm: KVM_REGISTER_COALESCED_MMIO${ZONE} -> ok`]
              : [`vcpu${vcpu}: KVM_RUN -> ok = KVM_EXIT_MMIO`]),
            `vcpu${vcpu}: KVM_RUN -> ok = KVM_EXIT_SYSTEM_EVENT`,
            `vm: KVM_UNREGISTER_COALESCED_MMIO${ZONE} -> ok`,
          ]
        })
        const made = [
          ...[0, 1].map((v) => `vm: KVM_CREATE_VCPU(${v}) -> ok`),
          'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000, userspace_addr = &guest) -> ok',
          ...lines,
          `vcpu${looked}: stats = KVM_GET_STATS_FD -> ok`,
        ]
        const heard = await ask([...made, ...reads(MOST)].join('\n'))
        const numbers = numbersOf(fileOf(heard.answers.slice(made.length)))
        for (const [name, often] of Object.entries(expected)) {
          const counted = numbers.get(name)
          // A kernel may call them otherwise, or have none.
          holds(counted === undefined || counted === often, heard, `${name} = ${often}, not ${counted}`)
        }
        const exits = numbers.get('exits')
        const least = expected.hvc_exit_stat + expected.mmio_exit_user + expected.mmio_exit_kernel
        holds(exits === undefined || exits >= least, heard, `exits of at least ${least}, not ${exits}`)
      },
      15,
    )
  },
)
