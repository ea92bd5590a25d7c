/** The doctor finds each thing that keeps a target from working, and says what to do; on machines that are made up. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../harness/cli/doctor.ts'
import { doctor, doctorOfBoard, type BoardMachine } from '../../../harness/targets/doctor.ts'
import { type LocalMachine, thisMachine, tryVm } from '../../../harness/targets/doctor-checks.ts'

const healthy: LocalMachine = {
  platform: 'linux',
  arch: 'arm64',
  user: { name: 'ada', groups: ['ada', 'kvm'] },
  kvm: { group: 'kvm', mode: 0o660 },
  log: ['kvm [1]: Hyp nVHE mode initialized successfully'],
  libc: 'glibc',
  ignoreScripts: false,
  cores: [0, 1].map((cpu) => ({ cpu, midr: '0x00000000410fd083' })),
  createVm: 5,
  programs: new Set(['qemu-system-aarch64', 'aarch64-linux-gnu-gcc', 'gcc']),
}
const closed = (error: string) => ({ kvm: { ...healthy.kvm, error } })
const gone = { kvm: { error: 'ENOENT' } }

const native: [name: string, change: Partial<LocalMachine>, what: RegExp, todo: RegExp][] = [
  ['another architecture', { arch: 'x64', ...gone }, /x64.*another architecture/, /arm64 machine.*qemu:6\.12/],
  ['another system', { platform: 'darwin', ...gone }, /darwin, not Linux/, /Linux/],
  [
    'not in the group',
    { ...closed('EACCES'), user: { name: 'ada', groups: ['ada'] } },
    /ada .*group kvm/,
    /usermod -aG kvm ada/,
  ],
  [
    'a device for root alone',
    { kvm: { error: 'EACCES', group: 'root', mode: 0o600 } },
    /mode 600 and group root/,
    /chgrp kvm .*chmod 660/,
  ],
  ['in the group, and still not', { kvm: { error: 'EACCES', group: 'kvm', mode: 0o600 } }, /mode 600/, /chmod 660/],
  ['a container', closed('EPERM'), /container/, /--device \/dev\/kvm/],
  ['no device', gone, /^there is no \/dev\/kvm$/, /dmesg/],
  [
    'no EL2',
    { ...gone, kvmConfig: 'y', log: ['kvm [1]: HYP mode not available'] },
    /no EL2.*"kvm \[1\]: HYP mode not available"/,
    /virtualization=on/,
  ],
  [
    'a kernel log that only root may read',
    { ...gone, kvmConfig: 'y', log: [] },
    /though this kernel has KVM: it was entered without EL2, or .* container/,
    /sudo dmesg/,
  ],
  [
    'a device, but no EL2',
    { ...closed('ENODEV'), kvmConfig: 'y', log: ['kvm [1]: HYP mode not available'] },
    /no driver behind it.*no EL2.*HYP mode/,
    /virtualization=on/,
  ],
  ['a module that is not loaded', { ...gone, kvmConfig: 'm' }, /module and not loaded/, /^modprobe kvm$/],
  [
    'a device without its module',
    { ...closed('ENODEV'), kvmConfig: 'm' },
    /no driver behind it: .*module and not loaded/,
    /^modprobe kvm$/,
  ],
  ['a kernel without KVM', { ...gone, kvmConfig: 'n' }, /built without KVM/, /CONFIG_KVM=y/],
  ['under Xen', { ...gone, kvmConfig: 'y', hypervisor: 'xen' }, /under xen/, /without xen/],
  ['a hypervisor at open', closed('EBUSY'), /another hypervisor/, /stop it/],
  ['a hypervisor at the first VM', { createVm: -16 }, /another hypervisor/, /stop it/],
  ['no VM at all', { createVm: -12 }, /KVM_CREATE_VM fails with errno 12/, /dmesg/],
  ['some other error', closed('EIO'), /cannot be opened \(EIO\)/, /dmesg/],
  ['musl', { libc: 'musl', ffi: 'Error relocating' }, /musl/, /--target exec:\.\/agent/],
  [
    'ffi-napi without a build',
    { ffi: 'No native build was found' },
    /not built \(No native build/,
    /npm rebuild.*apt install/,
  ],
  [
    'ffi-napi that npm left out',
    { ffi: "Cannot find module 'ffi-napi'" },
    /not there .*leaves it out/,
    /apt install .*npm ci/,
  ],
  [
    'ref-napi that npm left out',
    { ffi: "Cannot find module '@2060.io/ref-napi'" },
    /not there/,
    /apt install .*npm ci/,
  ],
  [
    'install scripts that are off',
    { ffi: 'No native build was found', ignoreScripts: true },
    /no install scripts/,
    /--ignore-scripts=false/,
  ],
  [
    'no compiler, and no library in the cache',
    {
      agent: 'gcc is needed to build agent.so and is not in PATH',
      programs: new Set(['qemu-system-aarch64', 'aarch64-linux-gnu-gcc']),
    },
    /^gcc is not in PATH, so the library/,
    /^apt install gcc libc6-dev$/,
  ],
  [
    'a cache in which nothing may be run',
    { agent: 'native: exit status 1: agent.ts: the agent cannot be loaded (failed to map segment)' },
    /^the agent does not run: .*failed to map segment/,
    /ask again/,
  ],
  [
    'big.LITTLE',
    { cores: ['0xd03', '0xd03', '0xd08'].map((midr, cpu) => ({ cpu, midr })) },
    /0,1 have MIDR 0xd03, 2 have MIDR 0xd08/,
    /taskset -c 0,1 /,
  ],
]

const qemu: [name: string, has: string[], what: RegExp, todo: RegExp][] = [
  ['no QEMU', ['aarch64-linux-gnu-gcc'], /^qemu-system-aarch64 is not in PATH/, /apt install qemu-system-arm/],
  [
    'no cross compiler',
    ['qemu-system-aarch64'],
    /^aarch64-linux-gnu-gcc is not in PATH/,
    /apt install gcc-aarch64-linux-gnu/,
  ],
]

describe('the doctor', () => {
  it('finds nothing on a healthy machine', () => expect(doctor(healthy)).toEqual([]))

  for (const [name, change, what, todo] of native) {
    it(`finds for native: ${name}`, () => {
      const findings = doctor({ ...healthy, ...change })
      expect(findings).toEqual([
        { target: 'native', what: expect.stringMatching(what), todo: expect.stringMatching(todo) },
      ])
      expect(`${findings[0]!.what}${findings[0]!.todo}`).not.toMatch(/\n|undefined/)
    })
  }

  for (const [name, has, what, todo] of qemu) {
    it(`finds for qemu: ${name}`, () => {
      expect(doctor({ ...healthy, programs: new Set(has) })).toEqual([
        { target: 'qemu', what: expect.stringMatching(what), todo: expect.stringMatching(todo) },
      ])
    })
  }

  it('finds several at once', () => {
    expect(doctor({ ...healthy, ...closed('EPERM'), ffi: 'Cannot find module', programs: new Set() })).toHaveLength(4)
  })

  it('names each target with what to do, or that it is ready', () => {
    const findings = doctor({ ...healthy, ...gone })
    expect(reportOf('native', findings)).toMatch(/^native {2}there is no \/dev\/kvm\nnative {4}what to do: see .*\n$/)
    expect(reportOf('qemu', findings)).toBe('qemu    ready\n')
  })

  it('looks at this machine', () => {
    const machine = thisMachine()
    const { platform, arch } = process
    expect(machine).toMatchObject({ platform, arch, user: { name: expect.stringMatching(/./) } })
    expect(machine.kvm.error ?? 'none').toMatch(/^(none|E[A-Z]+)$/)
  })
})

const board: BoardMachine = { ...healthy, arch: 'aarch64' }
const boards: [name: string, change: Partial<BoardMachine>, what: RegExp, todo: RegExp][] = [
  ['another architecture', { arch: 'armv7l' }, /runs on armv7l/, /64-bit kernel/],
  ['no EL2', { ...gone, log: ['kvm [1]: HYP mode not available'] }, /no EL2.*HYP mode/, /firmware enter/],
  ['Xen', { ...gone, hypervisor: 'xen' }, /under xen/, /boot without xen/],
  ['a kernel without KVM', { ...gone, kvmConfig: 'n' }, /built without KVM/, /CONFIG_KVM=y/],
  [
    'no permission',
    { kvm: { error: 'EACCES' } },
    /^its user may not read and write \/dev\/kvm$/,
    /usermod -aG kvm USER.*chgrp kvm/,
  ],
  ['cores of two kinds', { cores: [...healthy.cores, { cpu: 2, midr: '0x1' }] }, /2 have MIDR 0x1/, /taskset -c 0,1 /],
  ['another hypervisor at work', { createVm: -16 }, /EBUSY/, /stop it/],
]

describe('of a board', () => {
  it.each(boards)('it finds %s', (_name, change, what, todo) => {
    const { user: _, ...rest } = { ...board, ...change }
    const [finding, ...more] = doctorOfBoard(rest)
    expect([finding?.what, finding?.todo, more]).toEqual([expect.stringMatching(what), expect.stringMatching(todo), []])
  })

  it('it finds nothing where all is well', () => {
    expect(doctorOfBoard(board)).toEqual([])
  })

  it('what its agent sees is told, and another kind of target is refused', () => {
    const { status, stdout, stderr } = command('doctor', '--target', 'qemu:6.12')
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: --target qemu:6\.12: it takes a board \(ssh:HOST, .*\n$/)
  })
})

it('a VM is tried through the agent', async (context) => {
  const { kvm, ffi } = thisMachine()
  if (ffi ?? kvm.error) return context.skip(ffi ?? `/dev/kvm cannot be opened: ${kvm.error}`)
  const { createVm, agent } = await tryVm()
  if (agent !== undefined && !thisMachine().programs.has('gcc')) return context.skip(agent)
  expect([agent, createVm]).toEqual([undefined, expect.any(Number)])
  expect(createVm).toBeGreaterThan(2)
})

const bin = fileURLToPath(new URL('../../../harness/bin.js', import.meta.url))
const command = (...words: string[]) => spawnSync(process.execPath, [bin, ...words], { encoding: 'utf8' })

it('doctor prints a report and ends', () => {
  const { status, stdout } = command('doctor')
  expect(stdout).toMatch(/^native {2}.+\n(native .+\n)*qemu {4}.+\n(qemu .+\n)*$/)
  expect(status).toBe(/^native {2}ready|^qemu {4}ready/m.test(stdout) ? 0 : 2)
})

it('native on another architecture is refused in one line', (context) => {
  if (process.arch === 'arm64') return context.skip('this machine is arm64')
  const { status, stdout, stderr } = command('probe', '--target', 'native')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^error: native: this machine is \w+, .*another architecture.*qemu:6\.12.*\n$/)
})
