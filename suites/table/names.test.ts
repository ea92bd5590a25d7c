/**
 * Names, numbers and layouts equal the kernel's headers: those of the compiler for arm64, or a kernel tree's with
 * KERNEL_HEADERS=PATH/include after `make headers_install ARCH=arm64 INSTALL_HDR_PATH=PATH`.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import * as names from '../../harness/names/index.ts'
import { regInC } from '../../harness/names/in-c.ts'
import { newer, newest } from '../../harness/names/newer.ts'
import { evaluate, macros, release, whyNot } from './uapi-headers.ts'

type Row = { name: string; c: string; value: bigint }

const { structs, ...others } = names
const tables = Object.values(others).filter((table) => typeof table === 'object' && !(table instanceof Map))

const constants: Row[] = tables
  .flatMap((table) => Object.entries(table as Record<string, number | bigint>))
  .map(([name, value]) => ({ name, c: name, value: BigInt(value) }))

const size = (name: string, c: string, bytes: number): Row => ({
  name: `${name}: size`,
  c: `sizeof(${c})`,
  value: BigInt(bytes),
})
const offset = (struct: string, field: string, bytes: number): Row => ({
  name: `${struct}.${field}: offset`,
  c: `offsetof(struct ${struct}, ${field})`,
  value: BigInt(bytes),
})

const layout = (all: Record<string, names.StructLayout>): Row[] =>
  Object.entries(all).flatMap(([struct, { size: bytes, fields }]) => [
    size(struct, `struct ${struct}`, bytes),
    ...Object.entries(fields).map(([field, [at]]) => offset(struct, field, at)),
    ...Object.entries(fields)
      .filter(([, [, bytes]]) => bytes > 0)
      .map(([field, [, bytes]]) => size(`${struct}.${field}`, `((struct ${struct} *)0)->${field}`, bytes)),
  ])

const { arm64SysReg, demuxCcsidr, fwBmapReg, fwReg, regName, sveFfr, svePReg, sveZReg } = names
const upTo = (n: number) => [...Array(n).keys()]

const registers: Row[] = [
  ...names.coreRegs.values(),
  ...upTo(32).flatMap((i) => [...upTo(32).map((n) => sveZReg(n, i)), ...upTo(16).map((n) => svePReg(n, i)), sveFfr(i)]),
  ...upTo(256).map(demuxCcsidr),
  ...upTo(16).flatMap((bit) => [fwReg(1 << bit), fwBmapReg(1 << bit)]),
  ...upTo(4).map((op0) => arm64SysReg(op0, 0, 0, 0, 0)),
  ...upTo(8).map((op1) => arm64SysReg(3, op1, 15, 0, 7)),
  ...upTo(16).map((crn) => arm64SysReg(2, 7, crn, 15, 0)),
  ...upTo(16).map((crm) => arm64SysReg(0, 5, 10, crm, 5)),
  ...upTo(8).map((op2) => arm64SysReg(1, 0, 4, 8, op2)),
].map((id) => ({ name: regName(id), c: regInC(id), value: id }))

const measured = (rows: Row[]) => {
  const values = evaluate(rows.map((row) => row.c))
  return rows.map((row, i) => ({ ...row, header: values[i] }))
}

const plain = (n: bigint) => (n < 0x10000n ? String(n) : `0x${n.toString(16)}`)

const differences = (rows: Row[]) =>
  measured(rows).flatMap(({ name, value, header }) =>
    header === undefined || header === value
      ? []
      : [`${name} is ${plain(value)} in harness/names, ${plain(header)} in the kernel's header`],
  )

const later = (a: readonly number[], b: readonly number[]) => a[0]! > b[0]! || (a[0] === b[0] && a[1]! > b[1]!)
const numbers = (text: string) => text.split('.').map(Number)

const covers = (name: string, row: string) => row === name || row.startsWith(`${name}:`) || row.startsWith(`${name}.`)

/** The release whose headers first have a row, where these are not the oldest ones that can be asked. */
const since = (row: string) => Object.entries(newer).find(([, list]) => list.some((name) => covers(name, row)))?.[0]

