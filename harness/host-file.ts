/** Host profiles as files: what the probe writes, checked when read. */
import { z } from 'zod'
import { readText } from './commands/files.ts'
import { Complaint } from './complaint.ts'
import type { Host } from './host.ts'

const hex = z.string().regex(/^(0x)?[0-9a-f]+$/, 'not a hexadecimal number')
const number = z.number().int()

const shape = z.looseObject({
  name: z.string().min(1), about: z.string(),
  kernel: z.looseObject({ release: z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'not a kernel release'), unameR: z.string(), unameV: z.string(), machine: z.string() }),
  caps: z.record(z.string(), number), vmCaps: z.record(z.string(), number),
  mmapSize: number, preferredTarget: number, targets: z.array(number), features: z.array(z.string()), devices: z.array(number),
  maxVcpus: number, vls: hex, regs: z.array(z.looseObject({ id: hex })),
})

/** Checks that a value has the shape of a host profile. Throws a Complaint that begins with `from`. */
export const asHost = (value: unknown, from: string): Host => {
  const { success, error } = shape.safeParse(value)
  if (success) return value as Host
  const { path, message } = error.issues[0]!
  throw new Complaint(`${from}: not a host profile: ${[...path, message].join(': ')}`)
}

/** Reads a host profile. Throws a Complaint for what is unreadable or none. */
export const readHost = (path: string): Host => {
  const text = readText(path)
  try {
    return asHost(JSON.parse(text), path)
  } catch (error) {
    throw error instanceof SyntaxError ? new Complaint(`${path}: not JSON; this wants a host profile as probe writes it`) : error
  }
}
