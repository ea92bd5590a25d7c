/** What libFuzzer begins with: the lines of the protocol's own tests, each with draws for the kernel behind them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { badLines, badOps, goodOps } from '../../agent/samples.ts'

/** Lists as the suites play them. */
const onKvm = [
  'k,0 i,0,ae03,0 i,0,ae01,0,1 i,1,ae41,0,2 p,d:0,@g:0^ff00000000000000 w,d:8,0400 i,2,4020aeae,@d:0 i,2,ae80,0 x,v2:8,40 x,d:0,20',
  'k,0 i,0,ae01,0,1 i,1,ae41,0,2 m,2,40 w,o2:0,02 x,o2:0,10 m,2,0,2 a,2,3,0,1000 i,1,aece,0,3 r,3,d:0,100,18 x,d:0,100 d,d:28,3 c,2',
  'k,0 i,0,ae01,0,1 e,d:0,0 e,d:c,1 i,1,4020ae76,@d:0 d,d:0,1 e,d:4,0 f,d:c,3 c,3',
  'k,0 i,0,ae01,0,1 w,d:0,0500 i,1,c00caee0,@d:0 f,d:4,3 i,3,4018aee1,@d:20 j,1,ae41,1 n,0 h,1,ae41,1,5 t,5 h,2,ae80,0 c,3 c,2 c,1 k,17',
  'k,0 i,0,ae01,0,1 i,1,ae41,0,2 w,v2:8,ffffffff b,2,ae80,0,v2:8 b,2,ae80,0,v2:8 b,1,ae03,0,v2:8 c,2 q,2 q,1 b,0,ae01,0,v0:0',
]

/** Ends the text; what follows is drawn from. See player.c. */
const DRAWS = 0xff
/** N and C follow: a run of C. */
const RUN = 0xfe

/** Writes one file a seed, and the words to build lines from. */
export const writeSeeds = (corpus: string, words: string): void => {
  mkdirSync(corpus, { recursive: true })
  const lines = [
    ...[...goodOps.map(([ops]) => ops), ...badOps, ...onKvm].map((ops) => `play a 1000${ops && ' '}${ops}\naudit\n`),
    ...badLines.map(([line]) => `${line}\nhello 1\n`),
    'play a 1000 k,0\nbye\nplay b 1000 k,0\n',
  ].filter((text) => text.length < 1000)
  const draws = Array.from({ length: 64 }, (_, i) => (i * 37 + 11) % 256)
  for (const [i, text] of lines.entries())
    writeFileSync(
      join(corpus, `seed-${i}`),
      Buffer.from([...Buffer.from(text, 'latin1'), DRAWS, ...draws.slice(i % 32)]),
    )
  for (const [i, line] of ['play a 1000 c,0 w,d:0,', 'x'].entries())
    writeFileSync(
      join(corpus, `long-${i}`),
      Buffer.from([...Buffer.from(line), RUN, 255, 0x30, ...Buffer.from('\nplay b 1000 c,0\nplay'), DRAWS, ...draws]),
    )
  const quoted = ['play a 1000', ...badOps, ...onKvm]
    .flatMap((text) => text.split(/(?<=[ ,:])/))
    .filter((word) => /^[ -~]{1,20}$/.test(word))
  writeFileSync(words, [...new Set(quoted)].map((word) => `"${word.replace(/["\\]/g, '\\$&')}"\n`).join(''))
}
