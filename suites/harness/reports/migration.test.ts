/**
 * `migrate`: what is predicted from recordings, what a host that does otherwise is convicted of, and whose lines are
 * read.
 */
import { describe, expect, test } from 'vitest'
import { changes } from '../../../fixtures/changes.ts'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { namedRegs, parseReg, regName } from '../../../harness/names/index.ts'
import { sysRegName, sysRegNamed } from '../../../harness/names/sysregs.ts'
import { openSide, type Side } from '../../../reports/diff/side.ts'
import { parseComplaint } from '../../../reports/migration/complaints.ts'
import type { FateKind } from '../../../reports/migration/fate.ts'
import { isLossy, migrationOf, type Migration } from '../../../reports/migration/migration.ts'
import { migrationJson } from '../../../reports/migration/json.ts'
import { migrationText } from '../../../reports/migration/text.ts'
import { parseFeatures } from '../../../reports/migration/vm.ts'
import { complaint } from '../cli/complaint.ts'

const between = async (a: string, b: string, features?: string): Promise<Migration> =>
  migrationOf(await openSide(a), await openSide(b), features === undefined ? undefined : parseFeatures(features))

const named = (migration: Migration, kind: FateKind): string[] =>
  (migration.came ?? migration.predicted)
    .filter((fate) => fate.kind === kind)
    .map(({ piece }) => piece.name ?? piece.what)

describe('between recordings', () => {
  test.each(hostNames)('%s restores what it saved', async (name) => {
    const migration = await between(name, name)
    expect(['missing', 'refused', 'changed', 'not saved'].map((kind) => named(migration, kind as FateKind))).toEqual([
      [],
      [],
      [],
      [],
    ])
    expect([migration.added, migration.facts, isLossy(migration)]).toEqual([[], [], false])
    expect(named(migration, 'restored').length).toBeGreaterThan(300)
  })

  test('6.12 to 7.2 loses TCR2_EL1, PIR_EL1 and PIRE0_EL1 by two commits, and gains a bitmap by another', async () => {
    const migration = await between('6.12-max-gicv3', '7.2-max-gicv3')
    expect(named(migration, 'missing')).toEqual(['TCR2_EL1', 'PIRE0_EL1', 'PIR_EL1'])
    expect([named(migration, 'refused'), named(migration, 'changed')]).toEqual([[], []])
    const text = migrationText(migration)
    expect(text).toMatch(/0fcb4eea5345 .* \(6\.13\)\n +0x603000000013c103 .* TCR2_EL1 = 0x0: -ENOENT \(no register\)\n/)
    expect(text).toMatch(/a68cddbe47ef .* \(6\.13\)\n.* PIRE0_EL1 .*\n.* PIR_EL1 /)
    expect(text).toMatch(/new +1\n {2}changed by c0000e58c74e .*\n +0x6030000000160003 KVM_REG_ARM_VENDOR_HYP_BMAP_2\n/)
    // As a machine type of QEMU has them.
    expect(text).toContain('x-mig-safe-missing-regs = "0x603000000013c103, 0x603000000013c512, 0x603000000013c513"')
  })

  test('7.2 to 6.12 loses the bitmap, and PSCI 1.3 is refused by its rule', async () => {
    const migration = await between('7.2-max-gicv3', '6.12-max-gicv3')
    expect(named(migration, 'missing')).toEqual(['KVM_REG_ARM_VENDOR_HYP_BMAP_2'])
    expect(
      migration.predicted.filter(({ kind }) => kind === 'refused').map(({ reply, rule }) => [reply, rule?.id]),
    ).toEqual([['-EINVAL (PSCI version)', 'KVM_SET_ONE_REG/PSCI version/up to 1.1']])
    expect(migrationText(migration)).toContain('x-mig-hidden-regs = "0x6030000000160003"')
  })

  test('a vcpu with a feature that the other host lacks cannot be made there', async () => {
    const { vm, facts } = await between('6.12-max-gicv3', '6.12-cortex-a57-gicv3')
    expect(vm.features).not.toContain('KVM_ARM_VCPU_SVE')
    expect(facts).toContainEqual({ what: 'feature KVM_ARM_VCPU_SVE', a: 'offered' })
    await expect(between('6.12-max-gicv3', '6.12-cortex-a57-gicv3', 'KVM_ARM_VCPU_SVE')).rejects.toThrow(
      /^6\.12-cortex-a57-gicv3 cannot make such a VM: vcpu0: KVM_ARM_VCPU_INIT\(.*KVM_ARM_VCPU_SVE\) -> -EINVAL/,
    )
  })
})

