/** The fuzzer of agent.c: what it knows of the protocol, and what it says where it cannot be built. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { badLines, badOps, goodOps } from '../../../harness/agent/samples.ts'
import { buildFuzzers } from '../../../harness/studies/fuzz/build.ts'
import { answerTo } from '../../../harness/studies/fuzz/model.ts'
import { playSession } from '../../../harness/studies/fuzz/pipes.ts'
import { replayPlayer } from '../../../harness/studies/fuzz/player.ts'
import { writeSeeds } from '../../../harness/studies/fuzz/seeds.ts'
import { scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

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

/** A file that is new in the agent, or moved, is missing here first. */
it('it is built, and the agent in it answers', async (context) => {
  skipWithout(context, 'clang')
  const folder = scratch()
  await buildFuzzers(folder)
  const wrong = (...pieces: string[]) => playSession(folder, { pieces, lazy: 0, kill: null })
  expect(await wrong('hello 1\n', 'play a 60000 c,0 ', 'w,d:0,00\n', 'nonsense\n', 'bye\n')).toBeUndefined()
  const seeds = join(folder, 'seeds')
  writeSeeds(seeds, join(folder, 'words'))
  expect(await replayPlayer(folder, join(seeds, readdirSync(seeds)[0]!))).toEqual({ said: '1 input' })
})
