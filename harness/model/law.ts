/** A law: one citable sentence that holds for every value, written by hand and independent of the table. */
import type fc from 'fast-check'
import type { Answer } from './call.ts'
import type { Host } from './host.ts'
import type { Citation } from './rule.ts'

/** What a kernel answered to a text: an answer a line. */
export interface Heard {
  answers: Answer[]
  /** The answer of the last line. */
  last: Answer
  /** The trace of the whole text, created VMs and vcpus included. */
  trace(): string
  /** The trace up to line `line` of the text (all of it if not said), which says what was expected there. */
  traceTo(expected: string, line?: number): string
}

/** What a law asks a kernel with. */
export interface Tools {
  /**
   * Plays a text in a fresh process. VMs and vcpus it does not create are created. A line may say how it must be
   * answered: `CALL -> ok`, `-> ok = 5`, `-> -ENOENT or -EINVAL`; one that does not say may be answered anyhow. Many
   * texts may be under way: Promise.all is the way to ask much. At most about 100 lines a text.
   */
  ask(text: string): Promise<Heard>
  /** Many texts, each with a VM of its own but several played by one process, where a process a text would be slow. */
  askAll(texts: readonly string[]): Promise<void>
  /**
   * The answers to lines that are played after the lines `before`, as many at a time as one process plays. A piece is
   * one line, or several that stay together.
   */
  askEach(before: readonly string[], pieces: readonly string[]): Promise<Answer[]>
  /** Says that the law holds here, or what it allows instead at line `line` of `heard` (the last if not said). */
  holds(isSo: boolean, heard: Heard, allowed: string, line?: number): void
  /** The property for everything `arbitrary` draws, `runs` times (100 if not said); shrunk, with the run's seed. */
  forAll<T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => Promise<void>, runs?: number): Promise<void>
  /** This host cannot be asked: one line of why. */
  notOffered(why: string): never
  /** What the host offers; of caps, ask the kernel where the law is about them. */
  host: Host
}

export interface Law {
  title: string
  cite: Citation
  body(tools: Tools): Promise<void>
}
