/** One call of a trace as statements in C. */
import { bytes, hex } from '../../harness/model/scalar.ts'
import { caps, errnoName, mapFlags } from '../../harness/names/index.ts'
import { isInHeaders, nameInC } from '../../harness/names/in-c.ts'
import { argInC, arrayInC, fdOf, operand, placeInC, runField, valueInC, writesInC } from './c-memory.ts'
import { numberInC } from './c-structs.ts'
import type { Call } from '../../harness/model/call.ts'
import type { Reproduced } from './reproduction.ts'

const stringInC = (text: string): string => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`

const dueInC = (due: number): string => (due < 0 ? `-${errnoName(-due)}` : String(due))

/** The number of the ioctl, by its name where the headers have it. */
const numberOf = ({ call: { ioctl }, nr }: Reproduced): string =>
  ioctl.nr !== undefined && ioctl.name.startsWith('KVM_') && isInHeaders(ioctl.name) ? ioctl.name : hex(nr!)

const argOf = ({ call, memory: { arg } }: Reproduced): string =>
  (call.ioctl.name === 'KVM_CHECK_EXTENSION' && typeof arg === 'bigint' && nameInC(caps, arg))
  || (call.by || call.ioctl.isBegun?.(call.arg) ? valueInC(arg) : argInC(arg))

/** What is known of the call that another thread makes on the descriptor. */
export const backgroundOf = (name: string): string => `background_of_${fdOf(name)}`

const callInC = (one: Reproduced): string => {
  const { call } = one
  if (call.ioctl.syscall === 'close') return `close(${fdOf(call.on)})`
  if (call.ioctl.syscall === 'pread')
    return `pread(${fdOf(call.on)}, ${argOf(one)}, ${call.arg.length}, ${numberInC(call.arg.offset)})`
  if (call.ioctl.syscall === 'fallocate')
    return `fallocate(${fdOf(call.on)}, ${hex(call.arg.mode >>> 0)}, ${numberInC(call.arg.offset)}, ${hex(call.arg.len)})`
  if (call.ioctl.syscall === 'join') return `end_call(&${backgroundOf(call.on)})`
  if (call.ioctl.syscall) return usesPage(one) ? 'page ? 0 : -1' : 'run == &none ? -1 : 0'
  if (call.ioctl.isBegun?.(call.arg))
    return `begin_call(&${backgroundOf(call.on)}, ${fdOf(call.on)}, ${numberOf(one)}, ${argOf(one)}, &run->exit_reason)`
  const name = call.by ? `ioctl_of_${call.by}` : 'ioctl'
  return `${name}(${fdOf(call.on)}, ${numberOf(one)}, ${argOf(one)})`
}

const loads: Readonly<Record<number, string>> = { 1: '__u8', 2: '__u16', 4: '__u32', 8: '__u64' }

/** The statement that compares the answer with what is due. */
const expectation = ({ call, due, value, list, memory, line }: Reproduced): string => {
  const [said] = line.split(' -> ')
  const told = `${stringInC(said!)}, ret, ${dueInC(due)}`
  if (list && typeof memory.arg !== 'bigint') {
    const due = Buffer.from([BigInt(list.length), ...list].map((id) => bytes(id, 8)).join(''), 'hex')
    return `expect_bytes(${told}, ${placeInC({ ...memory.arg, area: 'd' })}, ${arrayInC(due)}, ${due.length});`
  }
  if (!value) return `expect(${told});`
  if (value.at === 'return') return `expect_value(${told}, ret, ${numberInC(value.value)});`
  const { from, length } = memory.reads[value.at]!
  if (from.area === 'v') {
    const text = call.ioctl.takes.shows!.print(value.value, call.arg)
    const due = text.startsWith('KVM_') && isInHeaders(text) ? text : numberInC(value.value)
    return `expect_value(${told}, ${runField(call, { offset: from.offset, length })}, ${due});`
  }
  const type = loads[length]
  if (type === undefined || from.offset % length !== 0) {
    const due = Buffer.from(bytes(value.value, length), 'hex')
    return `expect_bytes(${told}, ${placeInC(from)}, ${arrayInC(due)}, ${length});`
  }
  if (from.area === 'o')
    return `expect_value(${told}, page ? *(${type} *)${operand(from)} : 0, ${numberInC(value.value)});`
  const named = call.ioctl.name === 'KVM_GET_API_VERSION' ? 'KVM_API_VERSION' : numberInC(value.value)
  return `expect_value(${told}, *(${type} *)${operand(from)}, ${named});`
}

/** The statements that keep the descriptor which was made, and forget one that was closed. */
const kept = ({ call, makes }: Reproduced): string[] => {
  if (call.ioctl.syscall === 'close') return [`${fdOf(call.on)} = -1;`]
  if (makes === undefined) return []
  const { fdAt } = call.ioctl
  const fd = fdOf(makes)
  if (fdAt === undefined) return [`${fd} = made(ret, ret, ${fd});`]
  return [`${fd} = made(ret, *(int *)${operand({ area: 'd', offset: fdAt })}, ${fd});`]
}

/** How the page is mapped. */
const mappingOf = ({ ioctl, arg }: Call): string =>
  ioctl.name === 'mmap' ? nameInC(mapFlags, BigInt(arg.flags))! : 'MAP_SHARED'

/** Whether the call is about another page of what the descriptor maps. */
const usesPage = ({ memory }: Reproduced): boolean =>
  memory.writes.some(({ to }) => to.area === 'o') || memory.reads.some(({ from }) => from.area === 'o')

/** Whether the call writes to the vcpu's kvm_run or reads it. */
const usesRun = ({ call, memory }: Reproduced): boolean =>
  call.ioctl.name === 'kvm_run'
  || call.ioctl.name === 'ram'
  || memory.writes.some(({ to }) => to.area === 'v')
  || memory.reads.some(({ from }) => from.area === 'v')

/** The statements of one call, without indentation. */
export const statementsOf = (one: Reproduced): string[] => {
  const { call, memory, isUnknown, due } = one
  const isMapped = usesRun(one)
  return [
    `/* ${one.line} */`,
    ...(isMapped ? [`run = map_run(${fdOf(call.on)});`] : []),
    ...(usesPage(one) ? [`page = map_page(${fdOf(call.on)}, ${valueInC(memory.arg)}, ${mappingOf(call)});`] : []),
    ...writesInC(one),
    ...(memory.signalMs === undefined ? [] : [`interrupt_after(${memory.signalMs});`]),
    ...(call.noFd ? ['allow_descriptors(0);'] : []),
    `ret = ${callInC(one)};`,
    ...(call.noFd ? ['allow_descriptors(1);'] : []),
    ...(memory.signalMs === undefined ? [] : ['interrupt_after(0);']),
    isUnknown ? `if (!may_go_on(${stringInC(one.line.split(' -> ')[0]!)}, ret, ${dueInC(due)}))` : expectation(one),
    ...(isUnknown ? ['\tgoto out;'] : []),
    ...(isMapped ? ['unmap_run(run);'] : []),
    ...(usesPage(one) ? ['unmap_page(page);'] : []),
    ...kept(one),
  ]
}
