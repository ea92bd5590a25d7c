/**
 * What must work before anything can be recorded, asked in order: the first that fails is named, with what to check.
 */
import type { Call } from '../model/call.ts'
import { UserError } from '../process/user-error.ts'
import { held, seeLog, whyNoKvm } from '../targets/doctor.ts'
import type { Host } from '../model/host.ts'
import { isFault } from '../model/kernel-log.ts'
import { errnoName } from '../names/index.ts'
import { toAnswers, toOps } from '../link/ops.ts'
import { printCall } from '../table/notation.ts'
import { vmType } from './machine.ts'
import { isSound, lines, note, played, type ProbeSession } from './player.ts'

const API_VERSION = 12n

const fail = (what: string, check: string): never => {
  throw new UserError(`the target cannot be recorded: ${what}; what to do: ${check}`)
}

const shown = (call: Call): string => printCall(call, new Set(['kvm', 'vm', 'vcpu']))

/** Plays the calls and gives their values; the first that fails ends the recording. */
const need = async (session: ProbeSession, calls: readonly Call[]): Promise<(bigint | undefined)[]> => {
  const came = await played(session, toOps(calls, {} as Host))
  const [open, ...rest] = came.answers
  if (open && open.ret < 0) {
    const errno = errnoName(-open.ret)
    const [why, todo] = whyNoKvm(errno)
    fail(`open(/dev/kvm) fails with ${errno}: ${why}`, todo)
  }
  const at = rest.findIndex(({ ret }) => ret < 0)
  if (at >= 0) {
    const errno = errnoName(-rest[at]!.ret)
    const [why, todo] = errno === 'EBUSY' ? held : ['', seeLog]
    fail(`${shown(calls[at]!)} fails with ${errno}${why && `: ${why}`}`, todo)
  }
  if (came.outcome !== 'done') {
    const what = open === undefined ? 'open(/dev/kvm)' : shown(calls[rest.length] ?? calls.at(-1)!)
    const fault = came.log.find(isFault)
    const why = fault ?? came.why
    if (came.outcome === 'lost' && fault === undefined)
      fail(`its agent was lost at ${what}${why ? ` (${why})` : ''}`, 'see what leads to it, or start the board again')
    fail(`${what} does not return: ${came.outcome}${why ? ` (${why})` : ''}`, seeLog)
  }
  if (!isSound(came)) note(session, calls, came)
  return toAnswers(calls, came).map(({ value }) => value)
}

/**
 * Opens /dev/kvm, creates a VM and a vcpu, and initialises it. Throws a UserError that names the architecture that is
 * none of ours, or the first call that fails, its errno, and what to check.
 */
export const needBase = async (session: ProbeSession): Promise<void> => {
  const { machine } = session.player.greeting
  if (machine !== 'aarch64')
    fail(
      `its agent runs on ${machine}, so its KVM is that of another architecture`,
      'run the agent on an arm64 machine with a 64-bit kernel, or take --target qemu:6.12, which runs anywhere',
    )
  const [version, limit] = await need(
    session,
    lines('KVM_GET_API_VERSION', 'KVM_CHECK_EXTENSION(KVM_CAP_ARM_VM_IPA_SIZE)'),
  )
  if (version !== API_VERSION)
    fail(
      `KVM_GET_API_VERSION gives ${version}, and the only version that is spoken is ${API_VERSION}`,
      'use a kernel from 2.6.22 on',
    )
  const vm = [`KVM_CREATE_VM(${vmType({ caps: { KVM_CAP_ARM_VM_IPA_SIZE: Number(limit) } })})`, 'KVM_CREATE_VCPU(0)']
  const [, , target] = await need(session, lines(...vm, 'vm: KVM_ARM_PREFERRED_TARGET'))
  await need(session, lines(...vm, `KVM_ARM_VCPU_INIT(target = ${target}, features[] = 0)`))
}
