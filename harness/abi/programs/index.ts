/** The guest programs, each a file beside this one. */
import type { GuestProgram } from '../../model/guest-program.ts'
import aborted from './aborted.ts'
import accessAt from './access-at.ts'
import acknowledge from './acknowledge.ts'
import hypercalls from './hypercalls.ts'
import breakpoint from './breakpoint.ts'
import monitorCalls from './monitor-calls.ts'
import mmioLoads from './mmio-loads.ts'
import mmioStores from './mmio-stores.ts'
import noSyndrome from './no-syndrome.ts'
import sendSgis from './send-sgis.ts'
import stolenTime from './stolen-time.ts'
import storeAt from './store-at.ts'
import storePages from './store-pages.ts'
import storeThenOff from './store-then-off.ts'

export const programs: readonly GuestProgram[] = [
  storeThenOff,
  hypercalls,
  monitorCalls,
  mmioStores,
  mmioLoads,
  noSyndrome,
  breakpoint,
  storeAt,
  storePages,
  aborted,
  acknowledge,
  stolenTime,
  accessAt,
  sendSgis,
]

/** The one that the notation means where it names none. */
export const usual = storeThenOff

/** The one of this name; undefined where there is none. */
export const programNamed = (name: string): GuestProgram | undefined => programs.find((one) => one.name === name)

/** Those that look at interrupts: no other one is known where interrupts may reach it. */
export const takesInterrupts = (name: string): boolean => name === acknowledge.name
