/** Before the first test: opens the target, records its host, shares its agents with the test processes. After the last: ends them. */
import type { TestProject } from 'vitest/node'
import { openTarget, type Opened } from './open-target.ts'
import { hand, settings } from './settings.ts'

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const asked = settings()
  let opened: Opened
  opened = await openTarget(asked.target)
  hand({ ...asked, ...(opened.socket && { socket: opened.socket }) })
  provide('host', opened.host)
  return opened.close
}

declare module 'vitest' {
  interface ProvidedContext { host: import('./host.ts').Host }
}
