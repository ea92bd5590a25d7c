/** A migration as data, for scripts. Numbers of 64 bits and more are hexadecimal text. */
import { hex } from '../../harness/model/scalar.ts'
import type { Side } from '../diff/side.ts'
import { changesOfFate } from './causes.ts'
import type { Fate } from './fate.ts'
import type { Migration } from './migration.ts'
import { hiddenRegisters } from './qemu.ts'
import { type StatePiece } from './state.ts'

const sideOf = ({ name, host, release }: Side) => ({ name, host: host.name, kernel: host.kernel.unameR, release })

const pieceOf = ({ kind, what, name, id }: StatePiece) => ({
  kind,
  what,
  ...(name !== undefined && { name }),
  ...(id !== undefined && { id: hex(id) }),
})

const fateOf = (a: Side, b: Side, fate: Fate) => {
  const { piece, kind, saved, reads, reply, rule } = fate
  return {
    ...pieceOf(piece),
    fate: kind,
    ...(saved !== undefined && { saved: hex(saved) }),
    ...(reads !== undefined && { reads: hex(reads) }),
    ...(reply !== undefined && { reply }),
    ...(rule && { rule: rule.id }),
    commits: changesOfFate(a, b, fate).map(({ commit }) => commit),
  }
}

const oneWay = (migration: Migration) => {
  const { a, b, vm, predicted, came, findings, added, facts, goesOn, troubles } = migration
  return {
    from: sideOf(a),
    to: sideOf(b),
    vm,
    predicted: predicted.map((fate) => fateOf(a, b, fate)),
    ...(came && { came: came.map((fate) => fateOf(a, b, fate)) }),
    findings: findings.map(({ piece, says }) => ({ ...pieceOf(piece), says })),
    new: added.map(pieceOf),
    facts,
    ...(goesOn && { goesOn }),
    troubles,
    hiddenRegisters: hiddenRegisters(came ?? predicted) ?? '',
  }
}

/** The text of the file; its version rises where a field changes. */
export const migrationJson = (there: Migration, back: Migration): string =>
  `${JSON.stringify({ version: 1, there: oneWay(there), back: oneWay(back) }, undefined, 1)}\n`
