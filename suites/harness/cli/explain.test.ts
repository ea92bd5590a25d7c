/** `explain`: the rule of a call, where the table disagrees, and what would have been granted. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { worldAfter } from '../../../harness/oracle/remedies.ts'
import { expected } from '../../../harness/oracle/oracle.ts'
import { answersIn } from '../../../harness/oracle/mock.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { boot } from '../../../harness/table/rules.ts'
import { parse } from '../../../harness/table/notation.ts'
import { explained } from '../../../reports/book/explanation.ts'
import { command, commandReading, scratch } from '../command.ts'

const host = hostNamed()
const of = { host, release: host.kernel.release }

/** Explains the last line after the others, all of which are answered by the table. */
const explain = (text: string, host = hostNamed()) => {
  const of = { host, release: host.kernel.release }
  const steps = withCreations(parse(text))
  const last = steps.pop()!
  const calls = steps.map(({ call }) => call)
  return explained(of, { calls, answers: answersIn(boot(host), calls) }, last, 'book.html')
}

const sve = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE)\n'

test('the rule with its sentence, citation, releases and places', () => {
  const { lines, isContradicted } = explain(`${sve}KVM_RUN -> -EPERM`)
  expect(lines[0]).toBe('KVM_RUN -> -EPERM (too early)')
  expect(lines).toContain('  rule      KVM_RUN/too early')
  expect(lines).toContain('  says      A vcpu with SVE runs once SVE is finalized.')
  expect(lines).toContain('  from      api.rst 4.10 EPERM SVE feature set but not finalized (arm64)')
  expect(lines).toContain('  releases  all')
  expect(lines).toContain('  book      book.html#KVM_RUN-too-early')
  expect(lines.some((line) => /^ {2}source {4}harness\/abi\/ioctls\/run\.ts:\d+$/.test(line))).toBe(true)
  expect(isContradicted).toBe(false)
})

test('an answer that no rule gives is contradicted, one that applies as well is not', () => {
  const wrong = explain(`${sve}KVM_RUN -> -EINVAL`)
  expect(wrong.lines).toContain('  answered  -EINVAL; no rule of the table answers so here')
  expect(wrong.lines).toContain('  right     -EPERM (too early)')
  expect(wrong.isContradicted).toBe(true)
  const other = explain('KVM_SET_ONE_REG(0x603000000013c020, &0x0) -> -EINVAL')
  expect(other.lines).toContain('  answered  -EINVAL (value), which applies as well; another rule comes first')
  expect(other.isContradicted).toBe(false)
})

test('what would have been granted is granted: another argument, or the same after another call', () => {
  const { lines } = explain('KVM_ARM_VCPU_INIT(0)\nKVM_SET_ONE_REG(0x603000000013c020, &0x0) -> -EINVAL')
  const granted = lines.flatMap((line) => (line.startsWith('  granted ') ? [line.slice(12)] : []))
  expect(granted.length).toBeGreaterThan(0)
  for (const line of granted) {
    const steps = withCreations(parse(`KVM_ARM_VCPU_INIT(0)\n${line}`)).map(({ call }) => call)
    const past = { calls: steps.slice(0, -1), answers: answersIn(boot(host), steps.slice(0, -1)) }
    expect(expected(worldAfter(of, past), steps.at(-1)!).errno).toBeUndefined()
  }
  expect(explain(`${sve}KVM_GET_REG_LIST(n = 1000)`).lines.at(-1)).toMatch(
    /^ {2}after {5}KVM_ARM_VCPU_FINALIZE\(KVM_ARM_VCPU_SVE\) -> ok: ok = \d+$/,
  )
})

test('other releases are told where they answer otherwise', () => {
  const { lines } = explain('KVM_CREATE_VCPU(0x100000000)')
  expect(lines).toContain('  5.10, 6.1 ok')
})

test('what nobody has looked at is not explained', () => {
  const { lines, isContradicted } = explain(
    `KVM_CREATE_VM(0)\nKVM_ENABLE_CAP(KVM_CAP_ARM_MTE)\nKVM_CREATE_VCPU(0)\nKVM_ARM_VCPU_INIT(0)
     KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 1)) -> -EIO`,
    hostNamed('6.12-max-vq4-mte-gicv3'),
  )
  expect(lines[1]).toBe('  unknown   nobody has looked what kernels answer here; nothing is judged')
  expect(isContradicted).toBe(false)
})

test('after a file, whose answers are believed; and line by line from standard input', async () => {
  const path = join(scratch(), 'before.trace')
  // As a kernel with a bug would answer, and from then on a vcpu is not initialised.
  writeFileSync(path, 'KVM_ARM_VCPU_INIT(features[] = 0) -> -EINVAL\n')
  const { code, out } = await command('explain', 'KVM_RUN -> ok', '--after', path)
  expect(out).toMatch(/^KVM_RUN -> -ENOEXEC \(not initialised\)\n {2}answered {2}ok; no rule /)
  expect(code).toBe(1)
  const read = await commandReading('KVM_ARM_VCPU_INIT(0)\n# nothing\n\nKVM_RUN(immediate_exit)\n', 'explain')
  expect(read.out).toMatch(/^KVM_ARM_VCPU_INIT\(.*\) -> ok\n[^]*^KVM_RUN\(immediate_exit\) -> -EINTR/m)
  expect([read.code, read.err]).toEqual([0, ''])
  expect((await commandReading('KVM_RUM\n', 'explain')).err).toBe(
    'error: input:1: no such ioctl "KVM_RUM"; did you mean KVM_RUN?\n',
  )
})
