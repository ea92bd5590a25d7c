/** The table: every ioctl it speaks of. */
import type { Ioctl } from '../model/rule.ts'
import armPreferredTarget from './ioctls/arm-preferred-target.ts'
import armSetDeviceAddr from './ioctls/arm-set-device-addr.ts'
import armVcpuFinalize from './ioctls/arm-vcpu-finalize.ts'
import armVcpuInit from './ioctls/arm-vcpu-init.ts'
import checkExtension from './ioctls/check-extension.ts'
import createDevice from './ioctls/create-device.ts'
import createIrqchip from './ioctls/create-irqchip.ts'
import createVcpu from './ioctls/create-vcpu.ts'
import createVm from './ioctls/create-vm.ts'
import { getDeviceAttr, hasDeviceAttr, setDeviceAttr } from './ioctls/device-attr.ts'
import getApiVersion from './ioctls/get-api-version.ts'
import getOneReg from './ioctls/get-one-reg.ts'
import getRegList from './ioctls/get-reg-list.ts'
import getVcpuMmapSize from './ioctls/get-vcpu-mmap-size.ts'
import irqLine from './ioctls/irq-line.ts'
import run from './ioctls/run.ts'
import setOneReg from './ioctls/set-one-reg.ts'
import setUserMemoryRegion from './ioctls/set-user-memory-region.ts'
import unknown from './ioctls/unknown.ts'
import { getVcpuEvents, setVcpuEvents } from './ioctls/vcpu-events.ts'

export const abi: readonly Ioctl[] = [
  getApiVersion,
  checkExtension,
  getVcpuMmapSize,
  createVm,
  createVcpu,
  createIrqchip,
  createDevice,
  armSetDeviceAddr,
  armPreferredTarget,
  setUserMemoryRegion,
  armVcpuInit,
  armVcpuFinalize,
  getRegList,
  getOneReg,
  setOneReg,
  run,
  setDeviceAttr,
  getDeviceAttr,
  hasDeviceAttr,
  irqLine,
  getVcpuEvents,
  setVcpuEvents,
  unknown,
]

const byName = new Map(abi.map((ioctl) => [ioctl.name, ioctl]))

/** The ioctl of that name; undefined where the table has none. */
export const ioctlNamed = (name: string): Ioctl | undefined => byName.get(name)
