/** What a host says of itself apart from registers: capabilities, targets, features, devices. */
import type { Host } from '../model/host.ts'
import { caps, deviceFlags, features, ioctls } from '../names/index.ts'
import { bytes } from '../model/scalar.ts'
import { probeGicV3 } from './gicv3.ts'
import { askCalls, lines, played, type ProbeSession } from './player.ts'

/** Features that a vcpu has together or not at all. */
const TOGETHER = ['KVM_ARM_VCPU_PTRAUTH_ADDRESS', 'KVM_ARM_VCPU_PTRAUTH_GENERIC']

/** A host offers it where it offers KVM_ARM_VCPU_PMU_V3, and no value of a register is recorded with it (isUncharted). */
const STRICT = 'KVM_ARM_VCPU_PMU_V3_STRICT'

/** The features as KVM_ARM_VCPU_INIT takes them, each group a list of names. */
export const groups: readonly (readonly string[])[] = [
  ...Object.keys(features)
    .filter((name) => !TOGETHER.includes(name) && name !== STRICT)
    .map((name) => [name]),
  TOGETHER,
]

const TARGETS = [0, 1, 2, 3, 4, 5, 6]
const DEVICES = Array.from({ length: 21 }, (_, type) => type)

/** Bits of the smallest IPA that KVM_CREATE_VM takes, and of the one that it gives where it is asked for 0. */
const [SMALLEST, USUAL] = [32, 40]

/** The type of the VM that all else is tried on: 0 unless the host cannot do its 40 bits. */
export const vmType = ({ caps }: Pick<Host, 'caps'>): number => {
  const limit = caps.KVM_CAP_ARM_VM_IPA_SIZE ?? USUAL
  return limit >= SMALLEST && limit < USUAL ? limit : 0
}

const extensions = (on: 'kvm' | 'vm') =>
  lines(...Object.keys(caps).map((name) => `${on}: KVM_CHECK_EXTENSION(${name})`))
const asRecord = (values: readonly (bigint | undefined)[]): Record<string, number> =>
  Object.fromEntries(Object.keys(caps).map((name, i) => [name, Number(values[i] ?? 0)]))

/** The parts of a profile that need no vcpu's registers. */
export const probeMachine = async (
  session: ProbeSession,
): Promise<Omit<Host, 'name' | 'about' | 'kernel' | 'vls' | 'regs'>> => {
  const ofKvm = asRecord((await askCalls(session, extensions('kvm'))).map((a) => a.value))
  const type = vmType({ caps: ofKvm })
  const create = `KVM_CREATE_VM(${type})`
  const ofVm = asRecord((await askCalls(session, [...lines(create), ...extensions('vm')])).slice(1).map((a) => a.value))
  const [, preferred, mmap] = await askCalls(
    session,
    lines(create, 'vm: KVM_ARM_PREFERRED_TARGET', 'kvm: KVM_GET_VCPU_MMAP_SIZE'),
  )
  const preferredTarget = Number(preferred?.value ?? 0)
  const init = async (words: string): Promise<boolean> => {
    const answers = await askCalls(session, lines(create, 'KVM_CREATE_VCPU(0)', `KVM_ARM_VCPU_INIT(${words})`))
    return answers[2] !== undefined && answers[2].ret >= 0
  }
  const targets = await Promise.all(TARGETS.map((target) => init(`target = ${target}, features[] = 0`)))
  const offered = await Promise.all(
    groups.map((names) => init(`target = ${preferredTarget}, features[] = ${names.join(' | ')}`)),
  )
  const { answers: devices } = await played(
    session,
    [
      'k,0',
      `i,0,${ioctls.KVM_CREATE_VM.toString(16)},${type.toString(16)},1`,
      ...DEVICES.flatMap((type) => [
        `w,d:0,${bytes(type, 4)}${bytes(0, 4)}${bytes(deviceFlags.KVM_CREATE_DEVICE_TEST, 4)}`,
        `i,1,${ioctls.KVM_CREATE_DEVICE.toString(16)},@d:0`,
      ]),
    ].join(' '),
  )
  const offeredDevices = DEVICES.filter((_, i) => (devices[i + 2]?.ret ?? -1) >= 0)
  const gicv3 = await probeGicV3(session, create, { devices: offeredDevices, preferredTarget })
  const [smallest] = await askCalls(session, lines('KVM_CREATE_VM(1)'))
  return {
    caps: Object.fromEntries(Object.entries(ofKvm).filter(([, value]) => value !== 0)),
    vmCaps: Object.fromEntries(Object.entries(ofVm).filter(([name, value]) => value !== ofKvm[name])),
    mmapSize: Number(mmap?.value ?? 0),
    preferredTarget,
    targets: TARGETS.filter((_, i) => targets[i]),
    features: Object.keys(features).filter((name) => offered[groups.findIndex((names) => names.includes(name))]),
    devices: offeredDevices,
    maxVcpus: ofVm.KVM_CAP_MAX_VCPUS ?? 0,
    ...gicv3,
    ...((smallest?.ret ?? -1) >= 0 && { isProtected: true as const }),
  }
}
