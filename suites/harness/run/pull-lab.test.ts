/** A lab that pulls its jobs: what it plays, and what it hands in. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Lab, pollOnce } from '../../../harness/run/pull-lab.ts'
import { kernelciCallback } from '../../../reports/formats/kernelci.ts'
import { readResults } from '../../../reports/run/results.ts'
import { command, commandAfter, scratch } from '../command.ts'
import { outcomes, run } from '../reports/sample-run.ts'
import { offer, serve, type Server } from './kernelci-server.ts'

const labOf = (server: Server, target = 'qemu:IMAGE', folder = scratch()): Lab => ({
  api: `${server.url}/latest`,
  runtime: 'pull-abi',
  platforms: [],
  target,
  folder,
  token: 'secret',
  configs: { api: 'staging', storage: 'kci-storage' },
})

/** Polls once; gives the lines. */
const poll = async (lab: Lab): Promise<string[]> => {
  const said: string[] = []
  await pollOnce(lab, (line) => said.push(line))
  return said
}

const posts = (server: Server) => server.posted.map(({ url }) => url)

test('a job is played, and what is handed in is its results.json, in both forms', async () => {
  const server = await serve()
  const lab = labOf(server, 'mock')
  offer(server, 'a1')
  expect(await poll(lab)).toEqual(['a1: handed in'])
  const [{ url, token, body } = expect.fail()] = server.posted
  expect([url, token]).toEqual(['/node/a1', 'secret'])
  const { tests, tally } = readResults(join(lab.folder, 'a1/reports'))
  expect(body.summary).toEqual({
    total: tests.length,
    passed: tally.passed,
    failed: 0,
    skipped: tally.skipped,
    errors: 0,
  })
  expect(body.tests['kvm-arm64-abi']).toMatchObject({ status: 'pass' })
  const ids = tests.map(({ id }) => id).toSorted()
  expect(Object.keys(body.tests['kvm-arm64-abi']!.subtests).toSorted()).toEqual(ids)
  expect([body.status, body.error_code]).toEqual([2, undefined])
  const cases = JSON.parse(body.results['0_kvm-arm64-abi']!) as { name: string; result: string }[]
  expect(cases.map(({ name }) => name).toSorted()).toEqual(ids)
  expect(cases.filter(({ result }) => result === 'pass').length).toBe(tally.passed)
  expect(body.artifacts.log).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n/)
  expect(existsSync(join(lab.folder, 'a1/Image'))).toBe(false)
  expect([await poll(lab), posts(server)]).toEqual([[], ['/node/a1']])
})

test('each verdict has its result; a kernel that was convicted stays so, what else is broken is no success', () => {
  const job = { test: 'abi', system: 'lab', configs: { api: 'staging', storage: 'kci-storage' } }
  const told = (played: typeof outcomes, broken?: string) =>
    kernelciCallback(job, {
      played: { run, outcomes: played, unplayed: ['ordered_run'] },
      log: '\u001b',
      ...(broken !== undefined && { broken }),
    })
  const body = told(outcomes, 'lost')
  const results = Object.values(body.tests.abi!.subtests).map(({ status }) => status)
  expect(results).toEqual(['error', 'pass', 'pass', 'fail', 'skip', 'skip', 'error'])
  expect(body).toMatchObject({
    tests: { abi: { status: 'fail' } },
    status: 2,
    summary: { total: 7, failed: 1, errors: 2 },
  })
  expect(body.error_code).toBeUndefined()
  const broken = told(outcomes.slice(0, 3), 'lost')
  expect(broken).toMatchObject({ tests: { abi: { status: 'error' } }, status: 3, error_msg: 'lost' })
  expect(JSON.parse(broken.results.lava!)).toMatchObject([{ name: 'job' }, { name: '0_abi', result: 'incomplete' }])
})

