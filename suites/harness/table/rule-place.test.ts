/** Every rule is found in the source, so that a failure can name its place. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../../harness/process/root.ts'
import { placeOfAllowed, rulePlace } from '../../../harness/table/rule-place.ts'
import { rows } from '../../../harness/table/rows.ts'

const lineAt = (place: string): string => {
  const [file, line] = place.split(':')
  return readFileSync(join(root, file!), 'utf8').split('\n')[Number(line) - 1]!
}

test('the line of each rule has its words, and of each grant its ioctl', () => {
  const lost = rows.filter(({ ioctl, why }) => {
    const own = ioctl === 'every call' ? 'KVM_RUN' : ioctl
    const place = rulePlace(own, why === 'ok' ? undefined : why)
    return place === undefined || !lineAt(place).includes(why === 'ok' ? `'${own}'` : why)
  })
  expect(lost.map(({ id }) => id)).toEqual([])
})

test('is found by what a report says was allowed', () => {
  expect(lineAt(placeOfAllowed('KVM_RUN', '-EPERM (too early): A vcpu … [api.rst 4.10]')!)).toContain("'too early'")
  expect(lineAt(placeOfAllowed('KVM_RUN', 'ok = KVM_EXIT_MMIO')!)).toContain("ioctl('KVM_RUN'")
  expect(rulePlace('KVM_NO_SUCH_IOCTL')).toBeUndefined()
})
