/** The value of an answer that is a whole struct: `{ exception.serror_pending = 1, exception.serror_esr = 0x5 }`. */
import type { StructLayout } from '../names/index.ts'
import { didYouMean } from '../process/nearest.ts'
import { UserError } from '../process/user-error.ts'
import { quoted } from '../process/visible.ts'
import { setOnce, split, type Shows } from './codec.ts'
import { printNumber, readNumber, unsigned } from './scalar.ts'

/** Shows those fields, which are all there are in the struct; one that is 0 is left out. `what` names it in errors. */
export const showsFields = (
  what: string,
  layout: StructLayout['fields'],
  names: readonly string[],
): Shows<unknown> => ({
  parse(text) {
    const [, inside] = /^\{(.*)\}$/.exec(text) ?? []
    if (inside === undefined)
      throw new UserError(`the answer shows ${what}, as { ${names[0]} = 1 }, not ${quoted(text)}`)
    const values: Record<string, bigint> = {}
    for (const part of split(inside)) {
      const [, name = part, value = ''] = /^([\w.]+) = (.*)$/.exec(part) ?? []
      if (!names.includes(name)) throw new UserError(`${what} has no field ${quoted(name)}${didYouMean(name, names)}`)
      setOnce(values, name, readNumber(value, name, unsigned(8 * layout[name]![1])))
    }
    return Object.entries(values).reduce((all, [name, value]) => all | (value << BigInt(8 * layout[name]![0])), 0n)
  },
  print(value) {
    const parts = names
      .map((name) => {
        const [offset, length] = layout[name]!
        return [name, BigInt.asUintN(8 * length, value >> BigInt(8 * offset))] as const
      })
      .filter(([, part]) => part !== 0n)
    return parts.length === 0 ? '{}' : `{ ${parts.map(([name, part]) => `${name} = ${printNumber(part)}`).join(', ')} }`
  },
})
