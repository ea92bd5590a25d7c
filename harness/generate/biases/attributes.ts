/** Attributes of vcpus and VMs, and the states of vcpus, in an order that gets somewhere. */
import { onOneVcpu, onTwoVcpus, onVmItself } from '../lines/attributes.ts'
import { oneOf, onVcpu, onVm, type Bias } from './bias.ts'

/** Interrupts, counters and ranges that are told before a run, after it, twice, and to two vcpus. */
export const attributesInOrder: Bias = {
  name: 'attributes of vcpus and VMs',
  weight: 4,
  lines: oneOf([
    onVcpu((v, pick) => pick.of(onOneVcpu)(v)),
    onVcpu((v, pick) => pick.of(onOneVcpu)(v)),
    ({ vcpus }, pick) => (vcpus.length < 2 ? [] : pick.of(onTwoVcpus)(vcpus[0]!, vcpus[1]!)),
    onVm((pick) => pick.of(onVmItself)),
  ]),
}
