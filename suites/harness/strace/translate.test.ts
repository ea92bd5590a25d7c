/** strace of a VMM as a trace: what is said, what is left out and why, and that it can be read again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { printed } from '../../../harness/strace/print.ts'
import { translated } from '../../../harness/strace/translate.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse, print } from '../../../harness/table/notation.ts'

const host = hostNamed()
const translate = (...lines: string[]) => translated(lines.join('\n'), abi)
const traceOf = (...lines: string[]) => printed(translate(...lines), new Map(), host)

const open = 'openat(AT_FDCWD, "/dev/kvm", O_RDWR|O_CLOEXEC) = 3'
const vm = 'ioctl(3, KVM_CREATE_VM, 0) = 4'
const vcpu = 'ioctl(4, KVM_CREATE_VCPU, 0) = 5'
const made = ['KVM_CREATE_VM(0)', 'KVM_CREATE_VCPU(0)']

/** The lines of the trace alone, those of `before` left out, and without alignment. */
const after = (before: readonly string[], ...lines: string[]) =>
  traceOf(...before, ...lines)
    .slice(before.filter((line) => line.startsWith('ioctl')).length)
    .slice(0, lines.length)
    .map((line) => line.replace(/ +->/, ' ->'))

const said = (...lines: string[]) => after([open, vm, vcpu], ...lines)

test('what strace shows is said', () => {
  expect(traceOf(open, vm, vcpu).slice(0, 2)).toEqual(made.map((line) => `${line.padEnd(18)} -> ok`))
  expect(
    said(
      'ioctl(3, KVM_GET_API_VERSION, 0) = 12',
      'ioctl(3, KVM_CHECK_EXTENSION, KVM_CAP_ARM_SVE) = 1',
      'ioctl(3, KVM_CHECK_EXTENSION, 0xffffffffffffffff /* KVM_CAP_??? */) = 0',
      'ioctl(4, KVM_SET_USER_MEMORY_REGION, {slot=1, flags=KVM_MEM_LOG_DIRTY_PAGES|0x8, guest_phys_addr=0x40000000, memory_size=4096, userspace_addr=0x7fff0000}) = -1 EINVAL (Invalid argument)',
      'ioctl(4, 0x4020ae46 /* KVM_SET_USER_MEMORY_REGION */, {slot=1, flags=0x1 /* KVM_MEM_LOG_DIRTY_PAGES */, guest_phys_addr=0, memory_size=4096, userspace_addr=0x7fff0000}) = 0',
      'ioctl(5, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)',
      'ioctl(5, KVM_RUN, 0x1) = -1 EINVAL (Invalid argument)',
    ).join('\n'),
  ).toBe(
    `KVM_GET_API_VERSION -> ok = 12
kvm: KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE) -> ok = 1
kvm: KVM_CHECK_EXTENSION(-1) -> ok = 0
KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES | 1 << 3, guest_phys_addr = 0x40000000, memory_size = 0x1000, userspace_addr = 0x7fff0000) -> -EINVAL
KVM_SET_USER_MEMORY_REGION(slot = 1, flags = KVM_MEM_LOG_DIRTY_PAGES, guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = 0x7fff0000) -> ok
KVM_RUN -> -ENOEXEC
KVM_RUN(arg = 1) -> -EINVAL`.replaceAll('\nkvm: ', '\n'),
  )
})

