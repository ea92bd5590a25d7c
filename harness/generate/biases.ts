/** Where past bugs lay: recurring shapes, each a few calls in a row that look there. */
import { attributesInOrder } from './biases/attributes.ts'
import type { Bias } from './biases/bias.ts'
import { createDestroy, listStability } from './biases/creation.ts'
import { docDisagrees } from './biases/documentation.ts'
import { eventfds } from './biases/eventfds.ts'
import { cpuOn, hypercalls } from './biases/guest.ts'
import { guestPrograms } from './biases/guest-programs.ts'
import { idRegisterFields } from './biases/id-registers.ts'
import { ipaLimit, overRejection } from './biases/limits.ts'
import { coalescedRing, dirtyLog, dirtyRing, guestMemfd } from './biases/memory.ts'
import { ofTimers } from './biases/timers.ts'
import { vgicRegisters } from './biases/vgic-registers.ts'
import { initRunInit, leavesState, tooEarly } from './biases/state.ts'

export type { Bias } from './biases/bias.ts'

/** All of them; leave one out to see what it is good for. */
export const biases: readonly Bias[] = [
  leavesState,
  tooEarly,
  initRunInit,
  ipaLimit,
  overRejection,
  createDestroy,
  listStability,
  docDisagrees,
  idRegisterFields,
  dirtyLog,
  guestMemfd,
  dirtyRing,
  coalescedRing,
  attributesInOrder,
  vgicRegisters,
  hypercalls,
  cpuOn,
  guestPrograms,
  ofTimers,
  eventfds,
]
