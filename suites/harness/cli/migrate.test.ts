/** `migrate` as a user types it: what it prints, how it ends, and what it refuses. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { command, commandReading, scratch } from '../command.ts'

test('what is lost makes it fail, both ways are told, and a line of QEMU is explained', async () => {
  const { code, out, err } = await command(
    'migrate',
    '6.12-max-gicv3',
    '7.2-max-gicv3',
    'Could not set register op0:3 op1:0 crn:2 crm:0 op2:3: unknown to KVM',
  )
  expect([code, err]).toEqual([1, ''])
  expect(out).toMatch(/^from +6\.12-max-gicv3, Linux 6\.12\.107.*\nto +7\.2-max-gicv3, /)
  expect(out).toMatch(/\nmissing +3\n {2}changed by 0fcb4eea5345 /)
  expect(out).toMatch(
    /\nasked {2}Could not set .*\n {2}0x603000000013c103 .* TCR2_EL1.*\n {2}between the two changed by 0fcb4eea5345 /,
  )
  expect(out).toMatch(/\nand back\n\nfrom +7\.2-max-gicv3, [^]*\nmissing +1\n {2}changed by c0000e58c74e /)
})

test('between equal hosts nothing is lost, also where both are asked; lists come from standard input', async () => {
  const { code, out, err } = await commandReading(
    '# what a VMM had saved\nTCR2_EL1 = 0x5\n0x6030000000140000 0x10003\n',
    'migrate',
    'mock',
    'mock',
    '--registers',
    '-',
    '--features',
    'KVM_ARM_VCPU_PSCI_0_2',
  )
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/\nvcpu +KVM_ARM_VCPU_PSCI_0_2; a GICv3 and an ITS\nvalues +of a vcpu that ran\n/)
  expect(out).toMatch(/\nheld against +the host did as was predicted, piece by piece\n/)
  expect(out).toMatch(/\nasked {2}0x6030000000140000 0x10003\n[^]* -> -EINVAL \(PSCI version\)\n/)
})

test('what cannot be understood is refused in one line', async () => {
  const file = join(scratch(), 'lines')
  writeFileSync(file, 'TCR2_EL1\nFailed to put registers after init: Invalid argument\n')
  const hosts = ['6.12-max-gicv3', '7.2-max-gicv3']
  const cases: [string[], RegExp][] = [
    [
      ['nobody', '7.2-max-gicv3'],
      /^error: nobody: no folder of a run, no file and no recorded host is called so; .*\n$/,
    ],
    [[...hosts, '--features', 'KVM_ARM_VCPU_SME'], /KVM_ARM_VCPU_SME is no feature of a vcpu; there are .*\n$/],
    [
      [...hosts, '--features', 'KVM_ARM_VCPU_HAS_EL2'],
      /^error: 6\.12-max-gicv3 cannot make such a VM: .* -> -ENOENT; /,
    ],
    [[...hosts, 'TCR3_EL1=0'], /^error: no register is called "TCR3_EL1"; write an id .*\n$/],
    [[...hosts, '--registers', file], /^error: .*lines: "Failed to put registers .*" names no register; .*\n$/],
  ]
  for (const [words, says] of cases) {
    const { code, err } = await command('migrate', ...words)
    expect(err).toMatch(says)
    expect(code).toBe(2)
  }
})
