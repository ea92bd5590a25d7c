/**
 * Eventfds that raise interrupts or hear of stores, several times and of several VMs; routes; and messages to an ITS.
 */
import { CTRL_INIT } from '../lines/device-attr.ts'
import { programSlot } from '../lines/memory-region.ts'
import { init } from '../lines/vcpu-init.ts'
import { place } from '../lines/vgic-address.ts'
import type { Picker } from '../pick.ts'
import { oneOf, onGic, onVcpu, onVm, type Bias } from './bias.ts'

const eventfd = (pick: Picker) => pick.of(['eventfd0', 'eventfd0', 'eventfd1'])
const irqfdFlags = [
  '',
  '',
  ', flags = KVM_IRQFD_FLAG_DEASSIGN',
  ', flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = eventfd1',
  ', flags = KVM_IRQFD_FLAG_RESAMPLE, resamplefd = itself',
  ', flags = KVM_IRQFD_FLAG_DEASSIGN | KVM_IRQFD_FLAG_RESAMPLE',
]
const irqfd = (pick: Picker, vm: string) =>
  `${vm}: KVM_IRQFD(fd = ${eventfd(pick)}, gsi = ${pick.of(['0', '0', '1'])}${pick.of(irqfdFlags)})`

const heard = ['addr = 0x10000000, len = 4', 'addr = 0x10000000, len = 4', 'addr = 0x10000000, len = 1']
const anyLength = 'addr = 0x10000000, len = 0'
const matches = ['', '', ', datamatch = 0x0, flags = KVM_IOEVENTFD_FLAG_DATAMATCH']
const goes = [
  ', flags = KVM_IOEVENTFD_FLAG_DEASSIGN',
  ', datamatch = 0x0, flags = KVM_IOEVENTFD_FLAG_DATAMATCH | KVM_IOEVENTFD_FLAG_DEASSIGN',
]
const ioeventfd = (pick: Picker) =>
  `vm: KVM_IOEVENTFD(${pick.of([...heard, anyLength])}, fd = ${eventfd(pick)}${pick.of([...matches, ...goes])})`

const routes = [
  'route(gsi = 0, KVM_IRQ_ROUTING_IRQCHIP)',
  'route(gsi = 0, KVM_IRQ_ROUTING_IRQCHIP, pin = 1), route(gsi = 1, KVM_IRQ_ROUTING_IRQCHIP)',
  'route(gsi = 0, KVM_IRQ_ROUTING_MSI, flags = KVM_MSI_VALID_DEVID, address_lo = 0x8090040)',
  'route(gsi = 0, KVM_IRQ_ROUTING_IRQCHIP), route(gsi = 0, KVM_IRQ_ROUTING_IRQCHIP)',
  'route(gsi = 0, KVM_IRQ_ROUTING_IRQCHIP, pin = 988)',
]
const routing = (pick: Picker) => `vm: KVM_SET_GSI_ROUTING(${pick.of(['', ...routes])})`

const ITS_REGS = 'its: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ITS_REGS'
const VALID = '&0x8000000000000000'
const enableIts = [
  `${ITS_REGS}, 0x100, ${VALID})`,
  `${ITS_REGS}, 0x108, ${VALID})`,
  `${ITS_REGS}, 0x80, ${VALID})`,
  `${ITS_REGS}, 0x0, &0x1)`,
]
const message = (pick: Picker) =>
  `vm: KVM_SIGNAL_MSI(address_lo = ${pick.of(['0x8090040', '0x8090040', '0x80a0000', '0x0'])}`
  + `${pick.of([', flags = KVM_MSI_VALID_DEVID', ', flags = KVM_MSI_VALID_DEVID', ''])})`

const DIST = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS'
/** Words of GICD_ISPENDR, of which the first has the interrupts of GSIs 0 to 31. */
const pending = (pick: Picker) => `gic: KVM_GET_DEVICE_ATTR(${DIST}, ${pick.of(['0x204', '0x204', '0x208'])}, &0x0)`
/** Edges or levels, enabled or not. */
const prepared = [`${DIST}, 0xc08, &0x0`, `${DIST}, 0x104, &0x1`, `${DIST}, 0x204, &0x0`]

const lookAtRun = ['mmio.len', 'mmio.phys_addr', 'mmio.is_write', 'exit_reason']

/** Most ask for what was asked for before: the same eventfd, the same stores. */
export const eventfds: Bias = {
  name: 'eventfds',
  weight: 3,
  lines: oneOf([
    onGic((_, pick, { vms }) => [
      ...(pick.once(2) ? [CTRL_INIT] : []),
      ...Array.from({ length: 3 + pick.nat(2) }, () => irqfd(pick, pick.of(['vm', ...vms]))),
    ]),
    onGic((_, pick) => [routing(pick), irqfd(pick, 'vm'), routing(pick), irqfd(pick, 'vm')]),
    onVcpu((vcpu, pick, { gic }) =>
      gic === undefined
        ? []
        : [
            ...(pick.once(2) ? [CTRL_INIT] : []),
            programSlot('store-then-off'),
            init(vcpu, 'KVM_ARM_VCPU_PSCI_0_2'),
            'vm: KVM_IOEVENTFD(addr = 0x10000000, len = 4, fd = eventfd0)',
            irqfd(pick, 'vm'),
            ...(pick.once(2) ? [routing(pick)] : []),
            ...(pick.once(2) ? [`gic: KVM_SET_DEVICE_ATTR(${pick.of(prepared)})`] : []),
            `${vcpu}: KVM_RUN`,
            pending(pick),
            'gic: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 0x20, &0x0)',
          ],
    ),
    onVm((pick) => Array.from({ length: 3 + pick.nat(2) }, () => ioeventfd(pick))),
    onVm((pick, { devices }) =>
      devices.includes('its')
        ? [
            place('KVM_VGIC_ITS_ADDR_TYPE', '0x8080000', 'its'),
            message(pick),
            ...enableIts.filter(() => !pick.once(12)),
            message(pick),
          ]
        : [message(pick), routing(pick)],
    ),
    onVcpu((vcpu, pick) => [
      programSlot(pick.of(['mmio-stores', 'store-then-off'])),
      init(vcpu, 'KVM_ARM_VCPU_PSCI_0_2'),
      ioeventfd(pick),
      ...(pick.once(2) ? [ioeventfd(pick)] : []),
      ...(pick.once(4) ? ['vm: KVM_REGISTER_COALESCED_MMIO(addr = 0x10000000, size = 4)'] : []),
      ...(pick.once(2) ? [irqfd(pick, 'vm')] : []),
      `${vcpu}: KVM_RUN`,
      `${vcpu}: kvm_run(${pick.of(lookAtRun)})`,
      ioeventfd(pick),
      `${vcpu}: KVM_RUN`,
      `${vcpu}: kvm_run(${pick.of(lookAtRun)})`,
    ]),
  ]),
}
