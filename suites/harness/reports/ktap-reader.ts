/**
 * A strict reader of KTAP version 1, after Documentation/dev-tools/ktap.rst: it throws where a line is out of order.
 */

export interface Result {
  ok: boolean
  id: string
  directive?: string
  reason?: string
  diagnostics: string[]
  subtests: Result[]
  /** How many subtests its plan says that are not there. */
  missing: number
}

interface Block {
  results: Result[]
  diagnostics: string[]
  missing: number
}

const result = /^(not ok|ok) (\d+) ([^#\s]+)(?: # (SKIP|XFAIL|ERROR|TIMEOUT|XPASS)(?: (.*))?)?$/

/**
 * The results of a report, with those nested in them. `missing`: how many its plan says that are not there. A result
 * whose own subtests are not all there must not be ok.
 */
export const readKtap = (text: string): Block => {
  if (!text.endsWith('\n')) throw new Error('the last line is cut off')
  const lines = text.slice(0, -1).split('\n')
  let at = 0

  const block = (indent: string): Block => {
    const next = () => (lines[at]?.startsWith(indent) ? lines[at]!.slice(indent.length) : undefined)
    const wrong = (what: string) => new Error(`line ${at + 1}: ${what}: ${lines[at]}`)
    if (next() !== 'KTAP version 1') throw wrong('a block begins with its version')
    at++
    const head: string[] = []
    for (; next()?.startsWith('#'); at++) head.push(next()!.slice(2))
    const plan = /^1\.\.(\d+)$/.exec(next() ?? '')
    if (!plan) throw wrong('no plan')
    at++
    const results: Result[] = []
    let diagnostics: string[] = []
    let inner: Block | undefined
    for (let line = next(); line !== undefined; line = next()) {
      if (line.startsWith('  ')) {
        inner = block(`${indent}  `)
        continue
      }
      if (line.startsWith('#')) diagnostics.push(line.slice(2))
      else {
        const [, ok, number, id, directive, reason] = result.exec(line) ?? []
        if (!id) throw wrong('neither a result nor a diagnostic')
        if (Number(number) !== results.length + 1) throw wrong(`result ${results.length + 1} is due`)
        const { results: subtests = [], missing = 0 } = inner ?? {}
        if (missing > 0 && ok === 'ok') throw wrong(`${missing} subtests are missing`)
        const says = { ...(directive && { directive }), ...(reason && { reason }) }
        results.push({ ok: ok === 'ok', id, ...says, diagnostics, subtests, missing })
        diagnostics = []
        inner = undefined
      }
      at++
    }
    const missing = Number(plan[1]) - results.length
    if (missing < 0) throw wrong(`the plan says ${plan[1]} results, there are ${results.length}`)
    if (inner) throw wrong('a block has no result after it')
    return { results, diagnostics: head, missing }
  }

  const all = block('')
  if (at !== lines.length) throw new Error(`line ${at + 1} belongs to no block: ${lines[at]}`)
  return all
}
