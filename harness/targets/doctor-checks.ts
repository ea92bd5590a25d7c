/** What the doctor looks at: a record of this machine, so that any other can be made up. */
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs'
import { release, userInfo } from 'node:os'
import { spawnSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { agentInNode, openAgent } from './native.ts'
import { numbersIn } from '../process/number-list.ts'
import { hasProgram } from '../process/programs.ts'
import { root } from '../process/root.ts'
import { UserError } from '../process/user-error.ts'

export interface LocalMachine {
  platform: string
  arch: string
  user: { name: string; groups: string[] }
  /** `error`: the code of an open to read and write that failed; `group` and `mode` are the file's, if it is there. */
  kvm: { error?: string; group?: string; mode?: number }
  /** Under what the system runs, where it says so: xen, … */
  hypervisor?: string
  /** CONFIG_KVM of the running kernel, where that can be read. */
  kvmConfig?: 'y' | 'm' | 'n'
  /** Lines of the kernel log with the word kvm. */
  log: string[]
  libc: 'glibc' | 'musl'
  /** Why ffi-napi cannot be loaded. */
  ffi?: string
  /** npm is told to run no install scripts. */
  ignoreScripts: boolean
  /** The cores that this process may run on, each with its MIDR where the kernel shows it. */
  cores: { cpu: number; midr: string }[]
  /** What KVM_CREATE_VM gave, where it was tried. */
  createVm?: number
  /** Why it could not be tried, where the agent was not to be had. */
  agent?: string
  /** Those of the programs that targets need which are in PATH. */
  programs: Set<string>
}

const text = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').replaceAll('\0', '').trim()
  } catch {
    return undefined
  }
}

const groupNames = (): Map<number, string> =>
  new Map(
    (text('/etc/group') ?? '').split('\n').map((line) => {
      const [name = '', , id] = line.split(':')
      return [Number(id), name]
    }),
  )

const lookAtKvm = (groups: Map<number, string>): LocalMachine['kvm'] => {
  const file = statSync('/dev/kvm', { throwIfNoEntry: false })
  const seen = file && { group: groups.get(file.gid) ?? String(file.gid), mode: file.mode & 0o777 }
  try {
    closeSync(openSync('/dev/kvm', constants.O_RDWR))
    return { ...seen }
  } catch (error) {
    return { ...seen, error: (error as NodeJS.ErrnoException).code ?? String(error) }
  }
}

const kernelConfig = (): LocalMachine['kvmConfig'] => {
  const packed = '/proc/config.gz'
  const config =
    text(`/boot/config-${release()}`) ?? (existsSync(packed) ? gunzipSync(readFileSync(packed)).toString() : undefined)
  if (config === undefined) return undefined
  return (/^CONFIG_KVM=([ym])$/m.exec(config)?.[1] as 'y' | 'm' | undefined) ?? 'n'
}

/** Lines about KVM; none where the log may not be read. */
const kernelLog = (): string[] => {
  const lines: string[] = []
  try {
    const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK)
    const record = Buffer.alloc(8192)
    try {
      for (;;) {
        const [, line] = /^[^;]*;([^\n]*)/.exec(record.toString('utf8', 0, readSync(fd, record))) ?? []
        if (line !== undefined && /\bkvm\b/i.test(line)) lines.push(line)
      }
    } finally {
      closeSync(fd)
    }
  } catch {
    return lines
  }
}

const allowedCores = (): LocalMachine['cores'] => {
  const allowed = numbersIn(/^Cpus_allowed_list:\s*(\S+)/m.exec(text('/proc/self/status') ?? '')?.[1] ?? '')
  return allowed.flatMap((cpu) => {
    const midr = text(`/sys/devices/system/cpu/cpu${cpu}/regs/identification/midr_el1`)
    return midr === undefined ? [] : [{ cpu, midr }]
  })
}

const hasMusl = (): boolean => {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))
}

/** Loaded in another process: what it brings does not go away again. */
const whyNoFfi = (): string | undefined => {
  const script = `
    try { require('module').createRequire(process.argv[1])('ffi-napi') }
    catch (error) { console.log(error.message.split('\\n')[0]); process.exit(3) }`
  const argv = ['-e', script, import.meta.filename]
  const { status, signal, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  if (status === 0) return undefined
  return stdout.trim() || `loading it ends with ${signal ?? `status ${status}`}`
}

const scriptsAreOff = (): boolean => {
  if (process.env.npm_config_ignore_scripts === 'true') return true
  const files = [`${process.env.HOME}/.npmrc`, `${root}.npmrc`, '/etc/npmrc']
  return files.some((file) => /^\s*ignore-scripts\s*=\s*true\s*$/m.test(text(file) ?? ''))
}

/** Looks at this machine without changing anything; takes a quarter of a second. */
export const thisMachine = (): LocalMachine => {
  const groups = groupNames()
  const hypervisor = text('/sys/hypervisor/type') || text('/proc/device-tree/hypervisor/compatible')
  const kvmConfig = kernelConfig()
  const ffi = whyNoFfi()
  return {
    platform: process.platform,
    arch: process.arch,
    user: {
      name: userInfo().username,
      groups: (process.getgroups?.() ?? []).map((id) => groups.get(id) ?? String(id)),
    },
    kvm: lookAtKvm(groups),
    log: kernelLog(),
    libc: hasMusl() ? 'musl' : 'glibc',
    ignoreScripts: scriptsAreOff(),
    cores: allowedCores(),
    programs: new Set(['qemu-system-aarch64', 'aarch64-linux-gnu-gcc', 'gcc'].filter(hasProgram)),
    ...(hypervisor && { hypervisor }),
    ...(kvmConfig && { kvmConfig }),
    ...(ffi && { ffi }),
  }
}

/** Tries what a run on native begins with: to build the agent, to start it in Node, and to make a VM. */
export const tryVm = async (): Promise<Pick<LocalMachine, 'createVm' | 'agent'>> => {
  try {
    const agent = await openAgent(await agentInNode())
    try {
      const { answers } = await agent.play('k,0 i,0,ae01,0', 5000)
      return { createVm: answers.at(-1)?.ret ?? 0 }
    } finally {
      await agent.close()
    }
  } catch (error) {
    if (error instanceof UserError) return { agent: error.message }
    throw error
  }
}
