/** Agents on a board that is reached by ssh, as the user's own ssh knows it. */
import { readFileSync } from 'node:fs'
import { UserError } from '../process/user-error.ts'
import type { AgentLink } from './agent-link.ts'
import { openCommand } from './exec.ts'

/** What to do about what ssh, or the board's shell, said last. */
const remedies: [said: RegExp, todo: (host: string) => string][] = [
  [
    /Host key verification failed/,
    (host) => `log in once by hand, ssh ${host}, and look at the host key that it shows`,
  ],
  [
    /Permission denied \(/,
    (host) =>
      `ssh ${host} has to log in without a question: ssh-copy-id gives the board your key, ssh-add unlocks one that has a `
      + 'passphrase',
  ],
  [
    /Could not resolve hostname \S*:\d+/,
    (host) => `a port is written so: --target ssh://${host}, or it is in ~/.ssh/config`,
  ],
  [
    /\/proc\/self\/fd\/3: .*denied/,
    (host) =>
      "its temporary folder runs no programs (noexec): copy the agent elsewhere, and take --target 'exec:ssh "
      + `${host} /where/it/is/agent'`,
  ],
  [/Exec format error/, () => 'the agent is for arm64: the board needs a 64-bit kernel'],
]

/** What ssh calls the host: `//HOST:PORT` is the rest of a URL. */
const destination = (host: string): string => (host.startsWith('//') ? `ssh:${host}` : host)

/**
 * Copies the static agent `binary` to a host through ssh and runs it there, in one connection. The host needs a POSIX
 * sh, mktemp, head and /proc; nothing is left behind. Rejects with a UserError that says what to do where ssh cannot
 * reach it.
 */
export const openSsh = async (host: string, binary: string): Promise<AgentLink> => {
  const bytes = readFileSync(binary)
  // Run through a descriptor, the file can be gone before the agent starts.
  const script =
    'f=$(mktemp "${TMPDIR:-/tmp}/kvm-arm64-abi.XXXXXX") && '
    + `head -c ${bytes.length} >"$f" && chmod 700 "$f" && exec 3<"$f" && rm "$f" && echo ready && exec /proc/self/fd/3`
  const settings = ['BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=3']
  const argv = ['ssh', '-T', ...settings.map((setting) => `-o${setting}`), destination(host)]
  // What the user's shell is there nobody knows: csh and fish read the script otherwise.
  return openCommand(`ssh:${host}`, [...argv, `exec sh -c '${script}'`], { prelude: bytes }).catch((error: Error) => {
    const todo = remedies.find(([said]) => said.test(error.message))?.[1](destination(host))
    throw todo === undefined ? error : new UserError(`${error.message}; what to do: ${todo}`)
  })
}
