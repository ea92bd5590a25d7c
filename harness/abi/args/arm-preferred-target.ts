/** struct kvm_vcpu_init, to be written by the kernel. */
import fc from 'fast-check'
import { showsNumber, type Codec } from '../../model/codec.ts'
import type { BadPointer } from '../../model/pointer.ts'
import { struct } from '../../model/struct.ts'
import { targets } from '../../names/index.ts'
import { named } from '../../model/scalar.ts'

const target = named('the target', targets, fc.constant(0))
const whole = struct('kvm_vcpu_init', { target: { of: target, unless: 0 } }, { written: true, shows: 'target' })

/** The struct is only written, so that a trace shows nothing of it but a bad pointer. */
export const takes: Codec<{ target: number; at?: BadPointer }> = { ...whole, shows: showsNumber(32, targets) }
