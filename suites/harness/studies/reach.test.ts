/** What of a kernel was reached: the counters of guests, and what gcov makes of them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { bringOut } from '../../../harness/studies/reach/counters.ts'
import { files, notesOf } from '../../../harness/studies/reach/files.ts'
import { addReport, type Counts } from '../../../harness/studies/reach/gcov.ts'
import { reachedIn, reasonsBy, staleReasons } from '../../../harness/studies/reach/reached.ts'
import type { Pool } from '../../../harness/targets/pool.ts'
import { largestGroups, reachedTable, reachedText } from '../../../reports/reach/text.ts'

const scratch = mkdtempSync(join(tmpdir(), 'reach-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
describe('counters', () => {
  const hex = (text: string) => Buffer.from(text).toString('hex')
  /** Each guest says its boot and its counters; undefined: it plays no lists at the time. */
  const poolOf = (
    guests: readonly ({ boot: string; counters: string | number } | undefined)[],
    asked: string[],
  ): Pool =>
    ({
      each: async (ops: string) => {
        asked.push(ops)
        return guests.map((guest) => {
          if (!guest) return undefined
          const { boot, counters } = guest
          const said = typeof counters === 'string' ? counters : ''
          return {
            outcome: 'done',
            answers: [
              { ret: boot.length, data: [hex(boot)] },
              { ret: typeof counters === 'number' ? counters : counters.length, data: [hex(said)] },
            ],
          }
        })
      },
    }) as unknown as Pool
  const [file] = files
  const tree = join(scratch, 'counting')
  write(join(tree, notesOf(file)), 'notes')

  test('come out of each guest, boot by boot, with the notes beside them', async () => {
    const out = join(scratch, 'out'),
      asked: string[] = []
    await bringOut(
      poolOf([{ boot: 'a\n', counters: 'one' }, undefined, { boot: 'b\n', counters: 'two' }], asked),
      tree,
      files,
      out,
    )
    await bringOut(poolOf([{ boot: 'a\n', counters: 'more' }], asked), tree, files, out)
    // Of the listed files one has notes.
    expect(asked).toHaveLength(2)
    expect(asked[0]).toContain(hex(`/sys/kernel/debug/gcov${tree}/arch/arm64/kvm/arm.gcda`))
    expect(readdirSync(out).toSorted()).toEqual(['a', 'b'])
    expect(readFileSync(join(out, 'a/arm.gcda'), 'utf8')).toBe('more')
    expect(readFileSync(join(out, 'b/arm.gcda'), 'utf8')).toBe('two')
    expect(readFileSync(join(out, 'b/arm.gcno'), 'utf8')).toBe('notes')
  })

  test('that are not there are told of, and so is a path that no agent can read', async () => {
    const out = join(scratch, 'none')
    await expect(bringOut(poolOf([{ boot: 'a', counters: -2 }], []), tree, files, out)).rejects.toThrow(
      /a guest has no \/sys\/kernel\/debug\/gcov\S*arm\.gcda; was its kernel built in .*, with CONFIG_GCOV_KERNEL\?/,
    )
    const deep = join(scratch, 'x'.repeat(200), 'y'.repeat(50))
    write(join(deep, notesOf(file)), 'notes')
    await expect(bringOut(poolOf([], []), deep, files, out)).rejects.toThrow(/too long for an agent/)
    expect(existsSync(out)).toBe(false)
  })
})

describe('what was reached', () => {
  const line = (number: number, name: string, count: number, ...branches: number[]) => ({
    line_number: number,
    function_name: name,
    count,
    branches: branches.map((taken) => ({ count: taken, fallthrough: false, throw: false })),
  })
  const report = (file: string, ...lines: object[]) => JSON.stringify({ files: [{ file, lines }] })
  const file = 'virt/kvm/kvm_main.c'
  const counts: Counts = new Map()
  addReport(
    counts,
    file,
    report(
      'arch/arm64/kvm/../../../virt/kvm/kvm_main.c',
      line(5, 'f', 1, 1, 0),
      line(6, 'f', 0),
      line(9, 'g', 0, 0, 0),
    ),
  )
  addReport(counts, file, report(file, line(5, 'f', 2, 0, 3), line(6, 'f', 0), line(9, 'g', 0, 0, 0), line(6, 'h', 0)))
  addReport(counts, file, report('include/linux/kvm_host.h', line(7, 'inlined', 1)))
  const reasons = reasonsBy({ hardware: [`${file}: g`, `${file}: gone`] })
  const reached = reachedIn(file, counts, reasons)

  test('is the sum over all guests, of one file alone', () => {
    expect(reached).toEqual({
      file,
      lines: { of: 3, reached: 1 },
      branches: { of: 4, reached: 2 },
      unreached: [
        { function: 'f', lines: [6] },
        { function: 'h', lines: [6] },
        { function: 'g', lines: [9], because: 'hardware' },
      ],
    })
  })

  test('leaves reasons that nothing needs', () => {
    expect(staleReasons([reached], reasons)).toEqual([`${file}: gone`])
  })

  test('is a table, groups, and every line with its source', () => {
    expect(reachedTable([reached]).at(-1)).toMatch(/^all +1 of 3 +33\.3 % +2 of 4 +50\.0 % +1$/)
    expect(largestGroups([reached], 1)).toEqual([`    1  ${file}: f`])
    const source = Array.from({ length: 9 }, (_, i) => `line ${i + 1};`)
    expect(
      reachedText(['played'], [reached], () => source)
        .split('\n')
        .slice(5),
    ).toEqual([
      '',
      `What nothing reached in ${file}`,
      '',
      '  f',
      '       6  line 6;',
      '',
      '  h',
      '       6  line 6;',
      '',
      '  g (hardware)',
      '       9  line 9;',
      '',
    ])
  })
})
