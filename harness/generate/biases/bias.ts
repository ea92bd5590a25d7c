/** What a bias is: a few calls in a row, which look where a bug of the past lay. */
import type { Picker } from '../pick.ts'
import type { Scene } from '../scene.ts'

export interface Bias {
  name: string
  /** How often it is taken among the others that can be. */
  weight: number
  /** Lines of the notation; each call of them tells on which descriptor. Empty where the scene has nothing for it. */
  lines(scene: Scene, pick: Picker): readonly string[]
}

type Motif = (scene: Scene, pick: Picker) => readonly string[]

/** One of several motifs. */
export const oneOf = (motifs: readonly Motif[]) => (scene: Scene, pick: Picker) => pick.of(motifs)(scene, pick)
/** On one of the vcpus there are. */
export const onVcpu =
  (lines: (vcpu: string, pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.vcpus.length === 0 ? [] : lines(pick.of(scene.vcpus), pick, scene)
/** On the interrupt controller of `vm`, if it has one. */
export const onGic =
  (lines: (model: 'v2' | 'v3', pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.gic === undefined || !scene.devices.includes('gic') ? [] : lines(scene.gic, pick, scene)
/** On `vm`, once it is there. */
export const onVm =
  (lines: (pick: Picker, scene: Scene) => readonly string[]): Motif =>
  (scene, pick) =>
    scene.vms.includes('vm') ? lines(pick, scene) : []
