/** Host profiles as files: what the probe writes. */
import { readText } from './commands/files.ts'
import { Complaint } from './complaint.ts'
import { checkHost } from './host-schema.ts'
import type { Host } from './host.ts'

/** Reads a host profile. Throws a Complaint for what is unreadable or none. */
export const readHost = (path: string): Host => {
  const text = readText(path)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Complaint(`${path}: not JSON; this wants a host profile as probe writes it`)
  }
  return checkHost(value, path)
}
