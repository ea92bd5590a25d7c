/**
 * What is said in few bytes to a UART is, written out, what was to be said; a small share of it where calls are alike.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shrink } from '../../../harness/link/shrink.ts'

/** As harness/agent/PROTOCOL.md says it; real-agents.test.ts tries the agent's own. */
const expand = (text: string): string => {
  let whole = ''
  for (const [, length, back, plain] of text.matchAll(/~([0-9a-f]{1,5}),([0-9a-f]{1,5});|([^~])/g)) {
    if (plain !== undefined) whole += plain
    else for (let i = parseInt(length!, 16); i > 0; i--) whole += whole.at(-parseInt(back!, 16))!
  }
  return whole
}

const word = fc.constantFrom(
  'i,3,4010aeab,@d:0',
  'w,d:0,0000000000000000',
  'p,d:8,@d:10',
  'x,d:10,8',
  'c,0',
  'x,d:10,80',
)

describe('a line for a UART', () => {
  it('is written out again as it was, and is never longer', () => {
    const ops = fc.array(fc.oneof(word, fc.string({ unit: fc.constantFrom(...'0f,:') })), { maxLength: 60 })
    fc.assert(
      fc.property(ops, (words) => {
        const text = words.join(' ')
        const shrunk = shrink(text)
        expect(expand(shrunk)).toBe(text)
        expect(shrunk.length).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  it('says of what comes again where it stood', () => {
    expect(shrink(' 1000 w,d:0,0000000000000000 x,d:0,8 w,d:0,0000000000000001')).toBe(
      ' 1000 w,d:0,0~f,1; x,d:0,8~16,1f;1',
    )
  })

  it('has a quarter of the bytes where a list asks for one register after the other', () => {
    const ops = Array.from(
      { length: 300 },
      (_, i) => `w,d:0,${(i * 40_503).toString(16).padStart(8, '0')}00003060 p,d:8,@d:10 i,3,4010aeab,@d:0 x,d:10,8`,
    ).join(' ')
    expect(shrink(ops).length).toBeLessThan(ops.length / 4)
  })
})
