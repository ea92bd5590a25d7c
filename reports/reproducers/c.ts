/** A trace as a C program of its own, of the kind that one attaches to a mail, or as a selftest of the kernel's. */
import { judgedAs } from '../../harness/model/release.ts'
import { oneLine } from '../../harness/process/visible.ts'
import { expectations, inKtap, inLines, type Telling } from './c-answers.ts'
import { backgroundOf, statementsOf } from './c-call.ts'
import { fdOf } from './c-memory.ts'
import { helpers } from './c-helpers.ts'
import type { Reproduction } from './reproduction.ts'

const ALWAYS = [
  'errno.h',
  'fcntl.h',
  'linux/kvm.h',
  'stddef.h',
  'stdint.h',
  'stdio.h',
  'string.h',
  'sys/ioctl.h',
  'unistd.h',
]

/** A comment in which nothing of the text ends it. */
const head = ({ name, host, release }: Reproduction, how: readonly string[]): string =>
  [
    '// SPDX-License-Identifier: GPL-2.0',
    '/*',
    ` * ${oneLine(name).replaceAll('*/', '* /')}`,
    ' *',
    ` * What KVM of Linux ${judgedAs(release)} answers to these calls on ${host.name},`,
    ' * as the rules of kvm-arm64-abi have it. Answers in parentheses are the rule that refuses.',
    ' *',
    ...how.map((line) => ` * ${line}`),
    ' */',
  ].join('\n')

const ownHow = [
  'aarch64-linux-gnu-gcc -static -Wall -Wextra -o repro repro.c',
  '',
  'Exit status: 0 where the kernel answers so; 1 where it does not, with a line for each answer that deviates, of which',
  'later ones may follow from the first; 2 where something else fails.',
]

const ktapHow = [
  'Put it into tools/testing/selftests/kvm/arm64 (aarch64 before Linux 6.14), and its name into the Makefile.',
]

/** A variable for each descriptor on which another thread makes a call. */
const backgrounds = (calls: Reproduction['calls']): string[] =>
  [
    ...new Set(
      calls.flatMap(({ call: { on, ioctl, arg } }) => (ioctl.syscall === 'join' || ioctl.isBegun?.(arg) ? [on] : [])),
    ),
  ].map((on) => `struct background ${backgroundOf(on)} = { 0 };`)

const variables = ({ calls }: Reproduction, body: string): string[] => {
  const names = new Set([
    'kvm',
    ...calls.flatMap(({ call, makes, memory }) => [
      call.on,
      ...(makes === undefined ? [] : [makes]),
      ...memory.descriptors.flatMap(({ of }) => (typeof of === 'object' ? [of.name] : [])),
    ]),
  ])
  return [
    ...(/\brun = /.test(body) ? ['struct kvm_run *run;'] : []),
    ...(/\bpage = /.test(body) ? ['unsigned char *page;'] : []),
    ...backgrounds(calls),
    `int ${[...names].map((name) => (name === 'kvm' ? fdOf(name) : `${fdOf(name)} = -1`)).join(', ')};`,
    'int ret;',
  ]
}

const program = (
  all: Reproduction,
  telling: Telling,
  how: readonly string[],
  ownIncludes: readonly string[],
): string => {
  const body = all.calls
    .map((one) =>
      statementsOf(one)
        .map((line) => `\t${line}`)
        .join('\n'),
    )
    .join('\n\n')
  const used = helpers.filter((helper) =>
    new RegExp(String.raw`\b${helper.used.replace('(', String.raw`\(`)}`).test(body),
  )
  // The read-only bytes are those of `data`.
  const isData = /\b(data|readonly)\b/.test(body)
  const needed = helpers.filter((helper) => used.includes(helper) || (helper.used === 'data' && isData))
  const maps = needed.flatMap(({ text }) => /^static void (map_\w+)\(void\)/m.exec(text)?.slice(1) ?? [])
  const includes = [...new Set([...ALWAYS, ...telling.includes, ...needed.flatMap((helper) => helper.includes)])]
  const answers = all.calls.filter(({ isUnknown }) => !isUnknown).length
  return [
    head(all, how),
    '#define _GNU_SOURCE',
    ...includes.toSorted().map((file) => `#include <${file}>`),
    ...ownIncludes.map((file) => `#include "${file}"`),
    '',
    telling.begins,
    ...needed.map(({ text }) => text),
    telling.report,
    ...expectations.filter((one) => one.used === '' || body.includes(one.used)).map(({ text }) => text),
    'int main(void)',
    '{',
    ...variables(all, body).map((line) => `\t${line}`),
    '',
    ...telling.opens(answers).map((line) => `\t${line}`),
    ...maps.map((name) => `\t${name}();`),
    '\tkvm_fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);',
    '\tif (kvm_fd < 0)',
    '\t\tgive_up("/dev/kvm");',
    '',
    body,
    '',
    ...(body.includes('goto out;') ? ['out:'] : []),
    ...telling.closes.map((line) => `\t${line}`),
    '}',
    '',
  ].join('\n')
}

/** The program: it prints a line for each answer that deviates. */
export const inC = (all: Reproduction): string => program(all, inLines, ownHow, [])

/** The same as a selftest, which prints KTAP. */
export const asSelftest = (all: Reproduction): string => program(all, inKtap, ktapHow, ['kselftest.h'])
