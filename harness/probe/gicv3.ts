/** Registers of a GICv3 that say what the host's own one can do. */
import { deviceTypes } from '../names/index.ts'
import type { Host } from '../model/host.ts'
import { askCalls, lines, type ProbeSession } from './player.ts'

/**
 * ICC_CTLR_EL1 and GICD_TYPER2 as a fresh GICv3 has them; nothing where the host cannot give a VM one. `create` is a
 * KVM_CREATE_VM, `target` what KVM_ARM_VCPU_INIT takes.
 */
export const probeGicV3 = async (
  session: ProbeSession,
  create: string,
  { devices, preferredTarget }: Pick<Host, 'devices' | 'preferredTarget'>,
): Promise<Pick<Host, 'gicv3'>> => {
  if (!devices.includes(deviceTypes.KVM_DEV_TYPE_ARM_VGIC_V3)) return {}
  const answers = await askCalls(
    session,
    lines(
      create,
      'KVM_CREATE_VCPU(0)',
      `KVM_ARM_VCPU_INIT(target = ${preferredTarget}, features[] = 0)`,
      'gic = KVM_CREATE_DEVICE(KVM_DEV_TYPE_ARM_VGIC_V3)',
      'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)',
      'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, 0xc664, &0x0)',
      'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0xc, &0x0)',
    ),
  )
  const [ctlr, typer2] = answers.slice(-2).map(({ value }) => value)
  return answers.length === 7 && ctlr !== undefined && typer2 !== undefined
    ? { gicv3: { ctlr: ctlr.toString(16), typer2: typer2.toString(16) } }
    : {}
}
