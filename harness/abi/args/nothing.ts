/** Of a system call that takes nothing but the descriptor. */
import fc from 'fast-check'
import type { Codec } from '../../model/codec.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

/** `name`: of the call, as its complaint has it. */
export const nothing = (name: string): Codec<object> => ({
  parse(text) {
    if (text !== '') throw new UserError(`${name} takes no argument, so that ${quoted(text)} has no place`)
    return {}
  },
  print: () => '',
  any: () => fc.constant({}),
  fields: () => [],
  pack: () => ({ before: '', arg: '', after: '' }),
})
