/** `trace`: from strace to a trace that replays, as a user does it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, commandReading, scratch } from '../command.ts'

const strace = `
ioctl(3</dev/kvm>, KVM_CREATE_VM, 0x39)   = -1 EINVAL (Invalid argument)
ioctl(3</dev/kvm>, KVM_CREATE_VM, 0x28)   = 4<anon_inode:kvm-vm>
ioctl(4<anon_inode:kvm-vm>, KVM_CREATE_VCPU, 0) = 5<anon_inode:kvm-vcpu:0>
ioctl(5<anon_inode:kvm-vcpu:0>, KVM_ARM_VCPU_INIT, 0xffffe1234568) = -1 EINVAL (Invalid argument)
`

test('what strace wrote replays, and says by which rules it was refused', async () => {
  const { code, out, err } = await commandReading(strace, 'trace', '-')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('# refused        2; trace FILE --explain says by which rule\n')
  const path = join(scratch(), 'vmm.trace')
  writeFileSync(path, out)
  const replayed = await command('replay', path)
  expect(replayed.code).toBe(0)
  expect(replayed.out).toMatch(/^KVM_CREATE_VM\(57\) +-> -EINVAL \(IPA size too big\)$/m)
  const explained = await commandReading(strace, 'trace', '-', '--explain')
  expect(explained.out).toContain('#     rule      KVM_CREATE_VM/IPA size too big\n')
  expect(explained.out).toMatch(/^# {5}-EINVAL \(half of PTRAUTH\): /m)
})

test('of what is no strace of a VMM it says so', async () => {
  for (const text of ['', 'oops\n', 'ioctl(1, TCGETS, {}) = 0\n'])
    expect(await commandReading(text, 'trace', '-')).toEqual({
      code: 2,
      out: '',
      err: 'error: standard input: no ioctl of KVM is in it; it takes what strace -f -y -e ioctl writes\n',
    })
  expect((await command('trace', 'nowhere.txt')).err).toBe('error: nowhere.txt: cannot be read (ENOENT)\n')
})
