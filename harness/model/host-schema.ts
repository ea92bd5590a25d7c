/** Reads a host profile from a file, or says in one line what is wrong with it. */
import * as z from 'zod'
import { readText } from '../process/files.ts'
import { UserError } from '../process/user-error.ts'
import { FIELDS } from './field-values.ts'
import type { Host } from './host.ts'
import { caps, features } from '../names/index.ts'

/** Bytes of the largest profile; those that are recorded have a hundredth. */
const MOST = 16 << 20

const hex = (digits: number) =>
  z
    .string()
    .max(digits)
    .regex(/^[0-9a-f]+$/, 'is no hexadecimal number')
/** Of a register's value: 2048 bits. */
const value = hex(512)
const line = z.string().max(4096)
const count = z.int().nonnegative()
const capNames = z.partialRecord(z.enum(Object.keys(caps)), z.int())
const condition = z
  .string()
  .refine(
    (text) => text.split(' & ').every((part) => Object.hasOwn(features, part.replace(/^!/, ''))),
    'names no feature',
  )

const reg = z.strictObject({
  id: hex(16),
  reset: value.optional(),
  with: condition.optional(),
  write: z.union(
    [
      z.enum(['any', 'same', 'some', 'ignored', 'loose', 'untried']),
      z.strictObject({ keeps: value, sets: value }),
      z.strictObject({ fields: z.string().max(512).regex(FIELDS), isJoint: z.literal(true).optional() }),
    ],
    'is no way to take a write',
  ),
  survives: z.literal(true).optional(),
  shared: z.literal(true).optional(),
  mask: hex(16).optional(),
})

const schema = z.strictObject({
  name: line.min(1),
  about: line.min(1),
  kernel: z.strictObject({
    release: z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'is no kernel release'),
    unameR: line,
    unameV: line,
    machine: line,
    dialect: line.optional(),
  }),
  caps: capNames,
  vmCaps: capNames,
  mmapSize: count,
  preferredTarget: count,
  targets: z.array(count),
  features: z.array(z.enum(Object.keys(features))),
  devices: z.array(count),
  pmus: z.array(count).optional(),
  maxVcpus: count,
  gicv3: z.strictObject({ ctlr: hex(16), typer2: hex(8) }).optional(),
  isProtected: z.literal(true).optional(),
  vls: hex(128),
  isUnordered: z.literal(true).optional(),
  trouble: z.array(z.strictObject({ trace: z.string(), log: z.array(z.string()) })).optional(),
  regs: z.array(reg),
})

/** The profile in `data`, as JSON.parse gives it; `from` names it in the UserError that a damaged one gets. */
export const checkHost = (data: unknown, from: string): Host => {
  const { success, data: host, error } = schema.safeParse(data)
  if (success) return host as Host
  const { path, message } = error.issues[0]!
  throw new UserError(`${from} is no host profile: ${path.join('.') || 'the whole'}: ${message}; record it again`)
}

/** Reads a profile that the probe wrote. Throws a UserError where there is none, or a damaged one. */
export const readHost = (path: string): Host => {
  const text = readText(path, MOST)
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new UserError(`${path} is no host profile: ${(error as Error).message}; record it again`)
  }
  return checkHost(data, path)
}

/**
 * A profile as its file holds it: one register a line, so that two of them can be compared by eye and by diff; in
 * ASCII, whatever the machine calls itself.
 */
export const printHost = ({ regs, ...rest }: Host): string => {
  const head = JSON.stringify(rest, undefined, 2)
    .replace(/\n}$/, '')
    .replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)
  return `${head},\n  "regs": [\n${regs.map((r) => `    ${JSON.stringify(r)}`).join(',\n')}\n  ]\n}\n`.replace(
    /[\x7f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
