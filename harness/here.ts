/** The machine under test, whatever it is. Suites know no more of it than its host profile. */
import { inject } from 'vitest'
import type { Host } from './host.ts'
import { mock } from './kernels/mock.ts'
import type { Kernel } from './kernels/kernel.ts'
import { remote } from './kernels/remote.ts'
import { sharer } from './kernels/share.ts'
import { settings } from './settings.ts'

/** This run's settings. */
export const here = settings()

/** What the target offers. */
export const host: Host = inject('host')

/** The release whose rules judge. */
export const release = here.release ?? host.kernel.release

/** Where calls are answered. */
export const kernel: Kernel = here.socket === undefined ? mock(host) : remote(host, sharer(here.socket))
