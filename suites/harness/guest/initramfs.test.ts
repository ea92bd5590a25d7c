/** The archive that a guest boots from is a newc cpio that other programs read, and always the same bytes. */
import { execFileSync } from 'node:child_process'
import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entry, cpio, initramfs } from '../../../harness/guest/initramfs.ts'
import { skipWithout } from '../skip-without.ts'

const modules = ['virtio.ko', 'virtio_pci.ko'].map((name) => ({ name, data: Buffer.from(`module ${name}`) }))
const archive = initramfs(Buffer.from('the agent'), modules)

/** Reads a newc archive from its headers alone. */
const read = (bytes: Buffer): Entry[] => {
  const entries: Entry[] = []
  for (let at = 0; at < bytes.length;) {
    expect(at % 4).toBe(0)
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701')
    const field = (index: number) => parseInt(bytes.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16)
    const data = (at + 110 + field(11) + 3) & ~3
    const name = bytes.toString('utf8', at + 110, at + 110 + field(11) - 1)
    expect(bytes[at + 110 + field(11) - 1]).toBe(0)
    entries.push({ name, mode: field(1), data: bytes.subarray(data, data + field(6)), device: [field(9), field(10)] })
    at = (data + field(6) + 3) & ~3
  }
  return entries
}

describe('an initramfs', () => {
  it('holds the agent as init, a console, and the modules in the order of loading', () => {
    const entries = read(archive)
    expect(entries.map(({ name, mode, device }) => [name, mode.toString(8), ...device!])).toEqual([
      ['dev', '40755', 0, 0],
      ['dev/console', '20600', 5, 1],
      ['init', '100755', 0, 0],
      ['modules', '40755', 0, 0],
      ['modules/virtio.ko', '100644', 0, 0],
      ['modules/virtio_pci.ko', '100644', 0, 0],
      ['modules.list', '100644', 0, 0],
      ['TRAILER!!!', '0', 0, 0],
    ])
    expect(String(entries.find(({ name }) => name === 'modules.list')?.data)).toBe(
      '/modules/virtio.ko\n/modules/virtio_pci.ko\n',
    )
  })

  it('is the same bytes for the same input', () => {
    expect(initramfs(Buffer.from('the agent'), modules).equals(archive)).toBe(true)
    expect(initramfs(Buffer.from('the Agent'), modules).equals(archive)).toBe(false)
  })

  it('gives back every file whatever its length', () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z]{1,9}$/),
      mode: fc.constant(0o100644),
      data: fc.uint8Array({ maxLength: 40 }),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const got = read(cpio(entries)).slice(0, -1)
        expect(got.map(({ name, data }) => [name, [...data!]])).toEqual(
          entries.map(({ name, data }) => [name, [...data]]),
        )
      }),
    )
  })

  it('is read by cpio(1)', (context) => {
    skipWithout(context, 'cpio')
    const listing = execFileSync('cpio', ['-itv', '--quiet'], { input: archive, encoding: 'utf8' })
    expect(listing).toMatch(/^crw-------.* 5, +1 .* dev\/console$/m)
    expect(listing).toMatch(/^-rwxr-xr-x.* 9 .* init$/m)
    expect(listing.trim().split('\n')).toHaveLength(7)
  })
})
