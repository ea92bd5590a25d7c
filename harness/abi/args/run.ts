/** How KVM_RUN is called, and what ends it. */
import fc from 'fast-check'
import { setOnce, showsNumber, split, type Codec } from '../../model/codec.ts'
import { numberField } from '../../model/number-field.ts'
import { fromBytes, printNumber, u64 } from '../../model/scalar.ts'
import { exitReasons, structs } from '../../names/index.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'

/**
 * immediate: kvm_run.immediate_exit is set, so that the guest is not entered. signal: a signal interrupts a guest that
 * has not left after SIGNAL_AFTER ms. forever: nothing does. join: another thread makes the call, and `join` ends it.
 */
export interface RunArg {
  until: 'immediate' | 'signal' | 'forever' | 'join'
  arg?: bigint
}

const SIGNAL_AFTER = 100
const { immediate_exit, exit_reason } = structs.kvm_run.fields

const spoken: Record<RunArg['until'], string> = {
  immediate: 'immediate_exit',
  signal: '',
  forever: 'no signal',
  join: 'background',
}

const unwanted = u64('arg', fc.constant(1n), printNumber)

export const runArg: Codec<RunArg> = {
  any: () =>
    fc.oneof(
      { arbitrary: fc.constant<RunArg>({ until: 'immediate' }), weight: 15 },
      { arbitrary: unwanted.any.map((arg): RunArg => ({ until: 'immediate', arg })), weight: 1 },
    ),
  fields: () => [
    numberField<RunArg, bigint>(
      'arg',
      unwanted,
      ({ arg }) => arg ?? 0n,
      (run, arg) => ({ ...run, arg }),
    ),
  ],
  parse(text) {
    const run: Partial<RunArg> = {}
    for (const part of split(text)) {
      const until = (Object.keys(spoken) as RunArg['until'][]).find((u) => spoken[u] === part)
      if (until) setOnce(run, 'until', until, 'how long it runs')
      else if (part.startsWith('arg = ')) setOnce(run, 'arg', unwanted.parse(part.slice(6)))
      else throw new UserError(`KVM_RUN takes immediate_exit, no signal, background and arg = N, not ${quoted(part)}`)
    }
    return { until: 'signal', ...run }
  },
  print: ({ until, arg }) =>
    [spoken[until], ...(arg ? [`arg = ${unwanted.print(arg)}`] : [])].filter((t) => t !== '').join(', '),
  pack: ({ until, arg }, slot) => {
    const reason = `v${slot}:${exit_reason[0].toString(16)}`
    const number = (arg ?? 0n).toString(16)
    const exits = `w,v${slot}:${immediate_exit[0].toString(16)},${until === 'immediate' ? '01' : '00'} `
    // The kernel writes there as soon as nothing refuses the call any more.
    if (until === 'join') return { before: `${exits}w,${reason},ffffffff `, arg: `${number},${reason}`, after: '' }
    return {
      before: exits + (until === 'signal' ? `t,${SIGNAL_AFTER} ` : ''),
      arg: number,
      after: ` x,${reason},4`,
    }
  },
  value: (ret, data) => (ret >= 0 && data[0] ? fromBytes(data[0]) : undefined),
  shows: showsNumber(32, exitReasons),
}
