/**
 * A server that speaks KernelCI's interface as a lab uses it that pulls its jobs: events, nodes, definitions, callback.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { sha256 } from '../../../harness/guest/cache.ts'
import type { kernelciCallback } from '../../../reports/formats/kernelci.ts'

type Body = ReturnType<typeof kernelciCallback>

/** What the server has, and what it was asked. */
export interface Server {
  url: string
  /** Of the kernel. */
  sum: string
  events: unknown[]
  jobs: Record<string, unknown>
  states: Record<string, string>
  /** How the next callbacks are answered; then 202. */
  answers: number[]
  asked: string[]
  posted: { url: string; token: string | undefined; body: Body }[]
}

const KERNEL = Buffer.from('no kernel')

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text
}

/** Starts one, which has that kernel, and ends with the test. */
export const serve = async (kernel: Uint8Array = KERNEL): Promise<Server> => {
  const server: Server = {
    url: '',
    sum: sha256(kernel),
    events: [],
    jobs: {},
    states: {},
    answers: [],
    asked: [],
    posted: [],
  }
  const http = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url!, server.url)
      server.asked.push(`${request.method} ${pathname}`)
      const last = pathname.split('/').at(-1)!
      if (request.method === 'POST') {
        const body = JSON.parse(await bodyOf(request)) as Body
        server.posted.push({ url: pathname, token: request.headers.authorization, body })
        response.writeHead(server.answers.shift() ?? 202).end()
      } else if (pathname === '/latest/events') {
        const query = ['state', 'kind', 'recursive'].map((name) => searchParams.get(name))
        const known = query.join() === 'available,job,true'
        const since = searchParams.get('from')!
        const fresh = server.events.filter((event) => (event as { timestamp: string }).timestamp > since)
        response.end(JSON.stringify(known ? fresh : []))
      } else if (pathname === '/Image') response.end(kernel)
      else if (pathname.startsWith('/latest/node/'))
        response.end(JSON.stringify({ id: last, state: server.states[last] }))
      else if (server.jobs[last]) response.end(JSON.stringify(server.jobs[last]))
      else response.writeHead(404).end()
    })()
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void http.close())
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return server
}

let clock = 0

/** Has the server offer a job. */
export const offer = (
  server: Server,
  node: string,
  { runtime = 'pull-abi', job = {}, ext = 'json', data = {} } = {},
): void => {
  server.states[node] = 'available'
  const told = { runtime, platform: 'qemu-arm64' }
  const artifacts = { job_definition: `${server.url}/jobs/${node}.${ext}` }
  const timestamp = new Date(Date.now() + ++clock * 1000).toISOString().replace('Z', '000')
  server.events.push({ timestamp, node: { id: node, artifacts, data: told, ...data }, data: { data: told } })
  server.jobs[`${node}.${ext}`] = {
    artifacts: { kernel: `${server.url}/Image`, modules: `${server.url}/modules.tar.xz` },
    tests: [{ id: 'kvm-arm64-abi', type: 'kvm-arm64-abi', depends: [], timeout_s: 600, 'pre-commands': [] }],
    environment: { platform: 'qemu-arm64', arch: 'arm64', console: { method: 'serial', baud: 115200 } },
    callback: { url: `${server.url}/node/${node}`, token_name: 'kernelci-pull-abi' },
    integrity: { sha256: { kernel: server.sum } },
    ...job,
  }
}
