/** The player: takes lines, plays them, answers. It runs in a process of its own, which Node never gets back. */
import { machine, release, version } from 'node:os'
import { UserError } from '../../process/user-error.ts'
import { FD_LOG } from './progress.ts'
import { audit } from './audit.ts'
import { beginLine, beginList, endList, sendAnswers, sendLine } from './answers.ts'
import { LOG_RECORD, encode, logLines } from './log.ts'
import { MAP_ANONYMOUS, MAP_PRIVATE, NR, PROT_READ, PROT_WRITE } from './numbers.ts'
import { Bad, MAX_LINE, parsePlay } from './parse.ts'
import { cleanUp, play } from './play.ts'
import { bytesAt, keep, map, syscall } from './syscalls.ts'

const IN_SIZE = 0x10000
const PR_SET_PDEATHSIG = 1,
  SIGKILL = 9
/** Bytes of a mask of cores: as many as any kernel counts. */
const MASK_SIZE = 1024
const EPIPE = -32,
  EINTR = -4

const inAddress = map(0, IN_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
const input = bytesAt(inAddress, IN_SIZE)
const record = keep(LOG_RECORD)

const nextRecord = (): string | undefined => {
  let size
  // EPIPE: some were overwritten, the next read goes on.
  do size = syscall(NR.read, FD_LOG, record.address, LOG_RECORD)
  while (size === EPIPE || size === EINTR)
  return size > 0 ? record.bytes.toString('latin1', 0, size) : undefined
}

const bad = (id: string, reason: string): void => sendLine(`bad ${id} ${reason}`)

const playLine = (line: string): void => {
  let list
  try {
    list = parsePlay(line)
  } catch (error) {
    if (!(error instanceof Bad)) throw error
    return bad(error.id, error.message)
  }
  beginList(list.id, list.deadline)
  play(list)
  // The deadline covers the clean-up too: closing can hang as well.
  const clean = cleanUp(list)
  endList()
  for (const text of logLines(list.id, nextRecord)) sendLine(text)
  sendAnswers('done')
  if (!clean) syscall(NR.exit_group, 3)
}

const greeting = ['agent 1 agent.ts', ...[release(), version(), machine()].map(encode)].join(' ')

const oneLine = (line: string): void => {
  beginLine()
  if (line.startsWith('play ')) playLine(line)
  else if (line.length > MAX_LINE) bad('-', `the line is longer than ${MAX_LINE} bytes`)
  else if (line === 'hello 1') sendLine(greeting)
  else if (line.startsWith('hello')) bad('-', 'only version 1 is spoken: hello 1')
  else if (line === 'audit') sendLine(audit())
  else if (line === 'bye') sendLine('bye')
  else bad('-', 'a line begins with hello, play, audit or bye')
}

/** Keeps this thread, which makes all calls, and what it forks on one core. Throws a UserError where there is no such. */
const stayOn = (cpu: number): void => {
  const { address, bytes } = keep(MASK_SIZE)
  if (cpu < MASK_SIZE * 8) bytes[cpu >> 3] = 1 << (cpu & 7)
  const result = syscall(NR.sched_setaffinity, 0, MASK_SIZE, address)
  if (result < 0)
    throw new UserError(`no process can be kept on core ${cpu}: there is none, or it is off limits (errno ${-result})`)
}

/** Says `ready`, and plays what comes on descriptor 0 until it ends. `supervisor` is the pid of who started it. */
const serve = (supervisor: number): void => {
  syscall(NR.prctl, PR_SET_PDEATHSIG, SIGKILL)
  if (syscall(NR.getppid) !== supervisor) return
  sendLine('ready')
  let rest = ''
  for (;;) {
    const size = syscall(NR.read, 0, inAddress, IN_SIZE)
    if (size === EINTR) continue
    if (size <= 0) return
    // What was logged while nothing was played belongs to no list.
    for (const text of logLines('-', nextRecord)) sendLine(text)
    const lines = (rest + input.toString('latin1', 0, size)).split('\n')
    rest = lines.pop()!
    for (const line of lines) oneLine(line)
  }
}

const [, supervisor, cpu] = process.argv.map(Number)
if (cpu !== undefined) stayOn(cpu)
serve(supervisor!)
syscall(NR.exit_group, 0)
