/** Hosts in protected mode: KVM_CREATE_VM ignores the IPA size, and what rests on a size is not asked of them. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { onlyLimit } from '../../../harness/model/host.ts'
import { answersIn, mock } from '../../../harness/oracle/mock.ts'
import { boot } from '../../../harness/table/rules.ts'
import { runSequence } from '../../../harness/suite/sequence.ts'
import { parse } from '../../../harness/table/notation.ts'

const PROTECTED = ['6.12-max-protected-gicv3', '7.2-a64fx-protected-gicv3'].map((name) => hostNamed(name))
const plain = hostNamed('6.12-a64fx-gicv3')

const on = (host: typeof plain) => ({ kernel: mock(host), release: host.kernel.release })
const answers = (host: typeof plain, text: string) =>
  answersIn(
    boot(host),
    parse(text).map(({ call }) => call),
  ).map(({ ret }) => ret)
const slotAt = (gpa: bigint) =>
  `KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x${gpa.toString(16)}, memory_size = 0x1000, userspace_addr = &ram)`

test.each(PROTECTED)('$name gives every VM its limit, whatever size was asked for', (host) => {
  const end = 1n << BigInt(host.caps.KVM_CAP_ARM_VM_IPA_SIZE!)
  for (const size of [0, 1, 32, 255])
    expect(answers(host, `KVM_CREATE_VM(${size})\n${slotAt(end)}\n${slotAt(end - 0x1000n)}`)).toEqual([0, -14, 0])
})

test.each(PROTECTED)(
  'a sequence that takes another size for granted is not offered on $name, with the reason',
  async (host) => {
    const why = `kvm-arm.mode=protected: every VM has ${host.caps.KVM_CAP_ARM_VM_IPA_SIZE} bits`
    expect(onlyLimit(host)).toBe(why)
    for (const text of [
      'KVM_CREATE_VM(31) -> -EINVAL (IPA size too small)',
      'KVM_CREATE_VM(53) -> -EINVAL (IPA size too big)',
      `KVM_CREATE_VM(32) -> ok\n${slotAt(1n << 32n)} -> -EFAULT (beyond the IPA size)`,
    ])
      expect(await runSequence({ title: 'of a size', text }, on(host))).toMatchObject({
        verdict: 'not offered',
        why,
        lists: 0,
      })
    const wrong = `KVM_CREATE_VM(32) -> ok\n${slotAt(1n)} -> -EFAULT (beyond the IPA size)`
    expect(
      await runSequence({ title: 'wrong for another reason', text: 'KVM_CREATE_VM(0x100) -> ok' }, on(host)),
    ).toMatchObject({ verdict: 'broken' })
    expect(await runSequence({ title: 'wrong everywhere else', text: wrong }, on(plain))).toMatchObject({
      verdict: 'broken',
    })
  },
)

test('without the mode, what takes it for granted is not offered, and a wrong size is broken', async () => {
  expect(onlyLimit(plain)).toBeUndefined()
  expect(await runSequence({ title: 'takes any size', text: 'KVM_CREATE_VM(31) -> ok' }, on(plain))).toMatchObject({
    verdict: 'not offered',
    why: 'kvm-arm.mode=protected is off',
  })
  expect(
    await runSequence({ title: 'too far', text: `KVM_CREATE_VM(40) -> ok\n${slotAt(1n << 40n)} -> ok` }, on(plain)),
  ).toMatchObject({ verdict: 'broken' })
})

test('in 7.2 a vcpu that is made after another has run never runs in protected mode; in 6.12 it does', () => {
  const text = `KVM_CREATE_VM(0)
    KVM_CREATE_VCPU(0)
    vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)
    vcpu0: KVM_RUN(immediate_exit)
    KVM_CREATE_VCPU(1)
    vcpu1: KVM_ARM_VCPU_INIT(features[] = 0)
    vcpu1: KVM_RUN(immediate_exit)`
  expect(PROTECTED.map((host) => answers(host, text).at(-1))).toEqual([-4, -22])
  expect(answers(hostNamed('7.2-max-gicv3'), text).at(-1)).toBe(-4)
})
