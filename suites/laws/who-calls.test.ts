/** Who else has the descriptors: another process, and another thread of the same. */
import fc from 'fast-check'
import type { Call } from '../../harness/model/call.ts'
import { api } from '../../harness/model/rule.ts'
import { errnos } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { printCall } from '../../harness/table/notation.ts'
import { calls, heardAs, isInterrupted, nothing, observed } from './one-vm.ts'

/** The type byte of KVM's numbers; others are answered by the VFS, which asks nobody whose the memory is. */
const KVMIO = 0xae
const isOfKvm = ({ ioctl: { name, syscall }, arg }: Call): boolean =>
  syscall === undefined && (name !== 'ioctl' || ((arg.nr >> 8) & 0xff) === KVMIO)

/** A guest that runs has memory anew after a fork, which its rings of dirty pages show. */
const isQuiet = ({ ioctl: { name }, arg }: Call): boolean => name !== 'KVM_RUN' || arg.until === 'immediate'

/** Userspace puts a guest program into memory before such a call, whatever comes of it. */
const hasProgram = ({ arg }: Call): boolean => arg.guest !== undefined

law(
  'whatever another process calls on a VM, a vcpu or a device that it has inherited is EIO, and changes nothing',
  api('1', 'VM ioctls must be issued from the same process (address space) that was used to create the VM'),
  async ({ ask, holds, forAll }) => {
    const whoCalls = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 })
    await forAll(
      fc.tuple(calls, whoCalls, fc.nat(31)),
      async ([some, tried, turn]) => {
        const quiet = some.filter(isQuiet)
        const own = [...quiet.map((call) => printCall(call)), ...observed(turn)]
        const lines = own.flatMap((line, i) => {
          const call = quiet[i]
          const isTried = call && tried[i] && isOfKvm(call) && !hasProgram(call)
          return isTried ? [printCall({ on: call.on, ioctl: call.ioctl, arg: call.arg, by: 'child' }), line] : [line]
        })
        const [alone, heard] = await Promise.all([own, lines].map((some) => ask([...nothing, ...some].join('\n'))))
        let i = nothing.length
        for (const [at, line] of lines.entries()) {
          const came = heard!.answers[nothing.length + at]!
          if (line.startsWith('child of ')) {
            const own = heard!.answers[nothing.length + at + 1]!
            const isAbsent = came.ret === -errnos.EBADF && own.ret === -errnos.EBADF
            holds(isAbsent || came.ret === -errnos.EIO, heard!, '-EIO', nothing.length + at)
          } else {
            const was = heardAs(alone!.answers[i++]!, line)
            holds(heardAs(came, line) === was, heard!, `as without the other process: ${was}`, nothing.length + at)
          }
        }
      },
      40,
    )
  },
)

law(
  'another thread of the process is answered as the one that made the VM and its vcpus, whoever of them made the call before',
  api('1', 'VM ioctls must be issued from the same process (address space) that was used to create the VM'),
  async ({ ask, holds, forAll }) => {
    const whoCalls = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 })
    await forAll(
      fc.tuple(calls, whoCalls, fc.nat(31)),
      async ([some, byThread, turn]) => {
        const own = some.map((call) => (call.by === 'thread' ? { ...call, by: undefined } : call)) as readonly Call[]
        const mixed = own.map((call, i): Call =>
          byThread[i] && call.by === undefined && !call.ioctl.syscall ? { ...call, by: 'thread' } : call,
        )
        const [alone, heard] = await Promise.all(
          [own, mixed].map((all) =>
            ask([...nothing, ...all.map((call) => printCall(call)), ...observed(turn)].join('\n')),
          ),
        )
        const lines = [...nothing, ...mixed.map((call) => printCall(call)), ...observed(turn)]
        for (const [i, line] of lines.entries()) {
          if (isInterrupted(line, alone!.answers[i]!, heard!.answers[i]!)) return
          const was = heardAs(alone!.answers[i]!, line)
          holds(heardAs(heard!.answers[i]!, line) === was, heard!, `as without the other thread: ${was}`, i)
        }
      },
      60,
    )
  },
)
