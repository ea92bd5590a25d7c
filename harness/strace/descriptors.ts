/** Descriptors by their numbers, as a process has them, and by their names in a trace. */
import { sortOf } from '../model/call.ts'
import type { Sort } from '../model/codec.ts'

/** What the kernel calls them in /proc, of strace -y. */
const PATHS: readonly (readonly [RegExp, Sort])[] = [
  [/^\/dev\/kvm$/, 'kvm'],
  [/^anon_inode:kvm-vm$/, 'vm'],
  [/^anon_inode:kvm-vcpu(?::\d+)?$/, 'vcpu'],
]

const sortOfPath = (path: string): Sort => PATHS.find(([is]) => is.test(path))?.[1] ?? 'device'

/** The descriptors of a process, or of several that are told apart by no number that they share. */
export class Descriptors {
  private readonly byNumber = new Map<number, string>()
  private readonly given = new Set(['kvm'])

  /** What the descriptor is called; undefined for one that no line made, or that is another by now. */
  nameOf(fd: number, path?: string): string | undefined {
    if (path !== undefined && sortOfPath(path) === 'kvm') return 'kvm'
    const name = this.byNumber.get(fd)
    if (name !== undefined && path !== undefined && sortOf(name) !== sortOfPath(path)) return undefined
    return name
  }

  /** It is /dev/kvm: no other takes such a call, or none other could be there yet. */
  isKvm(fd: number): void {
    this.byNumber.set(fd, 'kvm')
  }

  get hasMade(): boolean {
    return this.given.size > 1
  }

  /** A name for a new descriptor: the usual one, or where that was given before, the next. */
  bind(fd: number, usual: string): string {
    let name = usual
    const [, stem, number] = /^(.*?)(\d*)$/.exec(usual)!
    for (let i = Number(number || 0) + 1; this.given.has(name); i++) name = `${stem}${i}`
    this.given.add(name)
    this.byNumber.set(fd, name)
    return name
  }

  /** It is closed. */
  forget(fd: number): void {
    this.byNumber.delete(fd)
  }
}

/** A descriptor that has no name, as a comment calls it. */
export const unnamed = (fd: number, path?: string): string =>
  path === undefined ? `fd ${fd}` : `fd ${fd} (${path.replace(/^anon_inode:/, '')})`