describe('a host that does otherwise than the table says', () => {
  test('by hiding a register is found, as users of QEMU met it', async () => {
    const migration = await between(
      '6.12-max-gicv3',
      'mock:6.12-max-gicv3,erratum=f81cb2c3ad41',
      'KVM_ARM_VCPU_PSCI_0_2',
    )
    expect(named(migration, 'missing')).toEqual(['ID_AA64ZFR0_EL1'])
    expect(isLossy(migration)).toBe(true)
    expect(migration.findings.map(({ piece, says }) => [piece.name, says])).toEqual([
      ['ID_AA64ZFR0_EL1', 'predicted missing ok, and it was missing -ENOENT'],
    ])
  })

  test('by reading another value is found', async () => {
    const sound = await openSide('mock:6.12-max-gicv3')
    const id = namedRegs.KVM_REG_ARM_PSCI_VERSION
    const forgetful: Side = {
      ...sound,
      play: async (calls) => {
        const playing = (await sound.play(calls))!
        const answers = playing.answers.map((answer, i) => {
          const { ioctl, arg } = calls[i]!
          return ioctl.name === 'KVM_GET_ONE_REG' && arg.id === id ? { ...answer, value: 0x10000n } : answer
        })
        return { ...playing, answers }
      },
    }
    const migration = await migrationOf(sound, forgetful)
    expect(migration.findings.map(({ piece, says }) => [piece.what, says])).toEqual([
      ['KVM_REG_ARM_PSCI_VERSION', 'predicted restored, and it was changed: 0x10001 reads 0x10000'],
    ])
    expect(isLossy(migration)).toBe(true)
  })

  test('by complaining in its log is found', async () => {
    const sound = await openSide('mock')
    const loud: Side = { ...sound, play: async (calls) => ({ ...(await sound.play(calls))!, log: ['4,WARNING: oh'] }) }
    const migration = await migrationOf(sound, loud)
    expect(migration.troubles).toEqual(['kernel log: 4,WARNING: oh'])
    expect(isLossy(migration)).toBe(true)
  })
})

test('JSON says what the text says', async () => {
  const there = await between('6.12-max-gicv3', '7.2-max-gicv3')
  const {
    version,
    there: told,
    back,
  } = JSON.parse(migrationJson(there, await between('7.2-max-gicv3', '6.12-max-gicv3')))
  expect(version).toBe(1)
  expect(
    told.predicted
      .filter(({ fate }: { fate: string }) => fate === 'missing')
      .map(({ commits }: { commits: string[] }) => commits),
  ).toEqual([['0fcb4eea5345'], ['a68cddbe47ef'], ['a68cddbe47ef']])
  expect([told.hiddenRegisters, back.hiddenRegisters]).toEqual([
    '0x603000000013c103, 0x603000000013c512, 0x603000000013c513',
    '0x6030000000160003',
  ])
})

