/** What is left of a process that was killed: nothing that runs, and no file once the next one started. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeLeftBehind } from '../../../harness/process/left-behind.ts'
import { commandAfter, sampleAfter, scratch, typescript } from '../command.ts'

const temporary = new URL('../../../harness/process/temporary.ts', import.meta.url).href

/** The state of a process in /proc, or nothing where it is gone. */
const stateOf = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)![0]
  } catch {
    return undefined
  }
}
const runs = (pid: number): boolean => !['Z', 'X', undefined].includes(stateOf(pid))

/** The children of a process. */
const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((other) => {
      try {
        return Number(readFileSync(`/proc/${other}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[1]) === pid
      } catch {
        return false
      }
    })

/** A process with a folder of its own in `place`, and that folder. */
const owner = async (place: string) => {
  const script = `import { ownFolder } from ${JSON.stringify(temporary)}
    console.log(ownFolder(${JSON.stringify(place)}))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', typescript, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, folder: String(said).trim() }
}

test('a folder is only its owner’s, goes with it, and stays while it lives', async () => {
  const place = scratch()
  const { child, folder } = await owner(place)
  expect(lstatSync(folder).mode & 0o777).toBe(0o700)
  await removeLeftBehind(place)
  expect(existsSync(folder)).toBe(true)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(readdirSync(place)).toEqual([])
})

test('the folder of a process that was killed is removed, and what it started is ended; nothing else is', async (context) => {
  if (!existsSync('/proc/self/stat')) return context.skip('there is no /proc to tell processes apart')
  const place = scratch()
  const { child, folder } = await owner(place)
  const start = (): number => {
    const started = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => {
      started.kill('SIGKILL')
    })
    return started.pid!
  }
  const [left, other] = [start(), start()]
  const began = readFileSync(`/proc/${left}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[19]!
  writeFileSync(join(folder, `child-${left}`), began)
  // A process that got the number of one that is gone.
  writeFileSync(join(folder, `child-${other}`), `${Number(began) - 1}`)
  for (const name of ['kvm-arm64-abi-notour', 'kvm-arm64-abi-test-aaaaaa', 'theirs']) mkdirSync(join(place, name))
  child.kill('SIGKILL')
  await once(child, 'exit')
  await removeLeftBehind(place)
  expect(readdirSync(place)).toEqual(['kvm-arm64-abi-notour', 'kvm-arm64-abi-test-aaaaaa', 'theirs'])
  await expect.poll(() => [runs(left), runs(other)]).toEqual([false, true])
})

test(
  'of a run that is killed no process stays, and no file when the next one has started',
  { timeout: 180_000 },
  async (context) => {
    if (!existsSync('/proc/self/stat')) return context.skip('there is no /proc to find its processes')
    const [reports, place] = [scratch(), scratch()]
    let children: number[] = []
    let timer: NodeJS.Timeout | undefined
    await sampleAfter(`export TMPDIR='${place}'`, reports, ['slow'], (kill, pid) => {
      timer = setInterval(() => {
        if (!readdirSync(reports).some((name) => readPart(join(reports, name)).includes('is-quick'))) return
        clearInterval(timer)
        children = childrenOf(pid)
        kill('SIGKILL')
      }, 50)
    })
    expect(children.length).toBeGreaterThan(0)
    await expect.poll(() => children.filter(runs), { timeout: 60_000 }).toEqual([])
    expect(readdirSync(place)).toEqual([expect.stringMatching(/^kvm-arm64-abi-\w{6}$/)])
    await commandAfter(`export TMPDIR='${place}'`, 'doctor')
    expect(readdirSync(place)).toEqual([])
  },
)

/** What a file has so far; nothing where it is none. */
const readPart = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const shown = `import { useTemporaryFolder } from ${JSON.stringify(temporary)}
  await useTemporaryFolder()
  console.log(process.env.TMPDIR)`

/** Where a process finds a place for its temporary files that is told something first. */
const placeAfter = (told: string) => {
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${told}\nexec "$@"`, 'sh', process.execPath, '--import', typescript, '--input-type=module', '-e', shown],
    { encoding: 'utf8' },
  )
  return { stdout, stderr }
}

test('a temporary folder whose path is too long for sockets, or that is none, is done without', (context) => {
  if (!existsSync('/dev/shm')) return context.skip('there is no /dev/shm to use instead')
  const long = join(scratch(), 'l'.repeat(100))
  mkdirSync(long)
  for (const place of [long, '/dev/null/none']) {
    expect(placeAfter(`export TMPDIR='${place}'`)).toEqual({
      stdout: expect.stringMatching(/^\/dev\/shm\/kvm-arm64-abi-\w{6}\n$/),
      stderr: '',
    })
  }
  expect(readdirSync(long)).toEqual([])
})

test('where there is no place at all, one line says so', (context) => {
  const place = scratch()
  // Its room is less than what a folder must take.
  const told = `mount -t tmpfs -o size=16k none '${place}' && mount -t tmpfs -o ro none /dev/shm || exit 9; export TMPDIR='${place}'`
  const { status, stderr } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', `${told}; exec "$@"`, 'sh', process.execPath, 'harness/bin.js', 'judge', '/no/file'],
    { encoding: 'utf8' },
  )
  if (status === 9 || status === null || /unshare/.test(stderr))
    return context.skip('file systems cannot be mounted here')
  expect(stderr).toBe(
    `error: no temporary files can be made in ${place} (ENOSPC) or /dev/shm (EROFS); let TMPDIR name a folder that can be written\n`,
  )
  expect(status).toBe(2)
})
