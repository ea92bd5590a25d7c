/** Traces as programs: what stands in them, and that a compiler has nothing to object. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { abi } from '../../../harness/abi/index.ts'
import { isInHeaders } from '../../../harness/names/in-c.ts'
import { withCreations } from '../../../harness/table/creations.ts'
import { parse } from '../../../harness/table/notation.ts'
import { asSelftest, inC } from '../../../reports/reproducers/c.ts'
import { cStructOf } from '../../../reports/reproducers/c-structs.ts'
import { reproductionOf, type Reproduction } from '../../../reports/reproducers/reproduction.ts'
import { inSyz } from '../../../reports/reproducers/syz.ts'
import { scratch } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

/** Every kind of argument, pointer, value and caller; and what a broken kernel answered. */
const TRACE = `
  KVM_GET_API_VERSION
  KVM_CHECK_EXTENSION(KVM_CAP_ARM_SVE)
  KVM_SET_USER_MEMORY_REGION(slot = 0, guest_phys_addr = 0x0, memory_size = 0x10000, userspace_addr = &guest)
  KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2 | KVM_ARM_VCPU_SVE)
  KVM_ARM_VCPU_INIT(&short(16), features[] = 0)
  KVM_ARM_VCPU_INIT(&tagged(1), target = 5, features[] = 1 << 31)
  KVM_RUN(immediate_exit) -> ok
  KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)
  KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)
  KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG(regs.regs[5]), &0x1000)
  KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(1, 0), &0x123456789abcdef0123456789)
  KVM_GET_ONE_REG(ARM64_SYS_REG(3, 0, 0, 4, 0))
  gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &unmapped)
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &readonly)
  gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8000000)
  child of vcpu0: KVM_GET_REG_LIST(n = 1000)
  KVM_GET_REG_LIST(n = 1000)
  KVM_RUN
  gic: close
  gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x0)`

/** Calls that another thread makes while the program goes on. */
const BACKGROUND = `
  vcpu0: KVM_ARM_VCPU_INIT(features[] = 0)
  vcpu0: KVM_RUN(background)
  vcpu1: KVM_RUN(background)
  vm: KVM_ARM_SET_COUNTER_OFFSET(0x1)
  vcpu0: close
  vcpu0: join`

const host = hostNamed()
const reproduction = (text: string): Reproduction =>
  reproductionOf('a trace', withCreations(parse(text)), host, host.kernel.release)
const all = reproduction(TRACE)
const inBackground = reproduction(BACKGROUND)

/** As little of the kernel's kselftest.h as a program needs. */
const KSELFTEST = `
void ksft_print_header(void);
void ksft_set_plan(unsigned int plan);
void ksft_print_msg(const char *msg, ...);
void ksft_test_result(int condition, const char *msg, ...);
_Noreturn void ksft_exit_skip(const char *msg, ...);
_Noreturn void ksft_finished(void);
`

test('a call has its line beside it, names where the headers have them, and what is due', () => {
  const text = inC(all)
  expect(text).toContain(`	/* KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE) -> ok */
	*(__u32 *)data = 4;
	ret = ioctl(vcpu0_fd, KVM_ARM_VCPU_FINALIZE, data);
	expect("KVM_ARM_VCPU_FINALIZE(KVM_ARM_VCPU_SVE)", ret, 0);
`)
  expect(text).toContain('.features = { 1 << KVM_ARM_VCPU_PSCI_0_2 | 1 << KVM_ARM_VCPU_SVE }')
  expect(text).toContain(
    '.id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | KVM_REG_ARM_CORE_REG(regs.regs[5])',
  )
  expect(text).toContain('memcpy(data + 0xfff0, &(struct kvm_vcpu_init){ .target = preferred_target() }, 16);')
  expect(text).toContain('ret = ioctl(kvm_fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_SVE);')
  expect(text).toContain('gic_fd = made(ret, *(int *)(data + 4), gic_fd);')
  expect(text).toContain('ret = ioctl_of_child(vcpu0_fd, KVM_GET_REG_LIST, (uintptr_t)data);')
})

test('what a broken kernel answered stands beside what is due', () => {
  expect(inC(all)).toContain('/* KVM_RUN(immediate_exit) -> -EPERM (too early); a kernel answered ok */')
})

test('a name that only newer headers have is a number', () => {
  const text = inC(reproduction('vm: KVM_ARM_GET_REG_WRITABLE_MASKS(ARM64_SYS_REG(3, 0, 0, 6, 0))'))
  expect(text).toContain('ret = ioctl(vm_fd, 0x8040aeb6, data);')
  expect(text).not.toContain('reg_mask_range')
})