test('a pointer is not said, unless nothing is read there or nothing is there', () => {
  expect(
    said(
      'ioctl(5, KVM_ARM_VCPU_INIT, 0xffffe1234568) = 0',
      'ioctl(5, KVM_ARM_VCPU_INIT, NULL) = -1 EFAULT (Bad address)',
      'ioctl(5, KVM_GET_MP_STATE, 0xffffe1234568) = -1 ENOEXEC (Exec format error)',
      'ioctl(5, KVM_GET_MP_STATE, 0xffffe1234568) = -1 EFAULT (Bad address)',
      'ioctl(5, KVM_SET_SIGNAL_MASK, NULL) = 0',
      'ioctl(4, KVM_SET_USER_MEMORY_REGION, 0x8) = -1 EFAULT (Bad address)',
      'ioctl(4, KVM_ARM_MTE_COPY_TAGS, 0x8) = -1 EINVAL (Invalid argument)',
    ),
  ).toEqual([
    '# vcpu0: KVM_ARM_VCPU_INIT(?) -> ok   # strace shows only the pointer; line 4',
    'KVM_ARM_VCPU_INIT(&unmapped, features[] = 0) -> -EFAULT',
    'KVM_GET_MP_STATE -> -ENOEXEC',
    '# vcpu0: KVM_GET_MP_STATE(?) -> -EFAULT   # strace shows only the pointer; line 7',
    'KVM_SET_SIGNAL_MASK -> ok',
    '# vm: KVM_SET_USER_MEMORY_REGION(?) -> -EFAULT   # strace shows only the pointer; line 9',
    '# vm: KVM_ARM_MTE_COPY_TAGS(?) -> -EINVAL   # strace shows only the pointer; line 10',
  ])
})

