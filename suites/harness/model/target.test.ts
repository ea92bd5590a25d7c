/** The text of a target is read and printed without loss, and wrong text is refused in one line. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../harness/process/user-error.ts'
import { usualMachine } from '../../../harness/model/guest-machine.ts'
import { type Target, parseTarget, printTarget } from '../../../harness/model/target.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/)
const printable = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme-ascii' })
const machine = fc
  .record({
    cpu: fc.constantFrom('max', 'cortex-a57', 'a64fx'),
    gic: fc.constantFrom(2 as const, 3 as const),
    vgic: fc.boolean(),
    mte: fc.boolean(),
    pmu: fc.boolean(),
    smp: fc.integer({ min: 1, max: 64 }),
    mem: fc.constantFrom('1G', '512M', '2048'),
    channel: fc.constantFrom('virtio' as const, 'uart' as const),
    append: fc.oneof(fc.constant(''), printable),
  })
  .chain((drawn) =>
    drawn.cpu !== 'max'
      ? fc.constant(drawn)
      : fc
          .option(fc.integer({ min: 1, max: 16 }), { nil: undefined })
          .map((vq) => ({ ...drawn, ...(vq !== undefined && { 'sve-max-vq': vq }) })),
  )
const kernel = fc.oneof(
  fc.constantFrom('5.10', '6.12', '6.12.94', '7.2').map((release) => ({ release })),
  fc.array(word, { minLength: 1, maxLength: 4 }).map((names) => ({ image: '/' + names.join('/') })),
)
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constant<Target>({ kind: 'mock' }),
  word.map((host): Target => ({ kind: 'mock', host })),
  word.map((erratum): Target => ({ kind: 'mock', erratum: erratum.replaceAll('+', '-') })),
  word.map((dialect): Target => ({ kind: 'mock', dialect: dialect.replaceAll('+', '-') })),
  fc.constant<Target>({ kind: 'native' }),
  word.map((host): Target => ({ kind: 'ssh', host })),
  word.map((file): Target => ({ kind: 'console', file })),
  printable.filter((text) => text.trim() !== '').map((command): Target => ({ kind: 'exec', command })),
  fc.record({
    kind: fc.constant('serial' as const),
    device: word.map((name) => `/dev/${name}`),
    baud: fc.constantFrom(9600, 115200),
  }),
  fc.record({ kind: fc.constant('qemu' as const), kernel, machine }),
  fc.record({ kind: fc.constant('qemu' as const), kernel, machine, dialect: fc.constant('finalize-2019') }),
)

describe('the text of a target', () => {
  it('is read back as what was printed', () => {
    fc.assert(
      fc.property(target, (drawn) => {
        expect(parseTarget(printTarget(drawn))).toEqual(drawn)
      }),
    )
  })

  it('gives QEMU the usual machine where it says nothing', () => {
    expect(parseTarget('qemu:6.12')).toEqual({ kind: 'qemu', kernel: { release: '6.12' }, machine: usualMachine })
    expect(parseTarget('qemu:6.12,gic=2,cpu=cortex-a57')).toMatchObject({
      machine: { gic: 2, cpu: 'cortex-a57', channel: 'virtio' },
    })
  })

  it('takes a path for an Image, and the rest of the text for append', () => {
    expect(parseTarget('qemu:arch/arm64/boot/Image,append=kvm-arm.mode=nvhe earlycon=pl011,mmio32')).toMatchObject({
      kernel: { image: 'arch/arm64/boot/Image' },
      machine: { append: 'kvm-arm.mode=nvhe earlycon=pl011,mmio32' },
    })
  })

  it('takes ports of ssh as in a URL', () => {
    expect(parseTarget('ssh://root@board:2222')).toEqual({ kind: 'ssh', host: '//root@board:2222' })
    expect(printTarget(parseTarget('ssh://root@board:2222'))).toBe('ssh://root@board:2222')
  })

  it.each([
    ['', '"" is no target; understood are mock, mock:HOST, native, qemu:RELEASE'],
    ['hvf:6.12', '"hvf:6.12" is no target; understood are'],
    ['ssh:', '"ssh:" is no target'],
    ['ssh:-oProxyCommand=x', '"ssh:-oProxyCommand=x" is no target'],
    ['exec: ', '"exec:" is no target'],
    ['console:', '"console:" is no target'],
    ['native:here', '"native:here" is no target'],
    ['qemu:', 'qemu:: no kernel named; say a release (qemu:6.12) or the path of an Image'],
    ['qemu:,gic=2', 'no kernel named'],
    [
      'qemu:6.12,gicv=2',
      'no option "gicv"; options are cpu, gic, vgic, mte, pmu, smp, mem, sve-max-vq, channel, append',
    ],
    ['qemu:6.12,constructor=2', 'no option "constructor"'],
    ['qemu:6.12,gic=4', 'gic takes 2 or 3'],
    ['qemu:6.12,gic', 'gic takes 2 or 3'],
    ['qemu:6.12,gic=toString', 'gic takes 2 or 3'],
    ['qemu:6.12,pmu=no', 'pmu takes on or off'],
    ['qemu:6.12,smp=0', 'smp takes 1 to 64'],
    ['qemu:6.12,cpu=max,sve=off', 'no option "sve"'],
    ['qemu:6.12,gic=2,gic=3', 'option gic is given twice'],
    ['qemu:6.12,cpu=cortex-a57,sve-max-vq=4', 'sve-max-vq is a property of cpu=max alone'],
    ['serial:', 'say the device and, if it is not 115200, its speed'],
  ])('refuses %j in one line', (text, message) => {
    expect(() => parseTarget(text)).toThrow(UserError)
    expect(() => parseTarget(text)).toThrow(message)
    expect(() => parseTarget(text)).toThrow(/^[^\n]+$/)
  })
})
