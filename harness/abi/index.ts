/** The table: every ioctl it speaks of. */
import type { Ioctl } from '../ioctl.ts'
import armPreferredTarget from './arm-preferred-target.ts'
import armSetDeviceAddr from './arm-set-device-addr.ts'
import armVcpuFinalize from './arm-vcpu-finalize.ts'
import armVcpuInit from './arm-vcpu-init.ts'
import checkExtension from './check-extension.ts'
import createDevice from './create-device.ts'
import createIrqchip from './create-irqchip.ts'
import createVcpu from './create-vcpu.ts'
import createVm from './create-vm.ts'
import { getDeviceAttr, hasDeviceAttr, setDeviceAttr } from './device-attr.ts'
import getApiVersion from './get-api-version.ts'
import getOneReg from './get-one-reg.ts'
import getRegList from './get-reg-list.ts'
import getVcpuMmapSize from './get-vcpu-mmap-size.ts'
import irqLine from './irq-line.ts'
import run from './run.ts'
import setOneReg from './set-one-reg.ts'
import setUserMemoryRegion from './set-user-memory-region.ts'
import unknown from './unknown.ts'
import { getVcpuEvents, setVcpuEvents } from './vcpu-events.ts'

export const abi: readonly Ioctl[] = [
  getApiVersion, checkExtension, getVcpuMmapSize, createVm,
  createVcpu, createIrqchip, createDevice, armSetDeviceAddr, armPreferredTarget, setUserMemoryRegion,
  armVcpuInit, armVcpuFinalize, getRegList, getOneReg, setOneReg, run,
  setDeviceAttr, getDeviceAttr, hasDeviceAttr, irqLine, getVcpuEvents, setVcpuEvents,
  unknown,
]

const byName = new Map(abi.map((ioctl) => [ioctl.name, ioctl]))

/** The ioctl of that name; undefined where the table has none. */
export const ioctlNamed = (name: string): Ioctl | undefined => byName.get(name)
