/** What the first KVM_RUN finds wrong with the interrupt controller. */
import type { Refusal } from '../ioctl.ts'
import type { Run } from './run.ts'

export const unreadyVgic: readonly Refusal<Run>[] = []
