/** Looking at files of the machine behind an agent: /proc and /sys say what a run has to know of it. */
import type { Played } from '../link/lines.ts'

/** What a look at a file gave: its bytes, or −errno. */
export type Look = Buffer | number

/** A file, and how many bytes of it are wanted: a multiple of CHUNK. */
export interface WantedFile {
  path: string
  size: number
}

/** Bytes that an agent reads back at once. */
const CHUNK = 0x1000

const hex = (n: number): string => n.toString(16)

/** The ops that look at the files, one after the other. */
export const lookOps = (files: readonly WantedFile[]): string =>
  files
    .map(({ path, size }) =>
      [
        `l,g:0,${hex(size)},${Buffer.from(path).toString('hex')}`,
        ...Array.from({ length: size / CHUNK }, (_, i) => `x,g:${hex(i * CHUNK)},${hex(CHUNK)}`),
      ].join(' '),
    )
    .join(' ')

/** What they gave, file by file. */
export const readLooks = ({ answers }: Pick<Played, 'answers'>): Look[] =>
  answers.map(({ ret, data }) =>
    ret < 0 ? ret : Buffer.concat(data.map((read) => Buffer.from(read.padEnd(CHUNK * 2, '0'), 'hex'))).subarray(0, ret),
  )
