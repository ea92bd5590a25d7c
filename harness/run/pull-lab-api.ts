/** KernelCI's API as a lab that pulls its jobs uses it: events, nodes, job definitions, kernels, and the callback. */
import { z } from 'zod'
import { sha256 } from '../guest/cache.ts'
import { UserError } from '../process/user-error.ts'

const PATIENCE_MS = 60_000

/** Who the job is for stands in the node, or, as KernelCI's examples read it, beside it. */
const assigned = z.object({ runtime: z.string().nullish(), platform: z.string().nullish() }).nullish()

const Event = z.object({
  timestamp: z.string(),
  node: z.object({
    id: z.string().regex(/^\w+$/),
    artifacts: z.object({ job_definition: z.string().nullish() }).nullish(),
    data: assigned,
  }),
  data: z.object({ data: assigned }).nullish(),
})

const Job = z.object({
  artifacts: z.object({ kernel: z.url() }),
  tests: z.array(z.object({ id: z.string(), type: z.string(), timeout_s: z.number().positive().optional() })),
  environment: z.object({ arch: z.string().optional(), platform: z.string().optional() }).optional(),
  callback: z.object({ url: z.url() }),
  integrity: z.object({ sha256: z.record(z.string(), z.string()) }).optional(),
})
export type Job = z.infer<typeof Job>

/** A job that waits for a lab. */
export interface Waiting {
  node: string
  timestamp: string
  definition: string
  runtime: string
  platform: string
}

/** What was wrong with a server, or the way to it: it may be better the next time. */
export class Unreachable extends Error {}

const ask = async (url: string, init: RequestInit = {}): Promise<Response> => {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error }
    throw new Unreachable(`${url}: ${cause?.message || message}`)
  }
}

const get = async (url: string): Promise<Response> => {
  const response = await ask(url)
  if (!response.ok) throw new Unreachable(`${url}: the server says ${response.status}`)
  return response
}

const getJson = async (url: string): Promise<unknown> => {
  const text = await (await get(url)).text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Unreachable(`${url}: what the server says is no JSON`)
  }
}

/** The jobs that became available since that time, and the time of the last event. */
export const waitingSince = async (api: string, since: string): Promise<{ jobs: Waiting[]; last: string }> => {
  const query = new URLSearchParams({ state: 'available', kind: 'job', limit: '1000', recursive: 'true', from: since })
  const events = await getJson(`${api}/events?${query}`)
  const jobs = (Array.isArray(events) ? events : []).flatMap((one): Waiting[] => {
    const { success, data: event } = Event.safeParse(one)
    const definition = success ? event.node.artifacts?.job_definition : undefined
    // What ends in .yaml is for labs with a LAVA.
    if (!success || !definition || !/^https?:.*\.json$/.test(definition)) return []
    const [of, beside] = [event.node.data, event.data?.data]
    const told = (name: 'runtime' | 'platform') => of?.[name] ?? beside?.[name] ?? ''
    const { timestamp, node } = event
    return [{ node: node.id, timestamp, definition, runtime: told('runtime'), platform: told('platform') }]
  })
  const times = (Array.isArray(events) ? events : []).map((one) => (one as { timestamp?: unknown } | null)?.timestamp)
  const last = times.findLast((time) => typeof time === 'string') ?? since
  return { jobs, last }
}

/** Whether the job waits still, or somebody is done with it. */
export const isAvailable = async (api: string, node: string): Promise<boolean> => {
  const { state } = (await getJson(`${api}/node/${node}`)) as { state?: unknown }
  return state === 'available'
}

/** What is to be done. Throws a UserError where the definition is none. */
export const jobAt = async (url: string): Promise<Job> => {
  const { success, data, error } = Job.safeParse(await getJson(url))
  if (success) return data
  const [issue] = error.issues
  throw new UserError(`${url}: no job definition of a pull-lab: ${issue!.path.join('.')}: ${issue!.message}`)
}

/** The kernel. Throws a UserError where it is not the one that the job says. */
export const kernelOf = async ({ artifacts, integrity }: Job): Promise<Uint8Array> => {
  const bytes = new Uint8Array(await (await get(artifacts.kernel)).arrayBuffer())
  const sum = integrity?.sha256.kernel
  if (sum !== undefined && sum !== sha256(bytes))
    throw new UserError(`${artifacts.kernel}: its SHA-256 is not the one that the job definition says`)
  return bytes
}

/** Hands in what came of it; gives the server's refusal, if it is one. */
export const handIn = async (url: string, token: string, body: string): Promise<string | undefined> => {
  // A redirection would lead the token elsewhere.
  const headers = { Authorization: token, 'Content-Type': 'application/json' }
  const { status } = await ask(url, { method: 'POST', headers, body, redirect: 'manual' })
  if (status >= 500) throw new Unreachable(`${url}: the server says ${status}`)
  return status >= 300 || status === 0 ? `${url}: the server says ${status}` : undefined
}