test('a list is compared id by id where it is the last answer', () => {
  const text = inC(reproduction('KVM_ARM_VCPU_INIT(0)\nKVM_GET_REG_LIST(n = 1000)\nKVM_GET_REG_LIST(n = 1000)'))
  const [n] = /expect_value\("KVM_GET_REG_LIST.*, (0x\w+)\);/.exec(text)!.slice(1)
  const [, size, first] = /expect_bytes\("KVM_GET_REG_LIST.*\[(\d+)\]\){\n\t\t(.*),\n/.exec(text)!
  expect(Number(size)).toBe(Number(n) + 1)
  expect(first!.split(', ').slice(0, 2)).toEqual([n, '0x6030000000100000'])
})

test('the struct of every ioctl is named, where the headers have it', () => {
  const missing = abi.flatMap(({ name, takes }) => {
    const [, struct] = /struct (\w+)/.exec(takes.pointsTo?.what ?? '') ?? []
    if (struct === undefined || !isInHeaders(struct) || cStructOf(name)?.name === struct) return []
    return [`${name} takes struct ${struct}; add it to reports/reproducers/c-structs.ts`]
  })
  expect(missing).toEqual([])
})

test('an answer that nobody has looked at ends the comparison where it is another', () => {
  const unknown = { ...all.calls.at(-1)!, isUnknown: true as const, due: 0 }
  const text = inC({ ...all, calls: [...all.calls.slice(0, -1), unknown] })
  expect(text).toMatch(
    /\tif \(!may_go_on\("gic: .*", ret, 0\)\)\n\t\tgoto out;\n[^]*\nout:\n\treturn deviations > 0;\n/,
  )
})

test('the cross compiler warns of nothing, in a program and in a selftest', (context) => {
  skipWithout(context, 'aarch64-linux-gnu-gcc')
  const folder = scratch()
  mkdirSync(join(folder, 'include'))
  writeFileSync(join(folder, 'include/kselftest.h'), KSELFTEST)
  const small = reproduction('KVM_CREATE_VM(31)')
  for (const [name, text] of Object.entries({
    c: inC(all),
    ksft: asSelftest(all),
    small: inC(small),
    background: inC(inBackground),
    join: inC(reproduction('vcpu0: join')),
  })) {
    writeFileSync(join(folder, `${name}.c`), text)
    const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-Iinclude', '-c', `${name}.c`]
    expect(execFileSync('aarch64-linux-gnu-gcc', flags, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })).toBe('')
  }
})

test('a call in the background is begun once the kernel has written that it is under way, and ended by a signal', () => {
  const text = inC(inBackground)
  expect(text).toContain(`	run->exit_reason = 0xffffffff;
	ret = begin_call(&background_of_vcpu0_fd, vcpu0_fd, KVM_RUN, 0, &run->exit_reason);
	expect("vcpu0: KVM_RUN(background)", ret, 0);`)
  expect(text).toContain('expect("KVM_ARM_SET_COUNTER_OFFSET(0x1)", ret, -EBUSY);')
  expect(text).toContain(`	ret = end_call(&background_of_vcpu0_fd);
	expect("vcpu0: join", ret, -EINTR);`)
  expect(inSyz(inBackground)).toMatch(/^ioctl\$KVM_RUN\(r2, 0xae80, 0x0\) \(async\)$/m)
})

test('a selftest plans a result for each call', () => {
  const text = asSelftest(all)
  expect(text).toContain('#include "kselftest.h"')
  expect(text).toContain(`ksft_set_plan(${all.calls.length});`)
  expect(text.match(/\n\texpect(_\w+)?\(/g)).toHaveLength(all.calls.length)
})

test('a program of syzkaller has its names, resources and structs', () => {
  const lines = inSyz(all).split('\n')
  const after = (comment: string) => lines[lines.findIndex((line) => line.startsWith(`# ${comment}`)) + 1]
  expect(after('Linux 6.12')).toBe('r0 = openat$kvm(0xffffffffffffff9c, &(0x7f0000fff000), 0x2, 0x0)')
  expect(after('KVM_CREATE_VM(0)')).toBe('r1 = ioctl$KVM_CREATE_VM(r0, 0xae01, 0x0)')
  expect(after('KVM_ARM_VCPU_INIT(features')).toBe(
    'ioctl$KVM_ARM_VCPU_INIT(r2, 0x4020aeae, &(0x7f0000000000)={0x5, 0x14})',
  )
  expect(after('KVM_SET_ONE_REG(KVM_REG_ARM_CORE_REG')).toBe(
    'ioctl$KVM_SET_ONE_REG(r2, 0x4010aeac, &(0x7f0000000000)=@other={0x603000000010000a, &(0x7f0000000100)=0x1000})',
  )
  expect(after('gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &0x8')).toMatch(
    /^ioctl\$KVM_SET_DEVICE_ATTR\(r\d+, 0x4018aee1, &\(0x7f0000000000\)={0x0, 0x0, 0x2, &\(0x7f0000000100\)=0x8000000}\)$/,
  )
  expect(after('child of vcpu0')).toBe('# syzkaller has no call from another mm; this one is left out')
  expect(lines).toContain('write(0xffffffffffffffff, &(0x7f0000c00001)="01", 0x1)')
  expect(lines.at(-2)).toBe(
    'ioctl$KVM_GET_DEVICE_ATTR(0xffffffffffffffff, 0x4018aee2, &(0x7f0000000000)={0x0, 0x0, 0x2, &(0x7f0000000100)=0x0})',
  )
})
