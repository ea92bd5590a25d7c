/** Host profiles: what was recorded is whole, and a damaged file gets one line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { UserError } from '../../../harness/process/user-error.ts'
import { printHost, readHost } from '../../../harness/model/host-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-hosts-'))
afterAll(() => rmSync(folder, { recursive: true }))
const recorded = (name: string) => join(import.meta.dirname, '../../../fixtures/hosts', `${name}.json`)

test.each(hostNames)('%s is read from its file, and printed as the file is', (name) => {
  expect(readHost(recorded(name))).toEqual(hostNamed(name))
  expect(printHost(hostNamed(name))).toBe(readFileSync(recorded(name), 'utf8'))
})

test('a profile is ASCII, whatever the machine calls itself', () => {
  const host = { ...hostNamed(), name: 'a\u202e\u009b\u001b\u{1f600}' }
  expect(printHost(host)).toMatch(/^[\n -~]+$/)
  expect(JSON.parse(printHost(host))).toEqual(host)
})

test('the host that is meant where none is named is 6.12 on cpu max', () => {
  expect(hostNamed().name).toBe('6.12-max-gicv3')
})

test('a host that was not recorded gets a complaint that names those that were', () => {
  expect(() => hostNamed('6.13-max')).toThrow(UserError)
  expect(() => hostNamed('6.13-max')).toThrow(/^no host called "6.13-max" was recorded; there are 6.12-max-gicv3, /)
})

test.each([
  ['features', ['KVM_ARM_VCPU_SVF'], /is no host profile: features\.0: /],
  ['regs', {}, /is no host profile: regs: /],
  [
    'regs',
    [{ id: '60', write: 'sometimes' }],
    /is no host profile: regs\.0\.write: is no way to take a write; record it again$/,
  ],
  [
    'regs',
    [{ id: '60', write: 'any', with: 'SVE' }],
    /is no host profile: regs\.0\.with: names no feature; record it again$/,
  ],
  ['vls', '0xffff', /is no host profile: vls: is no hexadecimal number; record it again$/],
  ['colour', 'red', /is no host profile: the whole: Unrecognized key: "colour"; record it again$/],
])('a profile whose %s is %j gets one line', (key, value, says) => {
  const path = join(folder, 'damaged.json')
  writeFileSync(path, JSON.stringify({ ...hostNamed(), [key]: value }))
  expect(() => readHost(path)).toThrow(UserError)
  expect(() => readHost(path)).toThrow(says)
})

test('a file that is cut short, or absent, gets one line', () => {
  const path = join(folder, 'short.json')
  writeFileSync(path, readFileSync(recorded('6.12-max-gicv3'), 'utf8').slice(0, 5000))
  expect(() => readHost(path)).toThrow(/short\.json is no host profile: .*; record it again$/)
  expect(() => readHost(join(folder, 'none.json'))).toThrow(/none\.json: cannot be read \(ENOENT\)$/)
})
