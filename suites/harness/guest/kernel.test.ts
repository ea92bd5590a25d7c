/** What is said where a kernel, a program or the network is missing, and what is taken from the cache. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { fetchKernel } from '../../../harness/guest/kernel.ts'
import { skipWithout } from '../skip-without.ts'

const { PATH, XDG_CACHE_HOME } = process.env
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  process.env.XDG_CACHE_HOME = folder
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  process.env.PATH = PATH
  if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME
})

/** Puts a kernel into the cache as a fetch leaves it. */
const cache = (version: string, image = `Image of ${version}`, isAside?: true): string => {
  const home = join(folder, 'kvm-arm64-abi', 'lab', 'kernels', version)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'Image'), image)
  const sum = createHash('sha256').update(`Image of ${version}`).digest('hex')
  writeFileSync(
    join(home, 'manifest.json'),
    JSON.stringify({
      release: `${version}-arm64`,
      packageVersion: version,
      package: 'linux-image',
      deb: '0',
      isAside,
      files: [{ name: 'Image', sha256: sum }],
    }),
  )
  return join(home, 'Image')
}

/** A PATH that holds only the named programs; a program with a script is that script. */
const onlyPrograms = (programs: Record<string, string | undefined>): void => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(programs)) {
    if (script !== undefined) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(bin, name), 0o755)
    } else {
      const real = (PATH ?? '')
        .split(delimiter)
        .map((directory) => join(directory, name))
        .find((path) => existsSync(path))
      symlinkSync(real!, join(bin, name))
    }
  }
  process.env.PATH = bin
}

describe('a kernel by release', () => {
  it('comes from the cache without apt: the newest point release of the branch, or the one that is named', async () => {
    for (const version of ['6.1.9-1', '6.1.176-1', '6.12.94-1', '6.12.107-1']) cache(version)
    onlyPrograms({})
    expect((await fetchKernel('6.1')).packageVersion).toBe('6.1.176-1')
    expect((await fetchKernel('6.12')).packageVersion).toBe('6.12.107-1')
    expect(await fetchKernel('6.12.94')).toEqual({
      image: join(folder, 'kvm-arm64-abi/lab/kernels/6.12.94-1/Image'),
      modules: [],
      release: '6.12.94-1-arm64',
      packageVersion: '6.12.94-1',
    })
  })

  it("stands for its branch only where the branch's own suite has it", async () => {
    cache('6.12.107-1')
    cache('6.12.117-1', undefined, true)
    onlyPrograms({})
    expect((await fetchKernel('6.12')).packageVersion).toBe('6.12.107-1')
    expect((await fetchKernel('6.12.117')).packageVersion).toBe('6.12.117-1')
  })

  it('is looked for in the suite, then in what was published beside it', async (context) => {
    skipWithout(context, 'flock')
    if (!existsSync('/usr/share/keyrings/debian-archive-keyring.gpg'))
      return context.skip('debian-archive-keyring is not installed')
    const has = (suite: string, version: string) => `
      *apt/${suite}/*pkgnames*) echo linux-image-${version}+deb13-arm64; echo linux-image-arm64;;
      *apt/${suite}/*show*) echo "Package: linux-image-${version}+deb13-arm64"; echo "Version: ${version}-1"; echo "Size: 1";;`
    onlyPrograms({
      flock: undefined,
      sh: undefined,
      cat: undefined,
      'apt-get': 'exit 0',
      'dpkg-deb': 'exit 1',
      xz: 'exit 1',
      'apt-cache': `case "$*" in ${has('trixie', '6.12.94')} ${has('trixie-security', '6.12.100')} esac`,
    })
    await expect(fetchKernel('6.12.50')).rejects.toThrow(
      'Debian has no kernel 6.12.50: trixie has 6.12.94; '
        + 'trixie-security has 6.12.100; bookworm-backports has none; other suites have 5.10, 6.1, 6.12',
    )
    const source = (suite: string) => readFileSync(join(folder, 'kvm-arm64-abi/lab/apt', suite, 'sources.list'), 'utf8')
    expect(source('trixie-security')).toContain('http://deb.debian.org/debian-security trixie-security main')
    expect(source('bookworm-backports')).toContain('http://deb.debian.org/debian bookworm-backports main')
  })

  it('is fetched again, and says so, where a file was changed; no older one is taken instead', async (context) => {
    skipWithout(context, 'flock')
    cache('6.12.94-1')
    const home = dirname(cache('6.12.107-1', 'half an Image'))
    onlyPrograms({ flock: undefined, sh: undefined, cat: undefined })
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    await expect(fetchKernel('6.12')).rejects.toThrow('apt-get is needed to fetch the kernel of Debian trixie')
    expect(said.mock.calls).toEqual([
      [`the cache is damaged: ${home}: Image is not what was written there; it is made anew\n`],
    ])
    said.mockRestore()
    expect((await fetchKernel('6.12.94')).packageVersion).toBe('6.12.94-1')
  })

  it('complains in one line on a machine without apt', async (context) => {
    skipWithout(context, 'flock')
    onlyPrograms({ flock: undefined, sh: undefined, cat: undefined })
    await expect(fetchKernel('6.12')).rejects.toThrow(
      'apt-get is needed to fetch the kernel of Debian trixie and is not in PATH; on Debian: apt install apt',
    )
  })

  it('complains in one line without a network', async (context) => {
    skipWithout(context, 'flock')
    const script = 'echo "E: Could not resolve \'deb.debian.org\'" >&2; exit 100'
    onlyPrograms({
      flock: undefined,
      sh: undefined,
      cat: undefined,
      'apt-get': script,
      'apt-cache': script,
      'dpkg-deb': script,
      xz: script,
    })
    const fetched = fetchKernel('6.12')
    await expect(fetched).rejects.toThrow(UserError)
    // On a machine that is not Debian's, the keyring is what is missing.
    await expect(fetched).rejects.toThrow(
      existsSync('/usr/share/keyrings/debian-archive-keyring.gpg')
        ? "cannot fetch the kernel of Debian trixie from deb.debian.org (E: Could not resolve 'deb.debian.org')"
        : 'debian-archive-keyring.gpg is needed to fetch the kernel of Debian trixie',
    )
  })
})