// Families of which no member may be missing from harness/names, and members that are no part of them.
const families = new RegExp(
  '^(KVM_(CAP|EXIT|ARM|ARM64|REG_ARM|REG_ARM64|REG_SIZE|DEV_TYPE|DEV_ARM|VGIC|MP_STATE|MEM'
    + '|SYSTEM_EVENT|GUESTDBG|PMU_EVENT|IRQFD_FLAG|VM_TYPE_ARM|DIRTY_GFN_F)_|E[A-Z0-9]+$)',
)
const foreign = new Set([
  'KVM_EXIT_IO_IN',
  'KVM_EXIT_IO_OUT',
  'KVM_EXIT_HYPERV_SYNIC',
  'KVM_EXIT_HYPERV_HCALL',
  'KVM_EXIT_HYPERV_SYNDBG',
  'KVM_EXIT_XEN_HCALL',
  'EWOULDBLOCK',
  'EDEADLOCK',
  'EFSBADCRC',
  'EFSCORRUPTED',
])

test('every name said to be newer than the oldest headers is in harness/names', () => {
  const rows = [...constants, ...layout(structs)].map((row) => row.name)
  expect(
    Object.values(newer)
      .flat()
      .filter((name) => !rows.some((row) => covers(name, row))),
  ).toEqual([])
})

describe("names and layouts equal the kernel's headers", () => {
  const reason = whyNot()
  const header = reason ? [0, 0] : release()
  const headers = `headers of ${header.join('.')}`
  beforeEach(({ skip }) => skip(reason !== undefined, reason))
  beforeEach(({ skip }) => skip(later([6, 1], header), `not offered: ${headers} are older than 6.1`))

  test('every number', () => expect(differences(constants)).toEqual([]))

  test('every layout', () => expect(differences(layout(structs))).toEqual([]))

  test('every register id', () => expect(differences(registers)).toEqual([]))

  test('a name the header does not define is newer than the header', async ({ annotate }) => {
    const rows = measured([...constants, ...layout(structs), ...registers])
    const absent = rows.filter((row) => row.header === undefined).map((row) => row.name)
    await annotate(`not defined by the ${headers}, so not compared: ${absent.join(', ') || 'none'}`)
    const unexplained = absent.filter((name) => !later(numbers(since(name) ?? '0.0'), header))
    expect(unexplained, 'misspelt, or missing in harness/names/newer.ts').toEqual([])
  })

  test('every capability, exit and arm64 name of the header is in harness/names', async ({ annotate }) => {
    const known = new Set(constants.map((row) => row.name))
    const unknown = [...macros().keys()].filter((name) => families.test(name) && !foreign.has(name) && !known.has(name))
    await annotate(`names of the ${headers} unknown to harness/names: ${unknown.join(', ') || 'none'}`)
    if (!later(header, numbers(newest))) expect(unknown).toEqual([])
  })

  test('a wrong offset, size or number is found by its name', () => {
    const wrong = { kvm_vcpu_init: { size: 36, fields: { target: [0, 4], features: [8, 28] } } } as const
    expect(differences([...layout(wrong), { name: 'KVM_CAP_ARM_SVE', c: 'KVM_CAP_ARM_SVE', value: 171n }])).toEqual([
      "kvm_vcpu_init: size is 36 in harness/names, 32 in the kernel's header",
      "kvm_vcpu_init.features: offset is 8 in harness/names, 4 in the kernel's header",
      "KVM_CAP_ARM_SVE is 171 in harness/names, 170 in the kernel's header",
    ])
  })

  test('a misspelt name is no name of any header', () => {
    const [right, ...misspelt] = evaluate([
      'KVM_CAP_ARM_SVE',
      'KVM_CAP_ARM_SEV',
      'offsetof(struct kvm_run, mmoi.len)',
      'sizeof(struct kvm_rnu)',
      'KVM_REG_ARM_FM_REG(1)',
      'KVM_REG_ARM_FM_REG(2)',
    ])
    expect([right, ...misspelt]).toEqual([170n, ...misspelt.map(() => undefined)])
    expect(since('KVM_CAP_ARM_SEV')).toBeUndefined()
  })
})
