/**
 * Lines in which a VMM complains of a register, and lists of ids with values: which register and value each is about.
 */
import { didYouMean } from '../../harness/process/nearest.ts'
import { UserError } from '../../harness/process/user-error.ts'
import { quoted } from '../../harness/process/visible.ts'
import {
  arm64SysReg,
  fwBmapReg,
  fwReg,
  namedRegs,
  parseReg,
  sveFfr,
  svePReg,
  sveZReg,
} from '../../harness/names/index.ts'
import { sysRegNamed } from '../../harness/names/sysregs.ts'

/** A register that a line is about; `value`: what it was set to, where the line says so. */
export interface Complaint {
  line: string
  id: bigint
  value?: bigint
}

type Numbers = readonly number[]

/** How QEMU names registers (kvm_print_register_name of its target/arm/kvm.c). */
const qemuNames: readonly (readonly [RegExp, (...n: Numbers) => bigint])[] = [
  [/^op0:(\d+) op1:(\d+) crn:(\d+) crm:(\d+) op2:(\d+)/, (a, b, c, d, e) => arm64SysReg(a!, b!, c!, d!, e!)],
  [/^fw feat reg (\d+)/, (n) => fwBmapReg(n!)],
  [/^fw reg (\d+)/, (n) => fwReg(n!)],
  [/^SVE VLS/, () => namedRegs.KVM_REG_ARM64_SVE_VLS],
  [/^SVE zreg n:(\d+) slice:(\d+)/, (n, slice) => sveZReg(n!, slice!)],
  [/^SVE preg n:(\d+) slice:(\d+)/, (n, slice) => svePReg(n!, slice!)],
  [/^SVE ffr slice:(\d+)/, (slice) => sveFfr(slice!)],
]

const qemuRegister = (text: string): bigint | undefined => {
  for (const [form, make] of qemuNames) {
    const found = form.exec(text)
    if (found) return make(...found.slice(1).map(Number))
  }
  const [, id] = /^(?:core reg |demuxed reg )?([0-9a-f]{16})\b/.exec(text) ?? []
  return id === undefined ? undefined : BigInt(`0x${id}`)
}

/** `Could not set register op0:3 op1:0 crn:0 crm:0 op2:0 to c00fac31 (is 413fd0c1)` */
const ofQemu = (line: string): Complaint | undefined => {
  const [, text] = /Could not set register (.*)$/.exec(line) ?? []
  const id = text === undefined ? undefined : qemuRegister(text)
  if (id === undefined) return undefined
  const [, value] = / to ([0-9a-f]{1,16})(?: \(is [0-9a-f]+\))?\s*$/.exec(text!) ?? []
  return { line, id, ...(value !== undefined && { value: BigInt(`0x${value}`) }) }
}

/** `Failed to set register 6931039826524241920: Invalid argument`, or `SetOneReg(6931039826524241920, Error(22))` */
const ofFirecracker = (line: string): Complaint | undefined => {
  const [, id] =
    /(?:Failed to set (?:value for )?register |SetOneReg\()((?:0x[0-9a-f]{1,16})|\d{1,20})\b/i.exec(line) ?? []
  return id === undefined ? undefined : { line, id: BigInt(id) }
}

/** Complaints that name no register, and what to ask instead. */
const nameless: readonly (readonly [RegExp, string])[] = [
  [
    /Failed to put registers after init|Putting registers after init/,
    'names no register; QEMU 10.2 and later say which before it ("Could not set register …"), give that line',
  ],
  [
    /cpreg_vmstate_array_len|expecting positive value <= \d+/,
    'says that the lists of registers differ; they are under "missing" of this command without a line',
  ],
]

const readRegister = (text: string): bigint => {
  const named = sysRegNamed(text)
  if (named !== undefined) return named
  try {
    return parseReg(/^[0-9a-f]{16}$/i.test(text) ? `0x${text}` : text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      `no register is called ${quoted(text)}; write an id (0x603000000013c103), a name (TCR2_EL1) or a macro`
        + didYouMean(text, Object.keys(namedRegs)),
    )
  }
}

/** `0x603000000013c103 = 0x0`, `TCR2_EL1 0x0`, an id alone. */
const ofList = (line: string): Complaint => {
  const [, register, value] = /^(.+?)(?:(?:\s*[=:]\s*|\s+)&?(0x[0-9a-f]{1,512}|\d{1,20}))?\s*$/i.exec(line) ?? []
  const id = readRegister((register ?? line).trim().replace(/,$/, ''))
  return { line, id, ...(value !== undefined && { value: BigInt(value) }) }
}

/**
 * Reads a line of QEMU's or Firecracker's, or `REGISTER = VALUE`. Throws a UserError for a line that names no register,
 * and says what to give instead.
 */
export const parseComplaint = (text: string): Complaint => {
  const line = text.trim()
  const found = ofQemu(line) ?? ofFirecracker(line)
  if (found) return found
  const [, instead] = nameless.find(([form]) => form.test(line)) ?? []
  if (instead !== undefined) throw new UserError(`${quoted(line)} ${instead}`)
  return ofList(line)
}
