/** Every command with arguments that mean nothing: one line says so, whatever the command is. */
import { expect, test } from 'vitest'
import { program } from '../../../harness/cli/cli.ts'
import { command } from '../command.ts'

const all = (await program(undefined)).commands
  .filter((one) => one.registeredArguments.length > 0)
  .map((one) => ({ name: one.name(), args: one.registeredArguments.length }))

test('there are such commands', () => {
  expect(all.length).toBeGreaterThan(15)
})

test.concurrent.for(all.flatMap(({ name, args }) => ['nonsense', ''].map((word) => [name, word, args] as const)))(
  '%s %j',
  { timeout: 60_000 },
  async ([name, word, args], { expect }) => {
    const { code, out, err } = await command(name, ...Array<string>(args).fill(word))
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(/^error: .+\n$/) })
    expect(err).not.toMatch(/fault of kvm-arm64-abi itself|Error:|undefined/)
  },
)
