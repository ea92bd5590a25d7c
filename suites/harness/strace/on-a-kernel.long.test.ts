/** A real strace of real programs on a real kernel: what it shows of every sequence is what was called and answered. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { abi, ioctlNamed } from '../../../harness/abi/index.ts'
import { downloadPackage } from '../../../harness/guest/debian.ts'
import { cpio, type Entry } from '../../../harness/guest/initramfs.ts'
import { prepareGuest, runningFirst, type Prepared } from '../../../harness/guest/prepare.ts'
import { sortOf, type Call } from '../../../harness/model/call.ts'
import { parseTarget, type Target } from '../../../harness/model/target.ts'
import { run } from '../../../harness/process/programs.ts'
import { openKernel } from '../../../harness/run/open-target.ts'
import { translated, type Entry as Traced } from '../../../harness/strace/translate.ts'
import { allSequences } from '../../../harness/suite/declared.ts'
import { stepsOf } from '../../../harness/suite/sequence-text.ts'
import { inC } from '../../../reports/reproducers/c.ts'
import { reproductionOf } from '../../../reports/reproducers/reproduction.ts'
import { scratch } from '../command.ts'
import { inOneBinary, toldIn } from '../reports/many-programs.ts'
import { skipWithout } from '../skip-without.ts'

const TARGET = 'qemu:6.12'
/** What strace is and needs, of Debian. */
const PACKAGES = ['strace', 'libc6', 'libunwind8', 'liblzma5', 'libgcc-s1']
const SUITE = 'trixie'

/** Program i under strace, whose output is then shown. */
const UNDER_STRACE = `
      char number[16];
      snprintf(number, sizeof number, "%u", i);
      mkdir("/proc", 0755);
      mount("proc", "/proc", "proc", 0, NULL);
      pid_t traced = fork();
      if (!traced) {
        int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        execl("/usr/bin/strace", "strace", "-f", "-y", "-e", "trace=ioctl,close,openat", "-o", "/strace.txt", "/first",
              number, (char *)NULL);
        _exit(127);
      }
      waitpid(traced, &status, 0);
      int text = open("/strace.txt", O_RDONLY);
      static char part[4096];
      for (ssize_t n; (n = read(text, part, sizeof part)) > 0;)
        if (write(1, part, n) < 0)
          _exit(1);
      _exit(0);`

/** The files of the packages as a guest has them, where its linker looks for them. */
const filesOf = async (folder: string): Promise<Entry[]> => {
  const root = join(folder, 'root')
  for (const name of PACKAGES) {
    const into = join(folder, name)
    mkdirSync(into)
    await run('dpkg-deb', ['-x', await downloadPackage(name, SUITE, into), root])
  }
  const libraries = join(root, 'usr/lib/aarch64-linux-gnu')
  return [
    ...['usr', 'usr/bin', 'lib', 'lib/aarch64-linux-gnu'].map((name) => ({ name, mode: 0o040755 })),
    { name: 'usr/bin/strace', mode: 0o100755, data: readFileSync(join(root, 'usr/bin/strace')) },
    { name: 'lib/ld-linux-aarch64.so.1', mode: 0o100755, data: readFileSync(join(libraries, 'ld-linux-aarch64.so.1')) },
    ...readdirSync(libraries)
      .filter((name) => /^lib(c|unwind|unwind-ptrace|unwind-aarch64|lzma|gcc_s)\.so\.\d+$/.test(name))
      .map((name) => ({
        name: `lib/aarch64-linux-gnu/${name}`,
        mode: 0o100755,
        data: readFileSync(join(libraries, name)),
      })),
  ]
}

/** The same guest with those files. */
const withFiles = (prepared: Prepared, files: Entry[]): Prepared => {
  const initrd = join(scratch(), 'with-strace.cpio.gz')
  writeFileSync(initrd, gzipSync(Buffer.concat([gunzipSync(readFileSync(prepared.initrd)), cpio(files)])))
  return { ...prepared, initrd }
}

/** What was called and what came of it; of an argument what any strace shows, where it shows one. */
interface Called {
  nr: string
  ret: number | undefined
  arg?: string
}

