/** Descriptors that are closed: what was left open does not notice. */
import fc from 'fast-check'
import { makes, type Call } from '../../harness/model/call.ts'
import { src } from '../../harness/model/rule.ts'
import { law } from '../../harness/suite/law.ts'
import { parse, printCall } from '../../harness/table/notation.ts'
import { calls, heardAs, isInterrupted, nothing, observed } from './one-vm.ts'

/** What is closed. A VFIO device, `device`, is left aside: from 6.1 on it is gone from its VM then. */
const names = ['vm', 'vcpu0', 'vcpu1', 'vcpu2', 'gic', 'its']
const anyCloses = fc.array(fc.record({ at: fc.nat(24), name: fc.constantFrom(...names) }), {
  minLength: 1,
  maxLength: 6,
})

law(
  'whatever is closed, in any order, what stays open answers as if nothing were closed (a VFIO device aside)',
  src('virt/kvm/kvm_main.c', 'kvm_vm_release'),
  async ({ ask, holds, forAll }) => {
    await forAll(
      fc.tuple(calls, anyCloses, fc.nat(31)),
      async ([some, closes, turn]) => {
        const closed = new Set<string>()
        /** What is called on no name that was closed before, and makes none of these anew. */
        const kept: Call[] = []
        const withCloses: string[] = []
        const add = (call: Call) => {
          if (call.ioctl.name === 'close' || closed.has(call.on) || closed.has(makes(call) ?? '')) return
          kept.push(call)
          withCloses.push(printCall(call))
        }
        for (let i = 0; i <= 24; i++) {
          if (some[i]) add(some[i]!)
          for (const { at, name } of closes)
            if (at === i && !closed.has(name)) {
              closed.add(name)
              withCloses.push(`${name}: close`)
            }
        }
        const end = parse([...nothing, ...observed(turn)].join('\n')).map(({ call }) => call)
        for (const call of end.slice(nothing.length)) add(call)
        const [alone, heard] = await Promise.all(
          [kept.map((call) => printCall(call)), withCloses].map((lines) => ask([...nothing, ...lines].join('\n'))),
        )
        let i = nothing.length
        for (const [at, line] of withCloses.entries()) {
          if (line.endsWith(': close')) continue
          const [was, came] = [alone!.answers[i++]!, heard!.answers[nothing.length + at]!]
          if (isInterrupted(line, was, came)) return
          const expected = heardAs(was, line)
          holds(heardAs(came, line) === expected, heard!, `as without the closes: ${expected}`, nothing.length + at)
        }
      },
      60,
    )
  },
)
