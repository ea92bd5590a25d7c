/** What the kernel's own headers say, asked of a C compiler for arm64 that compiles and never runs anything. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../harness/process/user-error.ts'

const TRIPLET = 'aarch64-linux-gnu'
const PACKAGES = `apt-get install gcc-${TRIPLET} linux-libc-dev-arm64-cross`

// asm/kvm.h uses these without defining them, so whoever includes it must.
const PROLOGUE = `#include <stddef.h>
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <linux/falloc.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/kvm.h>
#include <linux/mman.h>
#define SZ_64K 0x10000
#undef __GENMASK
#define __GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (63 - (h))))
#define GENMASK __GENMASK
`

const directory = process.env.KERNEL_HEADERS

const run = (tool: string, args: string[], input: string) => {
  const env = { ...process.env, LC_ALL: 'C' }
  return spawnSync(`${TRIPLET}-${tool}`, args, { input, encoding: 'utf8', env, maxBuffer: 1 << 26 })
}
const gcc = (args: string[], input: string) =>
  run('gcc', [...(directory ? ['-isystem', directory] : []), '-xc', ...args, '-'], input)

/**
 * Why the headers cannot be asked on this machine, or nothing where they can. Throws UserError where KERNEL_HEADERS is
 * no directory of headers: that is a mistake, not a reason to skip.
 */
export const whyNot = (): string | undefined => {
  const needed = ['linux/kvm.h', 'asm/kvm.h', 'linux/version.h']
  const absent = directory && needed.find((name) => !existsSync(join(directory, name)))
  if (absent) {
    throw new UserError(
      `KERNEL_HEADERS is ${directory}, where there is no ${absent}: name the include directory that `
        + '`make headers_install ARCH=arm64` wrote',
    )
  }
  if (run('gcc', ['--version'], '').error) return `not offered: ${TRIPLET}-gcc is missing: ${PACKAGES}`
  if (gcc(['-E'], PROLOGUE).status !== 0) return `not offered: linux/kvm.h for arm64 is missing: ${PACKAGES}`
}

/** Every macro without parameters that linux/kvm.h and what it includes define, with its text. */
export const macros = (): Map<string, string> => {
  const { stdout } = gcc(['-E', '-dM'], `${PROLOGUE}#include <linux/version.h>\n`)
  return new Map([...stdout.matchAll(/^#define (\w+) (.*)$/gm)].map(([, name = '', text = '']) => [name, text]))
}

/** The release the headers are from, [6, 1] for 6.1.176. */
export const release = (): [number, number] => {
  const code = Number(macros().get('LINUX_VERSION_CODE'))
  return [code >> 16, (code >> 8) & 0xff]
}

// UserErrors about a macro's text stand at the row that uses it, not in the header.
const STRICT = ['-fmax-errors=0', '-ftrack-macro-expansion=0', '-Werror=implicit-function-declaration']
const UNDEFINED = /undeclared|implicit declaration|undefined type|incomplete type|has no member/

/**
 * The value of each C expression, in the order given; undefined where it uses a name that the headers do not define.
 * #ifdef knows no enumerators, so the compiler's complaints tell; it makes one per name, hence the rounds.
 */
export const evaluate = (expressions: string[]): (bigint | undefined)[] => {
  const undefinedRows = new Set<number>()
  const row = (c: string, i: number) =>
    `#line ${i + 1} "row"\n(unsigned long long)(${undefinedRows.has(i) ? '0' : c}),\n`
  const program = () => `${PROLOGUE}
__attribute__((used, section(".values"))) const unsigned long long values[] = {
${expressions.map(row).join('')}};\n`
  for (;;) {
    const { status, stderr } = gcc(['-fsyntax-only', ...STRICT], program())
    if (status === 0) break
    const before = undefinedRows.size
    for (const [, row, text = ''] of stderr.matchAll(/^row:(\d+):\d+: error: (.*)$/gm)) {
      if (UNDEFINED.test(text)) undefinedRows.add(Number(row) - 1)
    }
    if (undefinedRows.size === before) throw ownFault(stderr)
  }
  const values = compiled(program())
  return expressions.map((_, i) => (undefinedRows.has(i) ? undefined : values[i]))
}

const ownFault = (stderr: string) => new Error(`the check's own C program does not compile:\n${stderr.slice(0, 2000)}`)

const compiled = (program: string): BigUint64Array => {
  const scratch = mkdtempSync(join(tmpdir(), 'uapi-headers-'))
  try {
    const [object, section] = [join(scratch, 'values.o'), join(scratch, 'values.bin')]
    for (const { status, stderr } of [
      gcc(['-c', '-o', object], program),
      run('objcopy', ['-O', 'binary', '--only-section=.values', object, section], ''),
    ])
      if (status !== 0) throw ownFault(stderr)
    return new BigUint64Array(new Uint8Array(readFileSync(section)).buffer)
  } finally {
    rmSync(scratch, { recursive: true })
  }
}
