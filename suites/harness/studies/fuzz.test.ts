/** The fuzzer of agent.c: what it knows of the protocol, and what it says where it cannot be built. */
import { describe, expect, it } from 'vitest'
import { badLines, badOps, goodOps } from '../../../harness/agent/samples.ts'
import { buildFuzzers } from '../../../harness/studies/fuzz/build.ts'
import { answerTo } from '../../../harness/studies/fuzz/model.ts'

describe('what is known of every answer', () => {
  const plain = goodOps.filter(([, answer]) => !/[({]/.test(answer.source))
  it.each(plain)('agrees with the tests of the protocol on good ops %j', (ops, answer) => {
    const line = answerTo(`play a 1000${ops && ' '}${ops}`)
    const said = `done a${answer.source.slice(1, -1)}`
    expect(said).toMatch(line)
    expect(`${said} -9`).not.toMatch(line)
  })

  it.each(badOps.map((ops) => [ops.slice(0, 60), ops]))('and on bad ops %#: %j', (_, ops) => {
    expect('bad a why').toMatch(answerTo(`play a 1000 ${ops}`))
  })

  it.each(badLines.map(([line, id]) => [line.slice(0, 60), line, id]))('and on bad line %#: %j', (_, line, id) => {
    expect(`bad ${id} why`).toMatch(answerTo(line))
    expect(`bad other why`).not.toMatch(answerTo(line))
  })
})

it('a missing clang is named with its packages', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    await expect(buildFuzzers('/nowhere')).rejects.toThrow(
      /^clang is needed to fuzz agent.c .* apt install clang libclang-rt-dev$/,
    )
  } finally {
    process.env.PATH = path
  }
})
