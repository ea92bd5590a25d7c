/** Which names of the kernel's headers the suites cover, as plain text. */
import { type KindCoverage, factsOf, figures, plural, unseenByReason } from './coverage.ts'
import { title, wrapped } from './layout.ts'

const INDENT = 4

const section = (one: KindCoverage, hosts: readonly string[]): string[] => [
  ...title(plural(one.kind), '='),
  ...one.names
    .filter(({ isSeen }) => isSeen)
    .flatMap((each) => [
      '',
      each.name,
      ...factsOf(each, one.kind, hosts).flatMap(([what, words]) => wrapped(`${what}: ${words}`, INDENT)),
    ]),
  ...unseenByReason(one).flatMap(([reason, names]) => [
    '',
    ...wrapped(`Not seen, ${reason}:`, 0),
    ...wrapped(names.join(' '), INDENT),
  ]),
]

/** The text. `release`: of the headers; `hosts`: the names of all that were recorded. */
export const coverageText = (coverage: readonly KindCoverage[], release: string, hosts: readonly string[]): string =>
  [
    ...title(`What the headers of Linux ${release} name for arm64, and what was seen of it`, '=').slice(1),
    '',
    ...wrapped(`Seen: ${figures(coverage).join(', ')}. By sequences and laws, on the recorded hosts.`, 0),
    ...coverage.flatMap((one) => section(one, hosts)),
    '',
  ].join('\n')
