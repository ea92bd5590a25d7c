/** The programs of this machine that are used, each with the Debian package to install. */
import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from './user-error.ts'

const packages = {
  'qemu-system-aarch64': 'qemu-system-arm',
  gcc: 'gcc libc6-dev',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
  'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
  'aarch64-linux-gnu-gcov': 'gcc-aarch64-linux-gnu',
  cp: 'coreutils',
  make: 'make',
  python3: 'python3',
  npm: 'npm',
  tar: 'tar',
  git: 'git',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  'dpkg-deb': 'dpkg',
  flock: 'util-linux',
  xz: 'xz-utils',
  clang: 'clang libclang-rt-dev',
  fdtput: 'device-tree-compiler',
  ssh: 'openssh-client',
}

export type Program = keyof typeof packages

/** Whether a program is in PATH. */
export const hasProgram = (name: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** Throws a UserError naming the Debian package where a program is missing. `purpose` follows "is needed to". */
export const needProgram = (name: Program, purpose: string): void => {
  if (!hasProgram(name))
    throw new UserError(`${name} is needed to ${purpose} and is not in PATH; on Debian: apt install ${packages[name]}`)
}

/**
 * Runs a program to its end and gives its stdout; `env` is added to this process's own. Throws an Error whose message
 * is the end of its stderr.
 */
export const run = async (
  name: Program,
  args: string[],
  cwd?: string,
  env?: Record<string, string>,
): Promise<Buffer> => {
  try {
    const { stdout } = await promisify(execFile)(name, args, {
      cwd,
      encoding: 'buffer',
      maxBuffer: 1 << 28,
      ...(env && { env: { ...process.env, ...env } }),
    })
    return stdout
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? '')
      .trim()
      .split('\n')
      .slice(-2)
      .join(' | ')
    throw new Error(said || (error as Error).message, { cause: error })
  }
}
