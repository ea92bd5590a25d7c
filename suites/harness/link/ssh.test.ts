/** An agent is copied to a board through ssh and leaves nothing there; where ssh fails, one line says what to do. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildAgent } from '../../../harness/guest/agent-binary.ts'
import { openSsh } from '../../../harness/link/ssh.ts'
import { UserError } from '../../../harness/process/user-error.ts'

const anything = fileURLToPath(import.meta.url)

describe('ssh', () => {
  const { PATH, TMPDIR } = process.env
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
    mkdirSync(join(folder, 'tmp'))
    Object.assign(process.env, { PATH: `${folder}:${PATH}`, TMPDIR: join(folder, 'tmp') })
  })
  afterEach(() => {
    process.env.PATH = PATH
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    rmSync(folder, { recursive: true })
  })

  /** In place of ssh(1): keeps what it was given, and runs its last word as sshd does, by a shell. */
  const install = (shell: string): void =>
    writeFileSync(
      join(folder, 'ssh'),
      `#!/bin/sh\nprintf '%s\\n' "$@" >'${folder}/given'\nfor last; do :; done\n${shell}\n`,
      { mode: 0o755 },
    )

  it('copies the agent, and leaves nothing there', async (context) => {
    const agent = await buildAgent('host').catch((error: Error) => context.skip(error.message))
    install('exec sh -c "$last"')
    const link = await openSsh('root@board', agent)
    expect((await link.play('c,0', 1000)).answers).toEqual([{ ret: -9, data: [] }])
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    await link.close()
    const given = readFileSync(join(folder, 'given'), 'utf8')
    expect(given).toContain('-oBatchMode=yes\n')
    expect(given).toMatch(/\nroot@board\nexec sh -c '[^']+'\n$/)
  })

  it('takes a port as in a URL', async () => {
    install('exit 255')
    await expect(openSsh('//root@board:2222', anything)).rejects.toThrow(/^ssh:\/\/root@board:2222: exit status 255$/)
    expect(readFileSync(join(folder, 'given'), 'utf8')).toContain('\nssh://root@board:2222\n')
  })

  it.each([
    ['Host key verification failed.', 'log in once by hand, ssh root@board, and look at the host key that it shows'],
    [
      'root@board: Permission denied (publickey,password).',
      'ssh root@board has to log in without a question: ssh-copy-id gives the board your key, ssh-add unlocks one that has a passphrase',
    ],
    [
      'ssh: Could not resolve hostname root@board:2222: Name or service not known',
      'a port is written so: --target ssh://root@board, or it is in ~/.ssh/config',
    ],
    [
      'sh: 1: exec: /proc/self/fd/3: Permission denied',
      "its temporary folder runs no programs (noexec): copy the agent elsewhere, and take --target 'exec:ssh root@board /where/it/is/agent'",
    ],
    ['sh: 1: exec: /proc/self/fd/3: Exec format error', 'the agent is for arm64: the board needs a 64-bit kernel'],
  ])('that says %j is answered by what to do', async (said, todo) => {
    install(`echo >&2 '${said}'; exit 255`)
    const failure = await openSsh('root@board', anything).catch((error: Error) => error)
    expect(failure).toBeInstanceOf(UserError)
    expect((failure as Error).message).toBe(
      `ssh:root@board: exit status 255, after saying: ${said}; what to do: ${todo}`,
    )
  })
})