/** Of what strace shows less: a pointer's badness, kvm_run, addresses, and the upper half of the id of a vcpu. */
const plain = ({ ioctl, arg, on }: Call): string =>
  ioctl.name === 'KVM_RUN'
    ? ''
    : ioctl.name === 'KVM_CREATE_VCPU'
      ? String(BigInt.asUintN(32, arg as bigint))
      : ioctl.takes
          .print(arg, sortOf(on))
          .replace(/^&[a-z]+(\(\w+\))?/, '')
          .replace(/userspace_addr = .*/, '')

const numberOf = ({ ioctl, arg }: Call): string => String(ioctl.nrOf?.(arg) ?? ioctl.nr ?? ioctl.name)
/** By its name, or of one that has none as `ioctl(0xaeff)`. */
const numberNamed = (name: string): string =>
  String(ioctlNamed(name)?.nr ?? Number(/^ioctl\((0x\w+)\)$/.exec(name)?.[1] ?? NaN))

/** Whether the number is one of KVM's, of which alone a trace of strace has calls. */
const isOfKvm = ({ nr }: Called): boolean => ((Number(nr) >> 8) & 0xff) === 0xae

const seenIn = (entries: readonly Traced[]): Called[] =>
  entries.map((entry): Called => {
    if ('unread' in entry) return { nr: `line ${entry.line} ${entry.unread}`, ret: undefined }
    if ('why' in entry) return { nr: numberNamed(entry.name), ret: entry.ret }
    const { call, answer } = entry.step
    return { nr: numberOf(call), ret: answer!.ret, arg: plain(call) }
  })

const PREFERRED = [numberNamed('KVM_CREATE_VM'), numberNamed('KVM_ARM_PREFERRED_TARGET'), 'close'].join()

/** Without closes, and without the VM by which a program asks for the preferred target. */
const ofTrace = (all: readonly Called[]): Called[] =>
  all
    .filter(
      (_, i) =>
        ![i - 2, i - 1, i].some(
          (at) =>
            all
              .slice(Math.max(at, 0), at + 3)
              .map(({ nr }) => nr)
              .join() === PREFERRED,
        ),
    )
    .filter(({ nr }) => nr !== 'close')

test('of every sequence strace shows what was called and answered', { timeout: 3_600_000 }, async (context) => {
  skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc', 'dpkg-deb')
  const all = (await allSequences())
    .filter(({ dialect }) => dialect === undefined)
    .map((one) => ({ name: one.title, calls: stepsOf(one, abi).map(({ call }) => call), steps: stepsOf(one, abi) }))
  const kernel = await openKernel(TARGET)
  const played = await Promise.all(all.map(({ calls }) => kernel.play(calls))).finally(() => kernel.close())
  const { host } = kernel
  const programs = all.map(({ name, steps }) => inC(reproductionOf(name, steps, host, host.kernel.release)))
  const binary = await inOneBinary(programs, scratch(), UNDER_STRACE)
  const target = parseTarget(TARGET) as Extract<Target, { kind: 'qemu' }>
  const told = await toldIn(withFiles(await runningFirst(await prepareGuest(target), binary), await filesOf(scratch())))
  expect(told).toHaveLength(all.length)
  let shown = 0
  const differ = all.flatMap(({ name, calls }, i) => {
    const { answers, outcome } = played[i]!
    if (outcome !== 'done') return []
    const called = calls
      .flatMap((call, at): Called[] =>
        call.ioctl.syscall ? [] : [{ nr: numberOf(call), ret: answers[at]!.ret, arg: plain(call) }],
      )
      .filter(isOfKvm)
    const seen = ofTrace(seenIn(translated(told[i]!.lines.join('\n'), abi).entries))
    shown += seen.filter(({ arg }) => arg !== undefined).length
    // What strace does not show cannot differ.
    const due = called.map(({ nr, ret, arg }, at) => ({ nr, ret, ...(seen[at]?.arg !== undefined && { arg }) }))
    return isDeepStrictEqual(seen, due) ? [] : [{ name, seen, due }]
  })
  expect(differ).toEqual([])
  expect(shown).toBeGreaterThan(1000)
})
