/** Every rule is found in the source, so that a failure can name its place. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { everyCall } from '../../../harness/abi/every-call.ts'
import { abi } from '../../../harness/abi/index.ts'
import { root } from '../../../harness/process/root.ts'
import { placeOfAllowed, rulePlace } from '../../../harness/table/rule-place.ts'

const lineAt = (place: string): string => {
  const [file, line] = place.split(':')
  return readFileSync(join(root, file!), 'utf8').split('\n')[Number(line) - 1]!
}

const refusals = abi.flatMap((ioctl) => [...everyCall(ioctl, true), ...ioctl.refuses].map((rule) => ({ ioctl, rule })))

test('each rule has a line with its words, and each ioctl one with its name', () => {
  const lost = refusals.filter(({ ioctl, rule: { why, says } }) => {
    const line = lineAt(rulePlace(ioctl.name, { why, says })!)
    return !line.includes(why) && !line.includes(says.split(' ').slice(0, 2).join(' '))
  })
  expect(lost.map(({ ioctl, rule }) => `${ioctl.name}/${rule.why}`)).toEqual([])
  expect(abi.filter(({ name }) => !lineAt(rulePlace(name)!).includes(`'${name}'`))).toEqual([])
})

test('of rows that have one reason in common it is that with the sentence of the rule', () => {
  const { refuses } = abi.find(({ name }) => name === 'KVM_CREATE_VCPU')!
  const placesOf = (key: 'why' | 'says') =>
    new Map(refuses.map((rule) => [rule[key], rulePlace('KVM_CREATE_VCPU', rule)]))
  expect(placesOf('why').size).toBeLessThan(placesOf('says').size)
  expect(new Set(placesOf('says').values()).size).toBe(placesOf('says').size)
})

test('is found by what a report says was allowed', () => {
  expect(lineAt(placeOfAllowed('KVM_RUN', '-EPERM (too early): A vcpu … [api.rst 4.10]')!)).toContain("'too early'")
  expect(lineAt(placeOfAllowed('KVM_RUN', 'ok = KVM_EXIT_MMIO')!)).toContain("ioctl('KVM_RUN'")
  expect(rulePlace('KVM_NO_SUCH_IOCTL')).toBeUndefined()
})