test('what a guest does, or a signal, is not said of KVM_RUN', () => {
  const run = (end: string) => said(`ioctl(5, KVM_RUN, 0) = ${end}`)[0]
  expect(run('0')).toBe('# vcpu0: KVM_RUN(?) -> ok   # what its guest does is not in the strace; line 4')
  expect(run('0 (KVM_EXIT_MMIO)')).toMatch(/^# vcpu0: KVM_RUN\(\?\) -> ok = KVM_EXIT_MMIO {3}# what its guest does/)
  expect(run('-1 EINTR (Interrupted system call)')).toMatch(
    /^# vcpu0: KVM_RUN\(\?\) -> -EINTR {3}# what its guest does/,
  )
})

test('descriptors are followed: several VMs, numbers that come again, and those that nobody made', () => {
  expect(
    traceOf(
      open,
      vm,
      vcpu,
      'ioctl(3, KVM_CREATE_VM, 0x20) = 6',
      'ioctl(6, KVM_CREATE_VCPU, 0) = 7',
      'close(7) = 0',
      'close(5) = 0',
      'ioctl(6, KVM_CREATE_VCPU, 2) = 5',
      'ioctl(5, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)',
      'ioctl(9, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)',
      'ioctl(5<anon_inode:kvm-vm>, KVM_CREATE_VCPU, 0) = 10',
    )
      .slice(0, 10)
      .map((line) => line.replace(/ +->/, ' ->')),
  ).toEqual([
    'KVM_CREATE_VM(0) -> ok',
    'vm: KVM_CREATE_VCPU(0) -> ok',
    'vm1 = KVM_CREATE_VM(32) -> ok',
    'vm1: KVM_CREATE_VCPU(0) -> ok',
    'vm1.vcpu0: close -> ok',
    'vcpu0: close -> ok',
    'vm1: KVM_CREATE_VCPU(2) -> ok',
    'vm1.vcpu2: KVM_RUN -> -ENOEXEC',
    '# fd 9: KVM_RUN(?) -> -ENOEXEC   # its descriptor was made before strace began, or by a call of which it shows too little; line 10',
    '# fd 5 (kvm-vm): KVM_CREATE_VCPU(?) -> ok   # its descriptor was made before strace began, or by a call of which it shows too little; line 11',
  ])
})

test('a descriptor that was closed is none, until its number is given again', () => {
  const run = 'ioctl(5, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)'
  expect(said('close(5) = 0', run)[1]).toMatch(/^# fd 5: KVM_RUN/)
  expect(said('close(5) = -1 EIO (Input/output error)', run)[0]).toBe('KVM_RUN -> -ENOEXEC')
})

test('a call on nothing is told, too', () => {
  expect(said('ioctl(-1, KVM_RUN, 0) = -1 EBADF (Bad file descriptor)')).toEqual([
    '# fd -1: KVM_RUN(?) -> -EBADF   # there is no such descriptor; line 4',
  ])
})

test('of two ioctls with one number the one is meant that its descriptor has', () => {
  const both = 'KVM_ARM_SET_DEVICE_ADDR or KVM_GET_ONE_REG'
  expect(said(`ioctl(5, ${both}, 0xff) = 0`, `ioctl(4, ${both}, 0xff) = 0`).map((line) => line.split('(')[0])).toEqual([
    '# vcpu0: KVM_GET_ONE_REG',
    '# vm: KVM_ARM_SET_DEVICE_ADDR',
  ])
})

test('at the end stands what was understood, and what is alike is told once', () => {
  const get = 'ioctl(5, KVM_GET_ONE_REG, 0xff) = 0'
  const lines = traceOf(
    open,
    vm,
    vcpu,
    get,
    get,
    get,
    'ioctl(4, KVM_CREATE_PIT2, 0xff) = 0',
    'oops',
    'ioctl(1, TCGETS, {}) = 0',
  )
  expect(lines.slice(2).join('\n'))
    .toBe(`# vcpu0: KVM_GET_ONE_REG(?) -> ok   # strace shows only the pointer; 3 times, lines 4 to 6
# vm: KVM_CREATE_PIT2(?) -> ok   # the table has no rules for it; line 7
# line 8: is no line of strace

# understood     2 calls of 6 of KVM
# left out       4 calls
#       3  KVM_GET_ONE_REG: strace shows only the pointer
#       1  KVM_CREATE_PIT2: the table has no rules for it
# others         2 system calls that are none of KVM's
# not read       1 line`)
})

test('a guest at work is thousands of calls by turns: they are told once each, but for what was refused', () => {
  const set = 'ioctl(5, KVM_SET_ONE_REG, 0xff) = 0'
  const line = 'ioctl(4, KVM_IRQ_LINE, 0xff) = 0'
  const refused = 'ioctl(5, KVM_SET_ONE_REG, 0xff) = -1 EBUSY (Device or resource busy)'
  const lines = traceOf(open, vm, vcpu, set, line, set, line, refused, line, set, set)
  expect(lines.slice(2, 7).join('\n'))
    .toBe(`# vcpu0: KVM_SET_ONE_REG(?) -> ok   # strace shows only the pointer; 2 times, lines 4 to 6
# vm: KVM_IRQ_LINE(?) -> ok   # strace shows only the pointer; 2 times, lines 5 to 7
# vcpu0: KVM_SET_ONE_REG(?) -> -EBUSY   # strace shows only the pointer; line 8
# vm: KVM_IRQ_LINE(?) -> ok   # strace shows only the pointer; line 9
# vcpu0: KVM_SET_ONE_REG(?) -> ok   # strace shows only the pointer; 2 times, lines 10 to 11`)
})

const names = abi.map(({ name }) => name).filter((name) => name.startsWith('KVM_'))
const argument = fc.oneof(
  fc.constantFrom('0', '0x8', 'NULL', '0xffffffffffffffff', 'KVM_CAP_ARM_SVE', '{slot=0}', '{slot=1, slot=1}', '...'),
  fc.nat().map(String),
  fc.string(),
)
const end = fc.constantFrom(
  '0',
  '4',
  '5',
  '-1 EINVAL (Invalid argument)',
  '-1 EFAULT (Bad address)',
  '?',
  '-1 EFOO (x)',
)
const called = fc
  .tuple(fc.integer({ min: 3, max: 7 }), fc.constantFrom(...names, '0xaeff', 'KVM_PPC_ALLOCATE_HTAB'), argument, end)
  .map(([fd, name, arg, result]) => `ioctl(${fd}, ${name}, ${arg}) = ${result}`)
const damaged = fc
  .tuple(called, fc.nat(60), fc.string())
  .map(([line, at, more]) => line.slice(0, at) + more + line.slice(at))

test('whatever stands in it, no line is guessed twice, lost, or stops it, and the trace reads as it was said', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(called, called, damaged, fc.string()), { maxLength: 30 }), (lines) => {
      const translation = translate(open, vm, vcpu, ...lines)
      const text = printed(translation, new Map(), host).join('\n')
      const steps = translation.entries.flatMap((entry) => ('step' in entry ? [entry.step] : []))
      expect(print(parse(text))).toBe(print(steps))
      expect(() => withCreations(parse(text))).not.toThrow()
    }),
    { numRuns: 2000 },
  )
})
