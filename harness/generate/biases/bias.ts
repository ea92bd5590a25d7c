/** What a bias is: a few calls in a row, which look where a bug of the past lay. */
import type { Picker } from '../pick.ts'
import type { GeneratorState } from '../state.ts'

export interface Bias {
  name: string
  /** How often it is taken among the others that can be. */
  weight: number
  /** Lines of the notation; each call of them tells on which descriptor. Empty where the state has nothing for it. */
  lines(state: GeneratorState, pick: Picker): readonly string[]
}

type Motif = (state: GeneratorState, pick: Picker) => readonly string[]

/** One of several motifs. */
export const oneOf = (motifs: readonly Motif[]) => (state: GeneratorState, pick: Picker) => pick.of(motifs)(state, pick)
/** On one of the vcpus there are. */
export const onVcpu =
  (lines: (vcpu: string, pick: Picker, state: GeneratorState) => readonly string[]): Motif =>
  (state, pick) =>
    state.vcpus.length === 0 ? [] : lines(pick.of(state.vcpus), pick, state)
/** On the interrupt controller of `vm`, if it has one. */
export const onGic =
  (lines: (model: 'v2' | 'v3', pick: Picker, state: GeneratorState) => readonly string[]): Motif =>
  (state, pick) =>
    state.gic === undefined || !state.devices.includes('gic') ? [] : lines(state.gic, pick, state)
/** On `vm`, once it is there. */
export const onVm =
  (lines: (pick: Picker, state: GeneratorState) => readonly string[]): Motif =>
  (state, pick) =>
    state.vms.includes('vm') ? lines(pick, state) : []