test.each<[line: string, id: string, value?: bigint]>([
  [
    'qemu-system-aarch64: Could not set register op0:3 op1:0 crn:0 crm:0 op2:0 to c00fac31 (is 413fd0c1)',
    'ARM64_SYS_REG(3, 0, 0, 0, 0)',
    0xc00fac31n,
  ],
  ['Could not set register op0:3 op1:0 crn:10 crm:2 op2:3: unknown to KVM', 'ARM64_SYS_REG(3, 0, 10, 2, 3)'],
  ['Could not set register fw feat reg 3: unknown to KVM', 'KVM_REG_ARM_VENDOR_HYP_BMAP_2'],
  ['Could not set register fw reg 0 to 10003 (is 10001)', 'KVM_REG_ARM_PSCI_VERSION', 0x10003n],
  ['Could not set register demuxed reg 6020000000110002 to 7 (is 2)', 'KVM_REG_ARM_DEMUX_ID_CCSIDR(2)', 7n],
  ['Could not set register core reg 6030000000100042: Invalid argument', 'KVM_REG_ARM_CORE_REG(regs.pstate)'],
  ['Could not set register SVE VLS: Operation not permitted', 'KVM_REG_ARM64_SVE_VLS'],
  ['Could not set register SVE preg n:3 slice:0: Operation not permitted', 'KVM_REG_ARM64_SVE_PREG(3, 0)'],
  ['Failed to set register 6931039826524487939: Invalid argument (os error 22)', 'ARM64_SYS_REG(3, 0, 2, 0, 3)'],
  ['RestoreState(Kvm(ConfigureRegisters(SetOneReg(6931039826524504064, Error(22)))))', 'KVM_REG_ARM_PSCI_VERSION'],
  ['0x603000000013c103 = 0x5', 'ARM64_SYS_REG(3, 0, 2, 0, 3)', 5n],
  ['603000000013c103', 'ARM64_SYS_REG(3, 0, 2, 0, 3)'],
  ['TCR2_EL1 0x5', 'ARM64_SYS_REG(3, 0, 2, 0, 3)', 5n],
  ['PIR_EL1=7', 'ARM64_SYS_REG(3, 0, 10, 2, 3)', 7n],
  ['ARM64_SYS_REG(3, 0, 2, 0, 3), &0x5', 'ARM64_SYS_REG(3, 0, 2, 0, 3)', 5n],
  ['KVM_REG_ARM_STD_BMAP', 'KVM_REG_ARM_STD_BMAP'],
])('%s', (line, id, value) => {
  expect(parseComplaint(line)).toEqual({ line, id: parseReg(id), ...(value !== undefined && { value }) })
})

test.each([
  ['Failed to put registers after init: Invalid argument', /names no register; .* say which/],
  ['Failed to load cpu:cpreg_vmstate_array_len', /the lists of registers differ/],
  ['TCR7_EL1=1', /^no register is called "TCR7_EL1"; write an id .*, a name \(TCR2_EL1\) or a macro/],
])('%s is refused, with what to give instead', (line, says) => {
  expect(complaint(() => parseComplaint(line))).toMatch(says)
})

test('every system register that a recorded host lists has a name, but for those that the architecture reserves', () => {
  const ids = new Set(hostNames.flatMap((name) => hostNamed(name).regs.map(({ id }) => BigInt(`0x${id}`))))
  const isReserved = (id: bigint) =>
    id >= parseReg('ARM64_SYS_REG(3, 0, 0, 3, 0)') && id <= parseReg('ARM64_SYS_REG(3, 0, 0, 7, 7)')
  const system = [...ids].filter((id) => regName(id).startsWith('ARM64_SYS_REG'))
  expect(system.filter((id) => sysRegName(id) === undefined && !isReserved(id)).map(regName)).toEqual([])
  for (const id of system) if (sysRegName(id) !== undefined) expect(sysRegNamed(sysRegName(id)!)).toBe(id)
})

test('changes have commits of their own, and are about something', () => {
  expect(new Set(changes.map(({ commit }) => commit)).size).toBe(changes.length)
  for (const { commit, registers = [], names = [], rules = [], shown = [] } of changes) {
    expect(commit).toMatch(/^[0-9a-f]{12}$/)
    expect(registers.length + names.length + rules.length + shown.length, commit).toBeGreaterThan(0)
  }
})
