/** The copy of a kernel tree that counts, and is built. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildCounting, checkCounting, patch } from '../../../harness/studies/reach/build.ts'
import { files, notesOf } from '../../../harness/studies/reach/files.ts'
import { skipWithout } from '../skip-without.ts'

const scratch = mkdtempSync(join(tmpdir(), 'reach-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
const allIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.') || name.endsWith('Makefile'))
    .map((name) => `${name} ${readFileSync(join(folder, name), 'utf8')}`)

/** A tree whose top Makefile writes what it was asked for. */
const treeAt = (name: string, config: string): string => {
  const tree = join(scratch, name)
  write(join(tree, 'arch/arm64/kvm/Makefile'), 'ccflags-y += -I $(src)\n')
  write(join(tree, '.config'), config)
  write(
    join(tree, 'Makefile'),
    'olddefconfig:\n\t@true\nImage:\n\t@mkdir -p arch/arm64/boot && echo $(ARCH) $(CROSS_COMPILE) > arch/arm64/boot/Image\n',
  )
  return tree
}
const CONFIG = ['KVM', 'BLK_DEV_INITRD', 'DEVTMPFS', 'PROC_FS', 'SYSFS'].map((name) => `CONFIG_${name}=y\n`).join('')
const TOOLS = ['make', 'aarch64-linux-gnu-gcc']

test('a copy is changed once, and again where a file of it was replaced', () => {
  const tree = treeAt('patched', '# CONFIG_GCOV_KERNEL is not set\nCONFIG_DEBUG_FS=y\n')
  patch(tree)
  const once = allIn(tree)
  expect(readFileSync(join(tree, 'arch/arm64/kvm/Makefile'), 'utf8')).toMatch(
    /^ccflags-y \+= -I \$\(src\)\n[^]*\nGCOV_PROFILE := y\nccflags-y \+= -O1 /,
  )
  expect(readFileSync(join(tree, '.config'), 'utf8')).toBe(
    '# CONFIG_GCOV_KERNEL is not set\nCONFIG_DEBUG_FS=y\nCONFIG_GCOV_KERNEL=y\n',
  )
  patch(tree)
  expect(allIn(tree)).toEqual(once)
  write(join(tree, 'arch/arm64/kvm/Makefile'), 'ccflags-y += -I $(src)\n')
  patch(tree)
  expect(allIn(tree)).toEqual(once)
})

test('a copy is built, and the tree stays as it was', async (context) => {
  skipWithout(context, ...TOOLS)
  const tree = treeAt('sound', CONFIG)
  const before = allIn(tree)
  const image = await buildCounting(tree, join(scratch, 'sound.gcov'), join(scratch, 'log'), () => {})
  expect(readFileSync(image, 'utf8')).toBe('arm64 aarch64-linux-gnu-\n')
  expect(allIn(tree)).toEqual(before)
})

test('a copy is refused with one line', async (context) => {
  skipWithout(context, ...TOOLS)
  const refused = (tree: string, copy = join(scratch, 'refused')) =>
    buildCounting(tree, copy, join(scratch, 'log'), () => {}).catch((error: Error) => error.message)
  const bare = treeAt('bare', CONFIG.replace('CONFIG_KVM=y\n', ''))
  expect(await refused(bare)).toMatch(/refused is configured without CONFIG_KVM; switch it on there$/)
  const sound = treeAt('sound2', CONFIG)
  expect(await refused(sound, join(sound, 'copy'))).toMatch(/copy is inside of .*sound2; copy it elsewhere$/)
  rmSync(join(sound, '.config'))
  expect(await refused(sound)).toMatch(/has no \.config: it is a kernel tree that is not configured in place/)
  expect(await refused(scratch)).toMatch(/has no arch\/arm64\/kvm\/Makefile: it is no kernel tree$/)
  const broken = treeAt('broken', CONFIG)
  write(join(broken, 'Makefile'), 'olddefconfig:\n\t@true\n')
  expect(await refused(broken, join(scratch, 'broken.gcov'))).toMatch(
    /cannot be built: .*No rule to make target 'Image'/,
  )
})

test('a copy that was not built to count is refused', () => {
  expect(() => checkCounting(treeAt('plain', CONFIG), files.map(notesOf))).toThrow(
    /was not built with gcov, it has no arch\/arm64\/kvm\/arm\.gcno; leave out --image/,
  )
  expect(() => checkCounting(join(scratch, 'nowhere'), [])).toThrow(/nowhere: is no folder$/)
})