test('what is no kernel, not the one that was meant, or not for arm64 is no verdict', async () => {
  const server = await serve()
  offer(server, 'b1')
  offer(server, 'b2', { job: { integrity: { sha256: { kernel: 'f00' } } } })
  offer(server, 'b3', { job: { environment: { arch: 'riscv' } } })
  const lab = labOf(server)
  expect(await poll(lab)).toEqual(['b1: handed in', 'b2: handed in', 'b3: handed in'])
  for (const [i, why] of [
    /Image is .*no kernel/s,
    /its SHA-256 is not the one/,
    /for riscv, not for arm64/,
  ].entries()) {
    const { body } = server.posted[i]!
    expect(body).toMatchObject({ error_code: 'Infrastructure', status: 3, summary: { total: 0 } })
    expect(body.error_msg).toMatch(i === 0 ? /b1\/Image/ : why)
    expect(JSON.parse(body.results.lava!)).toMatchObject([{ metadata: { error_type: 'Infrastructure' } }, {}])
  }
})

test('other labs, other platforms, other tests, jobs for LAVA, and what is done already are left alone', async () => {
  const server = await serve()
  offer(server, 'c1', { runtime: 'another' })
  offer(server, 'c2', { ext: 'yaml' })
  offer(server, 'c3', { job: { tests: [{ id: 'ltp', type: 'ltp' }] } })
  offer(server, 'c4')
  server.states.c4 = 'done'
  offer(server, 'c5', { job: { callback: undefined } })
  const { timestamp } = server.events.at(-1) as { timestamp: string }
  server.events.push({ timestamp, node: { id: '../etc' } })
  const lab = labOf(server)
  expect(await poll(lab)).toEqual([
    'c3: none of its tests is of the type kvm-arm64-abi',
    expect.stringMatching(/c5\.json: no job definition of a pull-lab: callback: /),
  ])
  offer(server, 'c6')
  expect(await poll({ ...lab, platforms: ['bcm2711-rpi-4-b'] })).toEqual([])
  expect(posts(server)).toEqual([])
})

test('what cannot be handed in is handed in at the next poll, not played again; a refusal is told', async () => {
  const server = await serve()
  offer(server, 'd1')
  offer(server, 'd2')
  const lab = labOf(server)
  server.answers.push(503, 202, 401)
  await expect(poll(lab)).rejects.toThrow(/\/node\/d1: the server says 503$/)
  expect(await poll(lab)).toEqual(['d1: handed in', expect.stringMatching(/^d2: refused: .* the server says 401$/)])
  expect(server.asked.filter((one) => one === 'GET /Image').length).toBe(2)
  expect(await poll(lab)).toEqual([])
})

test('what was there before the first poll is not played; a server that is away is told', async () => {
  const server = await serve()
  offer(server, 'e1')
  ;(server.events[0] as { timestamp: string }).timestamp = '2020-01-01T00:00:00.000000'
  const lab = labOf(server)
  expect(await poll(lab)).toEqual([])
  writeFileSync(join(lab.folder, 'since'), '1970-01-01T00:00:00.000000')
  expect(await poll(lab)).toEqual(['e1: handed in'])
  await expect(poll({ ...lab, api: 'http://nowhere.invalid/latest' })).rejects.toThrow(/^http:\/\/nowhere.*getaddrinfo/)
  await expect(poll({ ...lab, api: `${server.url}/else` })).rejects.toThrow(/: the server says 404$/)
})

test('the command polls once, and needs a token', async () => {
  const server = await serve()
  const folder = scratch()
  const args = ['pull-lab', '--api', `${server.url}/latest/`, '--runtime', 'pull-abi', '--folder', folder, '--once']
  expect(await command(...args)).toEqual({
    code: 2,
    out: '',
    err: "error: KERNELCI_CALLBACK_TOKEN is not set; it is the token of this lab's callbacks, from KernelCI\n",
  })
  offer(server, 'f1', { job: { environment: { arch: 'riscv' } } })
  const token = 'export KERNELCI_CALLBACK_TOKEN=secret'
  expect(await commandAfter(token, ...args)).toEqual({ code: 0, out: 'f1: handed in\n', err: '' })
  expect(server.posted).toMatchObject([{ token: 'secret', body: { metadata: { system: 'pull-abi-qemu-arm64' } } }])
  const away = await commandAfter(token, ...args.toSpliced(2, 1, `${server.url}/else`))
  expect(away).toMatchObject({ code: 2, err: expect.stringMatching(/^error: http:.* the server says 404\n$/) })
})
