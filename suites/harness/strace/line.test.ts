/**
 * Lines of strace, with what its options put in front of them; all were written by strace 6.1 or stand in its tests.
 */
import { expect, test } from 'vitest'
import { ioctlOf, type Said } from '../../../harness/strace/ioctl.ts'
import { syscallsOf, type Syscall } from '../../../harness/strace/line.ts'

const ioctlIn = (text: string): Said | undefined => {
  const found = syscallsOf(text)
  expect(found).toHaveLength(1)
  return ioctlOf(found[0] as Syscall)
}

const whole = 'ioctl(3</dev/kvm>, KVM_CREATE_VM, 0x28) = 4<anon_inode:kvm-vm>'

test.for([
  '',
  '[pid 15147] ',
  '[pid 15147<qemu-system-aar>] ',
  '15180 ',
  '07:51:00.961319 ',
  '15180 07:51:00 ',
  '1795333860.997122 ',
  '     0.000015 ',
  '12:34:56 (+     0.000026) ',
  '[  16] [00007fabab3f6d6b] ',
  '[pid 15161] [  16] [00007fabab3f6d6b] ',
])('in front stands "%s"', (front) => {
  expect(ioctlIn(`${front}${whole}`)).toEqual({
    line: 1,
    fd: 3,
    path: '/dev/kvm',
    names: ['KVM_CREATE_VM'],
    arg: '0x28',
    result: { number: 4n },
  })
})

test.for([
  ['ioctl(4, KVM_CREATE_VCPU, 1)            = -1 EEXIST (File exists)', 'KVM_CREATE_VCPU', '1', 'EEXIST'],
  ['ioctl(4, KVM_CREATE_VCPU, 1) = -1 EEXIST (File exists) <0.000011>', 'KVM_CREATE_VCPU', '1', 'EEXIST'],
  ['ioctl(4, KVM_CREATE_VCPU, 1) = -1 EEXIST (File exists) (INJECTED)', 'KVM_CREATE_VCPU', '1', 'EEXIST'],
  ['ioctl(fd=4, op=KVM_CREATE_VCPU, argp=1) = -1 EEXIST (File exists)', 'KVM_CREATE_VCPU', '1', 'EEXIST'],
  ['ioctl(4, 0xae41 /* KVM_CREATE_VCPU */, 1) = -1 EEXIST (File exists)', 'KVM_CREATE_VCPU', '1', 'EEXIST'],
  ['ioctl(0x4, 0xae41, 0x100000001) = -1 EINVAL (Invalid argument)', 'KVM_CREATE_VCPU', '0x100000001', 'EINVAL'],
] as const)('a call is read: %s', ([text, name, arg, errno]) => {
  expect(ioctlIn(text)).toMatchObject({ fd: 4, names: [name], arg, result: { number: -1n, errno } })
})

test('a number that strace has no name for, one that has two, and others than those of KVM', () => {
  expect(ioctlIn('ioctl(4, _IOC(_IOC_WRITE, 0xae, 0xff, 0x4), 0x5594) = 0')).toMatchObject({
    nr: 0x4004aeff,
    names: [],
  })
  expect(ioctlIn('ioctl(4, 0x4004aeff /* _IOC(_IOC_WRITE, 0xae, 0xff, 0x4) */, 0x1) = 0')).toMatchObject({
    nr: 0x4004aeff,
    arg: '0x1',
  })
  expect(ioctlIn('ioctl(4, KVM_ARM_SET_DEVICE_ADDR or KVM_GET_ONE_REG, 0xff) = 0')!.names).toEqual([
    'KVM_ARM_SET_DEVICE_ADDR',
    'KVM_GET_ONE_REG',
  ])
  expect(ioctlIn('ioctl(1, TCGETS, {c_iflag=ICRNL|IXON, ...}) = 0')).toBeUndefined()
  expect(ioctlIn('ioctl(1, 0x5401, 0x7ffc) = 0')).toBeUndefined()
})

test('what strace knows of an end: a remark, nothing, or that it will be made again', () => {
  expect(ioctlIn('ioctl(7<anon_inode:kvm-vcpu:0>, KVM_RUN, 0) = 0 (KVM_EXIT_MMIO)')!.result).toEqual({
    number: 0n,
    said: 'KVM_EXIT_MMIO',
  })
  expect(ioctlIn('ioctl(7, KVM_RUN, 0) = ?')!.result).toEqual({ isOpen: true })
  expect(ioctlIn('ioctl(7, KVM_RUN, 0) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)')!.result).toMatchObject({
    isOpen: true,
  })
})

test('a call that goes on in another line is one, also where the first process had no pid yet', () => {
  const text = [
    'ioctl(7, KVM_RUN <unfinished ...>',
    'strace: Process 15148 attached',
    '[pid 15148] ioctl(4, KVM_CREATE_VCPU, 1 <unfinished ...>',
    '[pid 15147] <... ioctl resumed>, 0)     = 0',
    '[pid 15148] <... ioctl resumed>)        = 8',
  ].join('\n')
  expect(syscallsOf(text)).toEqual([
    { line: 4, name: 'ioctl', args: '7, KVM_RUN, 0', result: { number: 0n } },
    { line: 5, name: 'ioctl', args: '4, KVM_CREATE_VCPU, 1', result: { number: 8n } },
  ])
})

test('a call in which the process was killed has no end that strace knows', () => {
  const text = [
    '165   ioctl(7, KVM_RUN, 0 <unfinished ...>',
    '165   <... ioctl resumed> <unfinished ...>) = ?',
    '166   ioctl(9, KVM_RUN, 0 <unfinished ...>) = ?',
  ].join('\n')
  expect(syscallsOf(text)).toEqual([
    { line: 2, name: 'ioctl', args: '7, KVM_RUN, 0', result: { isOpen: true } },
    { line: 3, name: 'ioctl', args: '9, KVM_RUN, 0', result: { isOpen: true } },
  ])
})

test('the path of a descriptor that is made may be one that was deleted since', () => {
  expect(syscallsOf('145   openat(AT_FDCWD</root>, "/tmp", O_TMPFILE)   = 16</tmp/#3>(deleted)')).toMatchObject([
    { name: 'openat', result: { number: 16n } },
  ])
})

test('signals, ends of processes, stacks and struct kvm_run are none of its calls', () => {
  const text = [
    '--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---',
    '[pid 15161] +++ exited with 0 +++',
    '[ 231] [????????????????] +++ exited with 0 +++',
    ' > /tmp/st(main+0x21) [0x1229]',
    ' VCPU:0> {request_interrupt_window=0, immediate_exit=0, exit_reason=6 /* KVM_EXIT_MMIO */}',
    'strace: Process 15147 attached',
    '/usr/bin/strace: Process 15147 detached',
    '',
  ].join('\n')
  expect(syscallsOf(text)).toEqual([])
})

test('each line that is damaged is told once, with its number', () => {
  const text = [
    'qemu-system-aarch64: kvm_init_vcpu failed',
    'ioctl(7, KVM_SET_',
    'ioctl(7, KVM_RUN, 0) = maybe',
    '[pid 7] <... ioctl resumed>) = 0',
    '[pid 8] ioctl(7, KVM_RUN <unfinished ...>',
  ].join('\n')
  expect(syscallsOf(text)).toEqual([
    { line: 1, damaged: 'is no line of strace' },
    { line: 2, damaged: 'is not whole' },
    { line: 3, damaged: 'has no result that could be read' },
    { line: 4, damaged: 'ioctl goes on here, and began nowhere' },
    { line: 5, damaged: 'ioctl begins here, and ends nowhere' },
  ])
})
