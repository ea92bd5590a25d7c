/** Traces of every kind that can be wrong: refused in one short line that says where. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { readText } from '../../../harness/process/files.ts'
import { toOps } from '../../../harness/link/ops.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse, print } from '../../../harness/table/notation.ts'
import { scratch } from '../command.ts'
import { complaint, MEGABYTE } from './complaint.ts'

describe('a trace', () => {
  test.each<[what: string, line: string, says: RegExp]>([
    [
      'a number beyond 64 bits',
      'KVM_CREATE_VCPU(18446744073709551616)',
      /the vcpu id is a number from 0 to 0xffffffffffffffff, not "18446744073709551616"$/,
    ],
    ['a negative one', 'KVM_CREATE_VM(-1)', /the type of the VM is a number from 0 to 0xf+, not "-1"$/],
    ['a million digits', `KVM_CREATE_VCPU(${'9'.repeat(MEGABYTE)})`, /not "9{120}…" \(1000000 characters\)$/],
    ['a shift out of all memory', 'KVM_CREATE_VCPU(1 << 99999999999)', /not "1 << 99999999999"$/],
    [
      'a number for a field of 32 bits',
      'vcpu0: KVM_ARM_VCPU_FINALIZE(4294967300)',
      /the feature is .* from -2147483648 to 0x7fffffff, not "4294967300"$/,
    ],
    ['flags beyond 32 bits', 'KVM_CREATE_DEVICE(7, flags = 1 << 32)', /flags is .* to 0xffffffff, not "1 << 32"$/],
    [
      'a bit behind the last word',
      'KVM_ARM_VCPU_INIT(features[] = 1 << 224)',
      /features\[\] is .* a number of up to 224 bits, not "1 << 224"$/,
    ],
    [
      'padding of 5 bytes',
      'KVM_SET_VCPU_EVENTS(exception.pad = 0x10000000000)',
      /exception\.pad is a number from 0 to 0xffffffffff, not /,
    ],
    [
      'a value wider than its register',
      'KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(fp_regs.fpsr), &0x100000000)',
      /the value of .*fpsr.* 0xffffffff, not "0x100000000"$/,
    ],
    [
      'a pointer short of more than there is',
      'KVM_GET_VCPU_EVENTS(&short(99999999999999999999))',
      /N of &short\(N\) is a number from 0 to 0x7fff, not /,
    ],
    ['a tag of 0', 'KVM_GET_VCPU_EVENTS(&tagged(0))', /N of &tagged\(N\) is a number from 1 to 255, not "0"$/],
    ['a tag of nine bits', 'KVM_GET_VCPU_EVENTS(&tagged(0x100))', /N of &tagged\(N\) .* 1 to 255, not "0x100"$/],
    [
      'memory that only some kernels give userspace',
      'KVM_SET_USER_MEMORY_REGION(memory_size = 0x1000, userspace_addr = 0x1000000000000)',
      /from 1 << 48 to 1 << 52 depends on how the kernel was built; write a region that ends before, or behind$/,
    ],
    ['what close is given', 'vcpu0: close(1)', /close takes no argument, so that "1" has no place$/],
    [
      'a close by a child',
      'child of vcpu0: close',
      /a child closes its own copy of a descriptor, which changes nothing$/,
    ],
    [
      'a name for what a child makes',
      'child of kvm: vm1 = KVM_CREATE_VM(0)',
      /what a child makes is its own, and has no/,
    ],
    ['a descriptor that nothing makes', 'vcpu1 = KVM_RUN', /KVM_RUN makes no descriptor that could be called vcpu1$/],
    [
      'memory behind the agent’s',
      'KVM_SET_USER_MEMORY_REGION(userspace_addr = &ram + 0x400000)',
      /guest memory is a number from 0 to 0x3ff[0-9a-f]{3}, not "0x400000"$/,
    ],
    ['an argument that is no number', 'KVM_GET_API_VERSION(abc)', /the argument is a number from .*, not "abc"$/],
    [
      'an answer that is no number',
      'KVM_RUN -> ok = abc',
      /the value of the answer is a name that harness\/names has, or a number from 0 to 0xffffffff, not "abc"$/,
    ],
    [
      'an answer that no int holds',
      'KVM_GET_API_VERSION -> ok = 0x80000000',
      /the value of the answer is a number from 0 to 0x7fffffff, not /,
    ],
    ['a value where none comes', 'KVM_ARM_VCPU_INIT(0) -> ok = 1', /KVM_ARM_VCPU_INIT gives no value back/],
    ['a field given twice', 'KVM_SET_USER_MEMORY_REGION(slot = 1, slot = 2)', /slot is given twice$/],
    ['a field given by name and by place', 'KVM_IRQ_LINE(irq = 3, 4)', /irq is given twice$/],
    ['two pointers', 'KVM_GET_REG_LIST(&unmapped, &readonly, n = 0)', /the pointer is given twice$/],
    [
      'a number that the descriptor knows as another call',
      'vm: KVM_GET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.pc))',
      /on vm the number of KVM_GET_ONE_REG is that of KVM_ARM_SET_DEVICE_ADDR; write that$/,
    ],
    [
      'the same the other way round',
      'vcpu0: KVM_ARM_SET_DEVICE_ADDR(0, 0x8000000)',
      /on vcpu0 the number of KVM_ARM_SET_DEVICE_ADDR is that of KVM_GET_ONE_REG; write that$/,
    ],
    ['a name that is none', '1vcpu: KVM_RUN', /not a descriptor's name: "1vcpu"/],
    ['a name to make that is none', 'a.b.c = KVM_CREATE_VCPU(0)', /not a descriptor's name: "a\.b\.c"/],
    ['a line of a megabyte', `${'x'.repeat(MEGABYTE)} !`, /not a trace line: "x{120}…" \(1000002 characters\)$/],
    [
      'an argument of a megabyte',
      `KVM_GET_ONE_REG(${'('.repeat(MEGABYTE)})`,
      /no register is called "\({120}…" \(1000000 characters\)/,
    ],
    ['control characters', '\u001b[31m\u202eKVM_RUN\0', /not a trace line: "\\x1b\[31m\\u202eKVM_RUN\\x00"$/],
  ])('with %s is refused in a short line with its place', (_, line, says) => {
    const said = complaint(() => parse(`# first\n${line}\n`, 'my.trace'))
    expect(said).toMatch(says)
    expect(said).toMatch(/^my\.trace:2: [^\p{Cc}\p{Cf}]{1,500}$/u)
  })

  test('is read with a byte order mark and with line ends of any system', () => {
    const file = join(scratch(), 'a.trace')
    writeFileSync(file, '\ufeff# Windows\r\nKVM_GET_API_VERSION -> ok = 12\r\n')
    expect(print(parse(readText(file), file))).toBe('KVM_GET_API_VERSION -> ok = 12')
  })

  test('of hundreds of thousands of calls is read and printed', () => {
    expect(print(parse('KVM_GET_API_VERSION -> ok = 12\n'.repeat(200_000))).split('\n')).toHaveLength(200_000)
  })

  const vm = (n: number) => `vm${n}: KVM_CHECK_EXTENSION(1)`
  test.each([
    [
      'calls',
      'KVM_GET_API_VERSION\n',
      4095,
      /^4097 operations of an agent, more than the 4096 that an agent takes in one list of calls; split the list/,
    ],
    ['descriptors', '', 23, /^25 descriptors, more than the 24 that an agent takes in one list of calls/],
  ])('with too many %s for an agent is refused, with how many it takes', (_, line, most, says) => {
    const ops = (n: number) => {
      const text = line.repeat(n) || Array.from({ length: n }, (__, i) => vm(i)).join('\n')
      return toOps(
        withCreations(parse(text)).map(({ call }) => call),
        hostNamed(),
      )
    }
    expect(() => ops(most)).not.toThrow()
    expect(complaint(() => ops(most + 1))).toMatch(says)
  })

  test('with values too long for a line to an agent is refused', () => {
    const call = parse('KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1)')[0]!.call
    expect(complaint(() => toOps(Array<typeof call>(120).fill(call), hostNamed()))).toMatch(
      /^\d+ bytes of operations, more than the 65504 that an agent takes /,
    )
  })

  test('of a vcpu whose number is no vcpu id is refused', () => {
    expect(complaint(() => withCreations(parse('vcpu18446744073709551616: KVM_RUN')))).toMatch(
      /^the vcpu id is a number from /,
    )
  })
})
