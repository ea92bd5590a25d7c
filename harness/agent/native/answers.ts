/** The calls and answers of the list at work, in the memory that outlives the player. */
import './descriptors.ts'
import { memoryFile } from './areas.ts'
import { MAP_SHARED, NR, PROT_READ, PROT_WRITE } from './numbers.ts'
import { FD_PROGRESS, HEAD, MAX_OPS, PENDING, PROGRESS_SIZE, RECORDS_AT, TEXT_AT, now } from './progress.ts'
import { Records, bytesAt, map, run, syscall } from './syscalls.ts'

const fd = memoryFile(PROGRESS_SIZE)
if (fd !== FD_PROGRESS) throw new Error(`the player's memory is descriptor ${fd}, not ${FD_PROGRESS}`)
const address = map(0, PROGRESS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd)
const bytes = bytesAt(address, PROGRESS_SIZE)
const fields = new Uint32Array(bytes.buffer, bytes.byteOffset, HEAD.size / 4)
const times = new Float64Array(bytes.buffer, bytes.byteOffset, HEAD.size / 8)
const FIELD = {
  begun: HEAD.begun / 4,
  text: HEAD.text / 4,
  batch: HEAD.batch / 4,
  batchText: HEAD.batchText / 4,
  deadline: HEAD.deadline / 8,
}

/** Records for the list's calls, and two more. */
export const records = new Records(address + RECORDS_AT, MAX_OPS + 2)

let end = 0

const publish = (): void => {
  fields[FIELD.text] = end
}

/** A line begins; its id, where it is known. */
export const beginLine = (): void => {
  end = 0
  publish()
  fields[FIELD.begun]!++
}

/** A list begins, and may take so long. */
export const beginList = (id: string, deadline: number): void => {
  end = bytes.write(id, TEXT_AT, 'latin1')
  publish()
  times[FIELD.deadline] = now() + deadline
}

/** All of the list is done, clean-up too. */
export const endList = (): void => {
  times[FIELD.deadline] = 0
}

/** A call came back. */
export const answer = (result: number): void => {
  end += bytes.write(` ${result}`, TEXT_AT + end, 'latin1')
  publish()
}

/** What an x gives, in hex. */
export const readBack = (hex: string): void => {
  end += bytes.write(`:${hex}`, TEXT_AT + end, 'latin1')
  publish()
}

/** Makes the calls of the first records, each of which has an answer, in one go. */
export const runAnswered = (count: number): void => {
  for (let i = 0; i < count; i++) records.setHalves(i, 7, PENDING, PENDING)
  fields[FIELD.batchText] = end
  fields[FIELD.batch] = count
  run(records.address, count)
  let text = ''
  for (let i = 0; i < count; i++) text += ` ${records.int(i)}`
  end += bytes.write(text, TEXT_AT + end, 'latin1')
  publish()
  fields[FIELD.batch] = 0
}

const out = 1

const writeOut = (from: number, size: number): void => {
  for (let done = 0; done < size;) {
    const written = syscall(NR.write, out, from + done, size - done)
    // Nobody listens any more.
    if (written < 0 && written !== -4 && written !== -11) syscall(NR.exit_group, 1)
    if (written > 0) done += written
  }
}

/** Sends what the list came to: its first word, then id and answers. */
export const sendAnswers = (word: string): void => {
  const from = TEXT_AT - word.length - 1
  bytes.write(`${word} `, from, 'latin1')
  bytes[TEXT_AT + end] = 0x0a
  writeOut(address + from, word.length + 1 + end + 1)
}

/** Sends a line of its own. */
export const sendLine = (line: string): void => {
  const at = TEXT_AT + end + 1
  writeOut(address + at, bytes.write(`${line}\n`, at, 'latin1'))
}
