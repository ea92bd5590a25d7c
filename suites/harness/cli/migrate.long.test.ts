/** `migrate` between all recorded hosts, and between real kernels: the prediction is held against what came. */
import { hex } from '../../../harness/model/scalar.ts'
import { expect, test } from 'vitest'
import { hostNamed, hostNames } from '../../../fixtures/hosts/index.ts'
import { holdsWith } from '../../../harness/abi/registers/table.ts'
import { featureWord } from '../../../harness/names/index.ts'
import { openSide } from '../../../reports/diff/side.ts'
import { changesOfPiece } from '../../../reports/migration/causes.ts'
import type { Fate, FateKind } from '../../../reports/migration/fate.ts'
import { migrationOf, type Migration } from '../../../reports/migration/migration.ts'
import { pieceName } from '../../../reports/migration/state.ts'
import { skipWithout } from '../skip-without.ts'

/** Ids that the file of a host lists for vcpus with these features. */
const listed = (name: string, bits: number): Set<string> =>
  new Set(hostNamed(name).regs.flatMap(({ id, with: condition }) => (holdsWith(condition, bits) ? [id] : [])))

const machineOf = (name: string): string => name.replace(/^[\d.]+-/, '')

test('of every two recorded hosts, what is missing is what the files say', { timeout: 3_600_000 }, async () => {
  for (const a of hostNames)
    for (const b of hostNames) {
      const migration = await migrationOf(await openSide(a), await openSide(b))
      const bits = featureWord(migration.vm.features)
      const [onA, onB] = [listed(a, bits), listed(b, bits)]
      const missing = migration.predicted.flatMap(({ kind, piece }) =>
        kind === 'missing' ? [hex(piece.id!).slice(2)] : [],
      )
      expect(missing, `${a} to ${b}`).toEqual([...onA].filter((id) => !onB.has(id)))
      // A register that is refused is refused by a rule, and one that is lost on the same machine by a commit.
      for (const { kind, piece, rule } of migration.predicted) {
        if (kind === 'refused') expect(rule, `${a} to ${b}: ${pieceName(piece)}`).toBeDefined()
        if (kind === 'missing' && machineOf(a) === machineOf(b))
          expect(changesOfPiece(migration.a, migration.b, piece), `${a} to ${b}: ${pieceName(piece)}`).not.toEqual([])
      }
    }
})

/** From here to there, names of what is lost, and the recordings of the two. */
const pairs: readonly (readonly [a: string, b: string, lost: RegExp, recordedA: string, recordedB: string])[] = [
  ['qemu:5.10', 'qemu:6.1', /ID_AA64DFR0_EL1 refused/, '5.10-max-gicv3', '6.1-max-gicv3'],
  ['qemu:6.1', 'qemu:6.12', /ID_AA64MMFR1_EL1 refused/, '6.1-max-gicv3', '6.12-max-gicv3'],
  [
    'qemu:6.12',
    'qemu:7.2',
    /TCR2_EL1 missing[^]*PIRE0_EL1 missing[^]*PIR_EL1 missing/,
    '6.12-max-gicv3',
    '7.2-max-gicv3',
  ],
  [
    'qemu:7.2',
    'qemu:6.12',
    /KVM_REG_ARM_PSCI_VERSION refused[^]*KVM_REG_ARM_VENDOR_HYP_BMAP_2 missing/,
    '7.2-max-gicv3',
    '6.12-max-gicv3',
  ],
  ['qemu:6.12,cpu=cortex-a57', 'qemu:6.12', /MIDR_EL1 refused/, '6.12-cortex-a57-gicv3', '6.12-max-gicv3'],
  ['qemu:6.12,gic=2', 'qemu:7.2,gic=2', /TCR2_EL1 missing/, '6.12-max-gicv2', '7.2-max-gicv2'],
]

/** Registers of a kind, whatever their values: what is changed depends on those. */
const registersThat = (all: readonly Fate[], kind: FateKind): string[] =>
  all.flatMap((fate) => (fate.kind === kind && fate.piece.id !== undefined ? [pieceName(fate.piece)] : []))

const lostIn = ({ came }: Migration): string =>
  came!.map(({ piece, kind }) => `${piece.name ?? piece.what} ${kind}`).join('\n')

test.for(pairs)(
  '%s to %s does as is predicted, and the guest goes on',
  { timeout: 600_000 },
  async ([a, b, lost, recordedA, recordedB], context) => {
    skipWithout(context, 'qemu-system-aarch64')
    const sideA = await openSide(a)
    try {
      const sideB = await openSide(b)
      try {
        const migration = await migrationOf(sideA, sideB)
        expect(migration.findings.map(({ piece, says }) => `${pieceName(piece)}: ${says}`)).toEqual([])
        expect(migration.troubles).toEqual([])
        expect(migration.goesOn).toEqual({ a: 'KVM_EXIT_SYSTEM_EVENT', b: 'KVM_EXIT_SYSTEM_EVENT' })
        expect(lostIn(migration)).toMatch(lost)
        const recorded = await migrationOf(await openSide(recordedA), await openSide(recordedB))
        for (const kind of ['missing', 'refused'] as const)
          expect(registersThat(recorded.predicted, kind)).toEqual(registersThat(migration.came!, kind))
      } finally {
        await sideB.close()
      }
    } finally {
      await sideA.close()
    }
  },
)
