/** Why what strace saw refused was refused: by which rule, or by which it may have been. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { translated } from '../../../harness/strace/translate.ts'
import { refusalsIn } from '../../../reports/book/refused.ts'

const host = hostNamed()

/** What is said of each refusal, in their order. */
const notes = (...lines: string[]): string[][] => {
  const { entries } = translated(['ioctl(3, KVM_CREATE_VM, 0) = 4', ...lines].join('\n'), abi)
  return [...refusalsIn(entries, { host, release: host.kernel.release, book: 'book.html' }).values()]
}

test('the rule, where strace shows the call and all before it', () => {
  const [again, run] = notes(
    'ioctl(4, KVM_CREATE_VCPU, 0) = 5',
    'ioctl(4, KVM_CREATE_VCPU, 0) = -1 EEXIST (File exists)',
    'ioctl(5, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)',
  )
  expect(again![0]).toMatch(/^ {2}rule {6}KVM_CREATE_VCPU\//)
  expect(run).toContain('  rule      KVM_RUN/not initialised')
  expect([...again!, ...run!].join('\n')).not.toMatch(/unless|depends/)
})

const init = 'ioctl(5, KVM_ARM_VCPU_INIT, 0xffffe1234568) = 0'

test('what is not known before is said with the rule, or the rule is left open', () => {
  const [known, open] = notes(
    'ioctl(4, KVM_CREATE_VCPU, 0) = 5',
    init,
    'ioctl(4, KVM_CREATE_VCPU, 0) = -1 EEXIST (File exists)',
    'ioctl(5, KVM_RUN, 0) = -1 EPERM (Operation not permitted)',
  )
  expect(known!.at(-1)).toBe('unless vcpu0: KVM_ARM_VCPU_INIT before changed that')
  expect(open!.slice(0, 2)).toEqual([
    'depends on what came before, and of that strace does not show all: vcpu0: KVM_ARM_VCPU_INIT',
    'the one rule with that errno:',
  ])
  expect(open![2]).toMatch(/^ {2}-EPERM \(too early\): .* \[api\.rst 4\.10 .*\] harness\/abi\/ioctls\/run\.ts:\d+$/)
})

test('what is not known of another VM, or only reads, changes nothing', () => {
  const [run] = notes(
    'ioctl(4, KVM_CREATE_VCPU, 0) = 5',
    'ioctl(5, KVM_GET_ONE_REG, 0xff) = 0',
    'ioctl(3, KVM_CREATE_VM, 0) = 6',
    'ioctl(6, KVM_CREATE_VCPU, 0) = 7',
    'ioctl(7, KVM_ARM_VCPU_INIT, 0xff) = 0',
    'ioctl(5, KVM_RUN, 0) = -1 ENOEXEC (Exec format error)',
  )
  expect(run!.join('\n')).not.toMatch(/unless|depends/)
})

test('the rules with that errno, where strace shows the pointer only; the same call once', () => {
  const [first, same, none] = notes(
    'ioctl(4, KVM_CREATE_VCPU, 0) = 5',
    'ioctl(5, KVM_ARM_VCPU_INIT, 0xff) = -1 EINVAL (Invalid argument)',
    'ioctl(5, KVM_ARM_VCPU_INIT, 0xaa) = -1 EINVAL (Invalid argument)',
    'ioctl(5, KVM_ARM_VCPU_INIT, 0xaa) = -1 ENOSPC (No space left on device)',
  )
  expect(first![0]).toMatch(/^one of \d+ rules with that errno:$/)
  expect(first!.join('\n')).toContain('-EINVAL (half of PTRAUTH): ')
  expect(first!.join('\n')).not.toContain('unknown ioctl')
  expect(same).toEqual(['as above'])
  expect(none).toEqual(['no rule of the table has KVM_ARM_VCPU_INIT answer -ENOSPC'])
})
