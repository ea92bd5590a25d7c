/** Values of fields, as a host profile writes them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FIELDS, fieldOf, parseFields, printFields, withField } from '../../../harness/model/field-values.ts'

const value = fc.nat(15)
const values = fc
  .array(fc.tuple(value, fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary: value, weight: 1 })), {
    minLength: 1,
  })
  .map((all) => new Map(all.map(([one, readsAs]) => [one, readsAs ?? one])))
const fields = fc
  .array(fc.tuple(fc.nat(15), values), { minLength: 1 })
  .map((all) => new Map(all.map(([n, some]) => [4 * n, some])))

test('what is printed reads back as it was, and is what a profile may hold', () => {
  fc.assert(
    fc.property(fields, (all) => {
      const text = printFields(all)
      expect(text).toMatch(FIELDS)
      expect(parseFields(text)).toEqual(all)
    }),
  )
})

test.each([
  ['0:0-2 8:05 12:0-6f>0', { 0: [0, 1, 2], 8: [0, 5], 12: [0, 1, 2, 3, 4, 5, 6, 15] }],
  ['60:018-f', { 60: [0, 1, 8, 9, 10, 11, 12, 13, 14, 15] }],
])('%s', (text, taken) => {
  const all = parseFields(text)
  expect(Object.fromEntries([...all].map(([at, some]) => [at, [...some.keys()]]))).toEqual(taken)
  expect(printFields(all)).toBe(text)
})

test('what is cut short, or of other digits, is no set of values', () => {
  for (const text of ['', '0:', '0:g', '0:1-', ':1', '0:1 ', '0:1>']) expect(text).not.toMatch(FIELDS)
})

test('a field is read and replaced where it lies', () => {
  expect(fieldOf(0x1234n, 8)).toBe(2)
  expect(withField(0x1234n, 8, 15)).toBe(0x1f34n)
})
