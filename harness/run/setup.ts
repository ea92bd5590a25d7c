/**
 * For vitest started by itself. Before the first test: opens the target, records its host, shares its agents with the
 * test processes; after the last: ends them. A run of ours has done so already.
 */
import type { TestProject } from 'vitest/node'
import { openTarget } from './open-target.ts'
import { exportSettings, settings } from '../model/settings.ts'

export default async (project: TestProject): Promise<(() => Promise<void>) | undefined> => {
  if (project.getProvidedContext().host !== undefined) return undefined
  const asked = settings()
  const { host, socket, close } = await openTarget(asked.target)
  exportSettings({ ...asked, ...(socket && { socket }) })
  project.provide('host', host)
  return close
}

declare module 'vitest' {
  interface ProvidedContext {
    host: import('../model/host.ts').Host
  }
}
