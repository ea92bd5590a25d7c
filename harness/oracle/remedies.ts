/** What would have been granted instead of a call that is refused: with another argument, or after another call. */
import fc from 'fast-check'
import { ioctlsOf } from '../dialects/index.ts'
import { makes, sortOf, vmOf, type Answer, type Call } from '../model/call.ts'
import { split } from '../model/codec.ts'
import { boot, type RuledWorld } from '../table/rules.ts'
import { expected, type Allowed } from './oracle.ts'
import { turns } from './turns.ts'

/** What was called before, and how it was answered, on the kernel of this world. */
export interface Past {
  calls: readonly Call[]
  answers: readonly Answer[]
}

/** The world after these calls. */
export const worldAfter = ({ host, release }: Pick<RuledWorld, 'host' | 'release'>, past: Past): RuledWorld => {
  const world = boot(host, release)
  for (const _ of turns(world, past.calls, past.answers));
  return world
}

const isGranted = (world: RuledWorld, call: Call): boolean => {
  const { errno, isGuess } = expected(world, call)
  return errno === undefined && !isGuess
}

/** The number that the ioctl's counterpart reads there now: a value that may be written back. */
const presentValue = (world: RuledWorld, { on, ioctl, arg }: Call): bigint | undefined => {
  const reader = ioctlsOf(world.host).find(({ name }) => name === ioctl.name.replace('_SET_', '_GET_'))
  if (!reader || reader === ioctl) return undefined
  const sort = sortOf(on)
  const subject = split(ioctl.takes.print(arg, sort)).filter((part) => !part.startsWith('&'))
  try {
    return expected(world, { on, ioctl: reader, arg: reader.takes.parse(subject.join(', '), sort) }).value
  } catch {
    return undefined
  }
}

/** Numbers that are tried in each field, besides those that have a name. */
const PLAIN = [0n, 1n, 2n, 3n, 4n, 64n, 0x1000n, 0x10000n]

/** Fields that say what a call is about. */
const SUBJECTS = ['id', 'the id', 'group', 'attr']

/** The call with one number changed so that it is granted, the first that is found for each field. */
export const otherArguments = (world: RuledWorld, call: Call): Call[] => {
  const present = presentValue(world, call)
  const fields = call.ioctl.takes.fields(sortOf(call.on))
  // Another register or attribute would be another call.
  const others = fields.filter(({ name }) => !SUBJECTS.includes(name))
  return others.flatMap((field) => {
    const { min, max } = field.range(call.arg)
    const tried = [...(present === undefined ? [] : [present]), ...field.named(call.arg), ...PLAIN]
    for (const value of tried) {
      if (value < min || value > max || value === field.get(call.arg)) continue
      const arg = field.set(call.arg, value)
      if (arg !== undefined && isGranted(world, { ...call, arg })) return [{ ...call, arg }]
    }
    return []
  })
}

/** How many arguments of each ioctl are tried; always the same ones. */
const DRAWN = 40
const SEED = 1

/** Descriptors that a call before could be made on: the same, and its VM. */
const placesOf = (world: RuledWorld, { on }: Call): string[] =>
  [on, ...(on === 'kvm' ? [] : [vmOf(on)])].filter(
    (name, i, all) => world.descriptors.has(name) && all.indexOf(name) === i,
  )

/** A call that was made before, and what the refused one is then answered. */
export interface Before {
  call: Call
  then: Allowed
}

/** What the table answers once `one` was granted before; undefined where the same rule still refuses, or an earlier. */
const afterwards = (world: RuledWorld, past: Past, one: Call, call: Call): Allowed | undefined => {
  const { refuses } = world.rules.get(call.ioctl)!
  const place = (answer: Allowed) => (answer.refusal ? refuses.indexOf(answer.refusal) : refuses.length)
  const changed = worldAfter(world, { calls: [...past.calls, one], answers: [...past.answers, { ret: 0 }] })
  const then = expected(changed, call)
  return !then.isGuess && place(then) > place(expected(world, call)) ? then : undefined
}

/**
 * Calls of which each alone, made before, gets the call past the rule that refuses it: one for each ioctl, the shortest
 * that was drawn; first those after which it is granted.
 */
export const callsBefore = (world: RuledWorld, past: Past, call: Call): Before[] => {
  const found: Before[] = []
  for (const ioctl of ioctlsOf(world.host))
    for (const on of placesOf(world, call)) {
      if (!ioctl.on.some((kind) => kind === world.descriptors.get(on)!.kind)) continue
      const sort = sortOf(on)
      const drawn = fc
        .sample(ioctl.takes.any(sort), { numRuns: DRAWN, seed: SEED })
        .map((arg) => ({ one: { on, ioctl, arg } as Call, length: ioctl.takes.print(arg, sort).length }))
        .toSorted((a, b) => a.length - b.length)
      for (const { one } of drawn) {
        const made = makes(one)
        if ((made !== undefined && world.descriptors.has(made)) || !isGranted(world, one)) continue
        const then = afterwards(world, past, one, call)
        if (!then) continue
        found.push({ call: one, then })
        break
      }
    }
  return found.toSorted((a, b) => Number(a.then.errno !== undefined) - Number(b.then.errno !== undefined))
}
