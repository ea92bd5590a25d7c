/** What becomes of a KVM_RUN of a vcpu that is suspended, and has an interrupt. */
import { exitReasons, systemEvents } from '../../names/index.ts'
import type { Entered } from './entered.ts'

/** Userspace is told; the vcpu stays suspended. */
export const wakenUp: Partial<Entered> = {
  exit: exitReasons.KVM_EXIT_SYSTEM_EVENT,
  run: [
    { field: 'system_event.data[0]', value: 0n, length: 128 },
    { field: 'system_event.type', value: BigInt(systemEvents.KVM_SYSTEM_EVENT_WAKEUP) },
    { field: 'system_event.ndata', value: 0n },
  ],
}
