/**
 * Attributes of devices: when they are there, their neighbours, and those of which text and code say different
 * things.
 */
import { oldPlace, place, placed, region } from './vgic-address.ts'

export const CTRL_INIT = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)'
const set = (attr: string, on = 'gic') => `${on}: KVM_SET_DEVICE_ATTR(${attr})`
const get = (attr: string, on = 'gic') => `${on}: KVM_GET_DEVICE_ATTR(${attr})`
const has = (attr: string, on = 'gic') => `${on}: KVM_HAS_DEVICE_ATTR(${attr})`
const DIST_REGS = 'KVM_DEV_ARM_VGIC_GRP_DIST_REGS',
  NR_IRQS = 'KVM_DEV_ARM_VGIC_GRP_NR_IRQS',
  LEVEL = 'KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO'
const CPU_REGS = 'KVM_DEV_ARM_VGIC_GRP_CPU_REGS',
  SYSREGS = 'KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS',
  ITS_REGS = 'KVM_DEV_ARM_VGIC_GRP_ITS_REGS',
  REDIST_REGS = 'KVM_DEV_ARM_VGIC_GRP_REDIST_REGS'
const MAINT = 'KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ',
  CTRL = 'KVM_DEV_ARM_VGIC_GRP_CTRL'
/** Attributes that are there after the initialisation, or only before. */
export const attributes: Record<'v2' | 'v3' | 'its', readonly string[]> = {
  v2: [
    get(`${DIST_REGS}, 8, &0`),
    get(`${DIST_REGS}, 8, &unmapped`),
    get(`${CPU_REGS}, 0xfc, &0`),
    set(`${NR_IRQS}, 0, &64`),
    set(`${DIST_REGS}, 4`),
    set(`${NR_IRQS}, 0, &63`),
    has(`${DIST_REGS}, 5`),
    has(`${CPU_REGS}, 0xfc`),
    set(`${DIST_REGS}, 0x300000004`),
    get(`${DIST_REGS}, 0x300000004, &unmapped`),
  ],
  v3: [
    get(`${DIST_REGS}, 4, &0`),
    get(`${DIST_REGS}, 8, &unmapped`),
    get(`${REDIST_REGS}, 4, &0`),
    get(`${SYSREGS}, 0xc230, &0x0`),
    get(`${SYSREGS}, 0, &0x0`),
    get(`${SYSREGS}, 0, &unmapped`),
    get(`${LEVEL}, 0, &0`),
    get(`${LEVEL}, 1, &0`),
    get(`${LEVEL}, 1, &unmapped`),
    set(`${LEVEL}, 1, &0`),
    set(`${LEVEL}, 1`),
    set(`${DIST_REGS}, 4`),
    set(`${SYSREGS}, 0`),
    set(`${SYSREGS}, 0, &0x0`),
    has(`${SYSREGS}, 0`),
    has(`${DIST_REGS}, 5`),
    has(`${DIST_REGS}, 0xff00000000000004`),
    has(`${LEVEL}, 0x400`),
    has(`${MAINT}, 0`),
    has(`${CTRL}, 5`),
    set(`${NR_IRQS}, 0, &64`),
    set(`${NR_IRQS}, 0, &63`),
    set(`${CTRL}, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES`),
    set(`${MAINT}, 0, &25`),
    set(`${MAINT}, 0, &32`),
    set(`${DIST_REGS}, 0xff00000000000004`),
    get(`${DIST_REGS}, 4, &unmapped`),
    get(`${SYSREGS}, 0xc230, &unmapped`),
  ],
  its: [
    has(`${ITS_REGS}, 0`, 'its'),
    has(`${ITS_REGS}, 1`, 'its'),
    has(`${ITS_REGS}, 0x30`, 'its'),
    get(`${ITS_REGS}, 0, &0x0`, 'its'),
    get(`${ITS_REGS}, 0x30, &0x0`, 'its'),
    get(`${ITS_REGS}, 1, &0x0`, 'its'),
    get(`${ITS_REGS}, 0, &unmapped`, 'its'),
    get(`${ITS_REGS}, 0x30, &unmapped`, 'its'),
    set(`${ITS_REGS}, 1`, 'its'),
    set(`${ITS_REGS}, 0x30, &0x0`, 'its'),
    set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE', 'its'),
    set('KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST', 'its'),
    placed('KVM_VGIC_ITS_ADDR_TYPE', 'its'),
  ],
}
export const neighbouringAttributes: Record<'v2' | 'v3', readonly (readonly string[])[]> = {
  v2: [
    [set(`${NR_IRQS}, 0, &1024`), set(`${NR_IRQS}, 0, &992`), set(`${NR_IRQS}, 0, &31`)],
    [place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8001800'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8001000')],
    [get(`${DIST_REGS}, 0x100000008, &0`), get(`${DIST_REGS}, 8, &0`)],
  ],
  v3: [
    [set(`${NR_IRQS}, 0, &1024`), set(`${NR_IRQS}, 0, &992`), set(`${NR_IRQS}, 0, &31`)],
    [place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8001000'), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8010000')],
    [
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x10_0000n, 1n)),
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x10_0000n)),
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x12_0000n, 1n)),
    ],
    [
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x10_0000n)),
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x20_0000n)),
      get(`KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &0x1`),
    ],
    [
      place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7ff0000'),
      place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8010000'),
    ],
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8001000'), place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8010000')],
    [set(`${MAINT}, 0, &15`), set(`${MAINT}, 0, &16`), set(`${MAINT}, 0, &31`), set(`${MAINT}, 0, &32`)],
  ],
}
export const disputed: Record<'v2' | 'v3' | 'its', readonly (readonly string[])[]> = {
  v2: [
    [set(`${NR_IRQS}, 0, &1024`)],
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0xfffffffffffff000')],
    [oldPlace('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')],
    ['vm: KVM_ARM_SET_DEVICE_ADDR(0x100000000, 0x8000000)'],
    [
      oldPlace('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000800'),
      oldPlace('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8001000'),
      oldPlace('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8002000'),
    ],
  ],
  v3: [
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x0'), place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x100000')],
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0n)), place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x100000')],
    [get(`${SYSREGS}, 0, &0x0`)],
    [place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0xffffffffffff0000')],
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0xffffffffffff0000')],
    [oldPlace('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')],
    [oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x100000')],
    [
      oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0n)),
      oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x20_0000n, 1n)),
    ],
  ],
  its: [
    [place('KVM_VGIC_ITS_ADDR_TYPE', '0xffffffffffff0000', 'its')],
    [set(`${CTRL}, 9`, 'its')],
    [get(`${CTRL}, 9`, 'its')],
  ],
}
/** Of a VFIO device: the file it is given is never one. */
export const files = [
  ['device: KVM_SET_DEVICE_ATTR(1, 1)', 'device: KVM_SET_DEVICE_ATTR(1, 1, &0xffffffff)'],
  ['device: KVM_SET_DEVICE_ATTR(1, 2)', 'device: KVM_SET_DEVICE_ATTR(1, 3)'],
  ['device: KVM_GET_DEVICE_ATTR(&unmapped, 1, 1, &0)'],
  ['device: KVM_HAS_DEVICE_ATTR(1, 1)', 'device: KVM_HAS_DEVICE_ATTR(1, 3)'],
]
