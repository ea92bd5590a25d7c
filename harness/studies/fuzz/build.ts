/** The agent and its fuzzer, built with the sanitizers of clang. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '../../process/user-error.ts'
import { agentSources, agentSourcesWithout } from '../../agent/sources.ts'
import { needProgram } from '../../process/programs.ts'
import { root } from '../../process/root.ts'

const fuzzer = join(root, 'harness/studies/fuzz')
const flags = ['-g', '-O1', '-fno-sanitize-recover=all', '-Wall', '-Wextra', '-Werror']
const checked = '-fsanitize=address,undefined'

/** What the agent's files call in kernel.c and process.c in place of the C library. */
const faked = [
  'open',
  'close',
  'ioctl',
  'syscall',
  'mmap',
  'madvise',
  'eventfd',
  'pread',
  'fallocate',
  'fstat',
  'read',
  'write',
  'waitpid',
  'kill',
  'setitimer',
  'clone',
  'getrlimit',
  'setrlimit',
  'sigaction',
  'signal',
]
  .map((name) => `-D${name}=fuzz_${name}`)
  .concat('-D_exit=fuzz_exit')

/** Files with the agent's mains, and what is done in processes around the player. Every other one is part of it. */
const aroundPlayer = ['agent.c', 'init.c', 'library.c', 'offline.c', 'replace.c', 'supervisor.c']

/** What a file of the player calls in check.c instead of in its neighbours. */
const watched: Record<string, string[]> = {
  'log.c': ['-Dout_publish=fuzz_out_publish'],
  'player.c': ['-Dout_publish=fuzz_out_publish', '-Dparse_play=fuzz_parse_play'],
}

const clang = async (args: string[]): Promise<void> => {
  await promisify(execFile)('clang', args).catch((error: { stderr?: string; message: string }) => {
    const why =
      error.stderr?.split('\n').find((line) => /error|cannot find|undefined reference/.test(line)) ?? error.message
    const need = /libclang_rt|cannot find/.test(why) ? ' (on Debian: apt install clang libclang-rt-dev)' : ''
    throw new UserError(`clang cannot build the fuzzer${need}: ${why}`)
  })
}

/** Builds `agent` and `player` into a folder. Throws a UserError where clang or its sanitizers are missing. */
export const buildFuzzers = async (folder: string): Promise<void> => {
  needProgram('clang', 'fuzz agent.c')
  const isSource = (name: string) => name.endsWith('.c')
  const sources = agentSources().filter(isSource)
  const own = readdirSync(fuzzer)
    .filter(isSource)
    .map((name) => join(fuzzer, name))
  const object = (source: string) => join(folder, `${basename(dirname(source))}-${basename(source)}.o`)
  const compile = (source: string, more: string[]) => clang([...flags, ...more, '-c', source, '-o', object(source)])
  const player = agentSourcesWithout(...aroundPlayer).filter(isSource)
  await Promise.all([
    clang([...flags, checked, ...sources, '-o', join(folder, 'agent')]),
    ...player.map((source) =>
      compile(source, [checked, '-fsanitize=fuzzer-no-link', ...faked, ...(watched[basename(source)] ?? [])]),
    ),
    ...own.map((source) => compile(source, [checked])),
  ])
  const objects = [...player, ...own].map(object)
  await clang([checked, '-fsanitize=fuzzer', ...objects, '-o', join(folder, 'player')])
}
