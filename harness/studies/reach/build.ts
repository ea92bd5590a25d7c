/** A kernel that counts which of its lines and branches in arch/arm64/kvm and virt/kvm are reached, by gcov. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { spawnChild } from '../../process/child.ts'
import { needProgram, run } from '../../process/programs.ts'
import { UserError } from '../../process/user-error.ts'

/** The folder whose Makefile compiles virt/kvm, too. */
const KVM = 'arch/arm64/kvm'
const HEADER = `${KVM}/gcov.h`

/**
 * With -O1 the compiler can no longer see that what the kernel asserts at compile time holds, and -O2 merges lines, so
 * that what is counted is not what is written. A weak function that is not there is one that is never called.
 */
const header = `/* Included in every file of this folder and of virt/kvm, by npm run reach. */
#undef __compiletime_assert
#define __compiletime_assert(condition, msg, prefix, suffix) do { } while (0)
#undef __compiletime_error
#define __compiletime_error(msg) __attribute__((__weak__))
`
const makefile = `
# By npm run reach.
GCOV_PROFILE := y
ccflags-y += -O1 -fno-tree-tail-merge -fno-crossjumping -include $(srctree)/${HEADER}
`

/** What the kernel has to be configured with, to count and to be a guest; all but the first two are the user's part. */
const switchedOn = ['GCOV_KERNEL', 'DEBUG_FS']
const needed = [...switchedOn, 'KVM', 'BLK_DEV_INITRD', 'DEVTMPFS', 'PROC_FS', 'SYSFS']

const configOf = (tree: string): string => readFileSync(join(tree, '.config'), 'utf8')
const isOn = (config: string, name: string): boolean => new RegExp(`^CONFIG_${name}=y$`, 'm').test(config)

/** Changes a kernel tree so that it counts, as far as it was not changed so before. */
export const patch = (tree: string): void => {
  const path = join(tree, KVM, 'Makefile')
  if (!readFileSync(path, 'utf8').includes(makefile)) appendFileSync(path, makefile)
  if (!existsSync(join(tree, HEADER))) writeFileSync(join(tree, HEADER), header)
  const config = configOf(tree)
  // Of a symbol that is set twice the last one counts.
  for (const name of switchedOn) if (!isOn(config, name)) appendFileSync(join(tree, '.config'), `CONFIG_${name}=y\n`)
}

/** Throws a UserError where this is no kernel tree that was configured in place. */
const checkTree = (tree: string): void => {
  for (const [file, what] of [
    [`${KVM}/Makefile`, 'no kernel tree'],
    ['.config', 'a kernel tree that is not configured in place; run make defconfig in it, or copy a .config to it'],
  ] as const)
    if (!existsSync(join(tree, file))) throw new UserError(`${tree} has no ${file}: it is ${what}`)
}

const make = async (tree: string, log: string, ...targets: string[]): Promise<void> => {
  const file = openSync(log, 'a')
  try {
    const jobs = `-j${availableParallelism()}`
    const child = spawnChild(
      ['make', '-C', tree, 'ARCH=arm64', 'CROSS_COMPILE=aarch64-linux-gnu-', jobs, ...targets],
      ['ignore', file, 'pipe'],
    )
    const how = await child.ended
    if (how === 'exit status 0') return
    const error =
      child
        .stderr()
        .split('\n')
        .find((line) => /error:|\*\*\*/.test(line)) ?? how
    throw new UserError(`the kernel in ${tree} cannot be built: ${error.trim()} (all that make said is in ${log})`)
  } finally {
    closeSync(file)
  }
}

/** Throws a UserError where a kernel tree is configured without something that is needed. */
const checkConfig = (tree: string): void => {
  const config = configOf(tree)
  const missing = needed.filter((name) => !isOn(config, name))
  if (missing.length > 0)
    throw new UserError(`${tree} is configured without CONFIG_${missing.join(', CONFIG_')}; switch it on there`)
}

/**
 * Copies a tree, or what changed in it since it was copied, switches the counters on in the copy and builds it; what
 * make says goes to the file `log`; `begin` is called once it is known that the tree can be copied. Gives the path of
 * the Image. Throws a UserError where it cannot be built.
 */
export const buildCounting = async (tree: string, copy: string, log: string, begin: () => void): Promise<string> => {
  needProgram('make', 'build a kernel')
  needProgram('aarch64-linux-gnu-gcc', 'build a kernel')
  checkTree(tree)
  if (!relative(tree, copy).startsWith('..')) throw new UserError(`${copy} is inside of ${tree}; copy it elsewhere`)
  begin()
  mkdirSync(copy, { recursive: true })
  await run('cp', ['-a', '--update', `${tree}/.`, copy]).catch((error: Error) => {
    throw new UserError(`${tree} cannot be copied to ${copy}: ${error.message}`)
  })
  patch(copy)
  await make(copy, log, 'olddefconfig')
  checkConfig(copy)
  await make(copy, log, 'Image')
  return join(copy, 'arch/arm64/boot/Image')
}

/** Throws a UserError where a tree was not built with counters, so that there are no notes beside its objects. */
export const checkCounting = (tree: string, notes: readonly string[]): void => {
  if (!statSync(tree, { throwIfNoEntry: false })?.isDirectory()) throw new UserError(`${tree}: is no folder`)
  if (!notes.some((name) => existsSync(join(tree, name))))
    throw new UserError(`${tree}: was not built with gcov, it has no ${notes[0]}; leave out --image to build a copy so`)
}
