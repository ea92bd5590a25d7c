/** Lines of the notation that biases are made of: calls, and the arguments worth giving them. */
import { features, vgicSizes, type vgicAddrTypes } from '../names/index.ts'

type AddressType = keyof typeof vgicAddrTypes

export const SVE = 'KVM_ARM_VCPU_SVE'
const PSCI = 'KVM_ARM_VCPU_PSCI_0_2',
  AARCH32 = 'KVM_ARM_VCPU_EL1_32BIT',
  PMU = 'KVM_ARM_VCPU_PMU_V3',
  OFF = 'KVM_ARM_VCPU_POWER_OFF'
const ADDRESS = 'KVM_ARM_VCPU_PTRAUTH_ADDRESS',
  GENERIC = 'KVM_ARM_VCPU_PTRAUTH_GENERIC'
const both = (...names: string[]) => names.join(' | ')
const PTRAUTH = both(ADDRESS, GENERIC)

export const featureSets = ['0', '0', PSCI, PSCI, SVE, SVE, both(SVE, PSCI), PMU, AARCH32, PTRAUTH, both(OFF, PSCI)]
const KNOWN = Object.keys(features).length
/** Unknown in some release or in all; half of a pair; two that exclude each other. */
export const wrongFeatures = [
  '1 << 7',
  `1 << ${KNOWN}`,
  '1 << 31',
  '1 << 32',
  '1 << 223',
  both(SVE, `1 << ${KNOWN}`),
  both(PSCI, '1 << 40'),
  both(AARCH32, '1 << 31'),
  ADDRESS,
  GENERIC,
  both(AARCH32, GENERIC),
  both(AARCH32, SVE),
  both(AARCH32, 'KVM_ARM_VCPU_HAS_EL2'),
]
/** Sets in an order in which one is refused and the next is not. */
export const neighbouringFeatures = [
  [ADDRESS, PTRAUTH],
  [PSCI, both(PSCI, OFF), PSCI],
  ['0', PSCI, '0'],
  [SVE, SVE],
  [both(SVE, OFF), SVE],
  ['1 << 9', '0'],
  [AARCH32, AARCH32],
  [AARCH32, '0'],
  ['0', AARCH32],
  [PMU, '0'],
  ['KVM_ARM_VCPU_HAS_EL2_E2H0', '0'],
]

/** KVM_ARM_VCPU_INIT; `before` comes before the features. */
export const init = (vcpu: string, set: string, before = '') =>
  `${vcpu}: KVM_ARM_VCPU_INIT(${before}features[] = ${set})`

const PC = 'KVM_REG_ARM_CORE_REG(regs.pc)',
  PSTATE = 'KVM_REG_ARM_CORE_REG(regs.pstate)',
  X0 = 'KVM_REG_ARM_CORE_REG(regs.regs[0])'
const VLS = 'KVM_REG_ARM64_SVE_VLS',
  VERSION = 'KVM_REG_ARM_PSCI_VERSION',
  BITMAP = 'KVM_REG_ARM_STD_BMAP'
const PFR0 = 'ARM64_SYS_REG(3, 0, 0, 4, 0)',
  DFR0 = 'ARM64_SYS_REG(3, 0, 0, 5, 0)',
  SCTLR = 'ARM64_SYS_REG(3, 0, 1, 0, 0)',
  MIDR = 'ARM64_SYS_REG(3, 0, 0, 0, 0)'

/** What shows a vcpu's state. */
export const reads = [
  (v: string) => `${v}: KVM_GET_REG_LIST(n = 1000)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${PC})`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${VLS})`,
  (v: string) => `${v}: KVM_GET_ONE_REG(${VERSION})`,
  (v: string) => `${v}: KVM_RUN(immediate_exit)`,
  (v: string) => `${v}: KVM_ARM_VCPU_FINALIZE(${SVE})`,
  (v: string) => `${v}: KVM_GET_VCPU_EVENTS`,
  (v: string) => `${v}: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0))`,
]
/** What is asked for too early. */
export const early = [
  ...reads,
  (v: string) => `${v}: KVM_SET_ONE_REG(${X0}, &0x1)`,
  (v: string) => `${v}: KVM_SET_ONE_REG(${VLS}, &0x1)`,
  (v: string) => `${v}: KVM_GET_REG_LIST(n = 0)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(&short(15), ${PC})`,
  (v: string) => `${v}: KVM_SET_ONE_REG(&unmapped, ${PC}, &0x1)`,
  (v: string) => `${v}: KVM_GET_REG_LIST(&unmapped, n = 0)`,
  (v: string) => `${v}: KVM_ARM_VCPU_FINALIZE(&unmapped, ${SVE})`,
  (v: string) => `${v}: KVM_RUN(immediate_exit, arg = 1)`,
  (v: string) => `${v}: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &0x1)`,
  (v: string) => `${v}: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_ZREG(0, 0), &unmapped)`,
  (v: string) => `${v}: KVM_GET_VCPU_EVENTS(&unmapped)`,
  (v: string) => `${v}: KVM_SET_VCPU_EVENTS(&unmapped)`,
  (v: string) => `${v}: KVM_SET_VCPU_EVENTS`,
]

/** A register, a value that is refused somewhere, and one that is taken. */
export const settings: readonly (readonly [string, string, string])[] = [
  [PC, '&unmapped, &0x0', '&0x1234'],
  [PSTATE, '&0x9', '&0x3c5'],
  [PSTATE, '&0x1d', '&0x1d3'],
  [VLS, '&0x0', '&0x1'],
  [VLS, '&0x5', '&0x1'],
  [VERSION, '&0x7', '&0x2'],
  [VERSION, '&0x10004', '&0x1'],
  [BITMAP, '&0x8000000000000000', '&0x0'],
  [PFR0, '&0x0', '&reset'],
  [DFR0, '&0x0', '&reset'],
  [SCTLR, '&short(7), &0x0', '&reset'],
  [MIDR, '&0x0', '&reset'],
  ['KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1', '&0x3', '&0x0'],
  ['KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2', '&0x13', '&0x0'],
  ['KVM_REG_ARM_DEMUX_ID_CCSIDR(0)', '&reset ^ 0x1', '&reset'],
  ['KVM_REG_ARM_FW_REG(5)', '&0x0', '&0x0'],
  ['KVM_REG_ARM_FW_FEAT_BMAP_REG(9)', '&0x0', '&0x0'],
  ['KVM_REG_ARM64_SVE_ZREG(0, 0)', '&unmapped', '&0x1'],
  ['ARM64_SYS_REG(3, 3, 0, 0, 1)', '&0x0', '&reset'],
  ['ARM64_SYS_REG(3, 7, 15, 15, 7)', '&unmapped', '&0x0'],
]
export const neighbouringValues = [
  [`${PSTATE}, &0x3c5`, `${PSTATE}, &0x3c6`, `${PSTATE}, &0x3c4`],
  [`${PSTATE}, &0x10`, `${PSTATE}, &0x1f`],
  [`${VLS}, &0x1`, `${VLS}, &0x2`, `${VLS}, &0x3`],
  [`${VLS}, &0xf`, `${VLS}, &0x7`],
  [`${VERSION}, &0x1`, `${VERSION}, &0x2`],
  [`${VERSION}, &0x10001`, `${VERSION}, &0x10002`, `${VERSION}, &0x10003`],
  [`${BITMAP}, &0x1`, `${BITMAP}, &0x2`, `${BITMAP}, &0x0`],
  [`${PFR0}, &0x0`, `${PFR0}, &reset`],
  [`${DFR0}, &0x0`, `${DFR0}, &reset`],
]
const CCSIDR = 'KVM_REG_ARM_DEMUX_ID_CCSIDR'
export const neighbouringIds = [
  [`${CCSIDR}(12)`, `${CCSIDR}(13)`, `${CCSIDR}(14)`],
  [`${CCSIDR}(0)`, `${CCSIDR}(0), &unmapped`],
  ['KVM_REG_ARM64_SVE_ZREG(0, 0)', 'KVM_REG_ARM64_SVE_ZREG(0, 1)'],
  ['KVM_REG_ARM64_SVE_PREG(15, 0)', 'KVM_REG_ARM64_SVE_FFR(1)'],
  ['KVM_REG_ARM_CORE_REG(fp_regs.vregs[0])', 'KVM_REG_ARM64_SVE_ZREG(0, 0)'],
  ['KVM_REG_ARM_CORE_REG(fp_regs.vregs[0]), &unmapped', 'KVM_REG_ARM64_SVE_ZREG(0, 0), &short(3)'],
  ['KVM_REG_ARM_FW_REG(2)', 'KVM_REG_ARM_FW_REG(3)', 'KVM_REG_ARM_FW_REG(4)'],
  [MIDR, `${MIDR}, &short(7)`],
  ['0x60300000001000d4', '0x60300000001000d5', '0x6030000000100001'],
]
/** Registers whose refusal the documentation promises otherwise, or not at all. */
export const disputedRegisters = [
  'KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS)',
  'KVM_GET_ONE_REG(0x6080000000150400)',
  'KVM_GET_ONE_REG(0x6030000000140000)',
  'KVM_GET_ONE_REG(0x6020000000140000)',
  'KVM_SET_ONE_REG(0x6020000000140000, &0x0)',
  'KVM_SET_ONE_REG(0x6020000000160000, &0x0)',
  'KVM_GET_ONE_REG(0x4030000000100000)',
  'KVM_GET_ONE_REG(KVM_REG_ARM_FW_REG(7))',
  'KVM_GET_ONE_REG(0x603000000013c001)',
  'KVM_GET_ONE_REG(0x6030000000120000)',
  'KVM_GET_REG_LIST(&short(16), n = 1000)',
  'KVM_GET_REG_LIST(n = 0x100000000)',
]

const SIZES: Partial<Record<AddressType, number>> = {
  KVM_VGIC_V2_ADDR_TYPE_DIST: vgicSizes.KVM_VGIC_V2_DIST_SIZE,
  KVM_VGIC_V2_ADDR_TYPE_CPU: vgicSizes.KVM_VGIC_V2_CPU_SIZE,
  KVM_VGIC_V3_ADDR_TYPE_DIST: vgicSizes.KVM_VGIC_V3_DIST_SIZE,
  KVM_VGIC_ITS_ADDR_TYPE: vgicSizes.KVM_VGIC_V3_ITS_SIZE,
}
const REDISTRIBUTOR = 0x2_0000
const isRegion = (type: AddressType) => type === 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'
const hex = (value: bigint) => `0x${BigInt.asUintN(64, value).toString(16)}`
const unitOf = (type: AddressType) => (type.startsWith('KVM_VGIC_V2') ? 0x1000n : 0x1_0000n)

export const frames: Record<'v2' | 'v3', readonly AddressType[]> = {
  v2: ['KVM_VGIC_V2_ADDR_TYPE_DIST', 'KVM_VGIC_V2_ADDR_TYPE_CPU'],
  v3: ['KVM_VGIC_V3_ADDR_TYPE_DIST', 'KVM_VGIC_V3_ADDR_TYPE_REDIST', 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'],
}
export const CTRL_INIT = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)'
/** Sets an address; of a region the value holds index and count as well. */
export const place = (type: AddressType, value: string, on = 'gic') =>
  `${on}: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &${value})`
/** Asks for it. */
export const placed = (type: AddressType, on = 'gic') =>
  `${on}: KVM_GET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_ADDR, ${type}, &0x0)`
export const oldPlace = (type: AddressType, value: string) => `vm: KVM_ARM_SET_DEVICE_ADDR(${type}, ${value})`

const ONE_FRAME = 1n << 52n
const region = (base: bigint, index = 0n, count = 1n, flags = 0n) => hex(index | base | (flags << 12n) | (count << 52n))

/** An argument that can be computed once: addresses depend on few numbers. */
const remembered = <Key extends readonly unknown[], T>(make: (...key: Key) => T): ((...key: Key) => T) => {
  const known = new Map<string, T>()
  return (...key) => {
    const name = key.join(' ')
    let value = known.get(name)
    if (value === undefined) known.set(name, (value = make(...key)))
    return value
  }
}

/** Frames that end a unit before the end of the IPA space, at it, and behind it; and that begin there. */
export const atLimit = remembered((ipa: number, type: AddressType): readonly string[] => {
  const end = 1n << BigInt(ipa),
    unit = unitOf(type),
    size = BigInt(SIZES[type] ?? REDISTRIBUTOR)
  return [
    end - size - unit,
    end - size,
    end - size,
    end - size + unit,
    end - unit,
    end,
    end + unit,
    -unit,
    -size,
    -size - unit,
  ].map((base) => (isRegion(type) ? hex((base & 0xf_ffff_ffff_0000n) | ONE_FRAME) : hex(base)))
})
export const goodAddresses = (type: AddressType): readonly string[] =>
  isRegion(type)
    ? [region(0n), region(0x10_0000n, 1n), region(0n, 0n, 2n), region(0x20_0000n, 2n)]
    : ['0x8000000', '0x0', '0x100000']
export const badAddresses = remembered((ipa: number, type: AddressType): readonly string[] => {
  const end = 1n << BigInt(ipa)
  return isRegion(type)
    ? [
        region(0n, 0n, 0n),
        region(0n, 0n, 1n, 1n),
        region(0n, 5n),
        region(end & 0xf_ffff_ffff_0000n),
        region(0x800_0000n),
        region(0n, 0n, 0xfffn),
      ]
    : [
        hex(0x800_0000n + unitOf(type) / 2n),
        hex(end),
        hex(end + 1n),
        hex(-unitOf(type)),
        hex(-unitOf(type) + 1n),
        '0x8000001',
      ]
})
/** Regions that hold fewer frames than there may be vcpus, or lie over the distributor. */
export const scarceRegions: readonly (readonly [AddressType, string])[] = [
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x10_0000n, 1n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7fe0000'],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7fc0000'],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION', region(0x7ff_0000n)],
  ['KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'],
]

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
const REDIST_REGION = 'KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION'
/** The old call that 5.10 takes for the redistributors as well. */
export const oldRegions = [
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x0'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8001000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x7ff0000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000'),
  oldPlace('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x10000000000'),
  ...[
    region(0n),
    region(0n, 1n),
    region(0x20_0000n, 1n),
    region(0n, 7n),
    region(0n, 0n, 0n),
    region(1n << 40n, 0n),
    region(1n << 40n, 1n),
  ].map((value) => oldPlace(REDIST_REGION, value)),
]
export const overlapping: Record<'v2' | 'v3', readonly (readonly string[])[]> = {
  v2: [
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8000000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8001000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
    [place('KVM_VGIC_V2_ADDR_TYPE_DIST', '0x8002000'), place('KVM_VGIC_V2_ADDR_TYPE_CPU', '0x8000000')],
  ],
  v3: [
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8010000')],
    [place(REDIST_REGION, region(0x800_0000n)), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8000000')],
    [place('KVM_VGIC_V3_ADDR_TYPE_REDIST', '0x8000000'), place('KVM_VGIC_V3_ADDR_TYPE_DIST', '0x8040000')],
  ],
}
/** Of a VFIO device: the file it is given is never one. */
export const files = [
  ['device: KVM_SET_DEVICE_ATTR(1, 1)', 'device: KVM_SET_DEVICE_ATTR(1, 1, &0xffffffff)'],
  ['device: KVM_SET_DEVICE_ATTR(1, 2)', 'device: KVM_SET_DEVICE_ATTR(1, 3)'],
  ['device: KVM_GET_DEVICE_ATTR(&unmapped, 1, 1, &0)'],
  ['device: KVM_HAS_DEVICE_ATTR(1, 1)', 'device: KVM_HAS_DEVICE_ATTR(1, 3)'],
]

export const disputedOnVm = [
  ['vm: KVM_CREATE_VCPU(0x100000000)'],
  ['vm: KVM_CREATE_VCPU(512)', 'vm: KVM_CREATE_VCPU(511)'],
  ['vm: KVM_IRQ_LINE(KVM_ARM_IRQ_TYPE_SPI | 31, level = 1)'],
  ['vm: KVM_IRQ_LINE(3 << 24)'],
  ['vm: KVM_ARM_SET_DEVICE_ADDR(0x10000, 0x8000000)'],
  ['vm: KVM_GET_DEVICE_ATTR(9, 0, &0)'],
  ['vm: KVM_RUN(immediate_exit)'],
]
export const events = [
  'exception.pad = 0x1',
  'exception.serror_pending = 1',
  'exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x1ffffff',
  'exception.serror_pending = 1, exception.serror_has_esr = 1, exception.serror_esr = 0x2000000',
  'exception.serror_has_esr = 1, exception.serror_esr = 0x2000000',
  '&short(63)',
]
/** Interrupt lines of every kind, for a vgic in any state. */
export const lines = [
  'KVM_ARM_IRQ_TYPE_SPI | 32',
  'KVM_ARM_IRQ_TYPE_SPI | 31',
  'KVM_ARM_IRQ_TYPE_SPI | 64',
  'KVM_ARM_IRQ_TYPE_SPI | 1018',
  'KVM_ARM_IRQ_TYPE_PPI | 16',
  'KVM_ARM_IRQ_TYPE_PPI | vcpu 3 | 16',
  'KVM_ARM_IRQ_TYPE_PPI | 15',
  'KVM_ARM_IRQ_TYPE_CPU',
  'KVM_ARM_IRQ_TYPE_CPU | vcpu 5',
].map((irq) => `vm: KVM_IRQ_LINE(${irq}, level = 1)`)

export const deviceNames = [
  'KVM_DEV_TYPE_ARM_VGIC_V3',
  'KVM_DEV_TYPE_ARM_VGIC_V2',
  'KVM_DEV_TYPE_ARM_VGIC_ITS',
  'KVM_DEV_TYPE_VFIO',
  'KVM_DEV_TYPE_ARM_VGIC_V3',
  'KVM_DEV_TYPE_ARM_VGIC_V2',
  'KVM_DEV_TYPE_XICS',
]
const smallSizes = ['31', '32', '33', '36', '39', '40', '41']
/** IPA sizes around the limits of hosts; large ones seldom, since 7.2 takes seconds to take apart a VM of 2^52 bytes. */
export const ipaSizes = [...smallSizes, ...smallSizes, ...smallSizes, '48', '49', '51', '52', '53']

/** A slot; `rest`: its fields from guest_phys_addr on. */
export const slot = (n: number, rest: string) => `vm: KVM_SET_USER_MEMORY_REGION(slot = ${n}, ${rest})`
const memory = (gpa: bigint, size: bigint, flags = '', ram = '&ram') =>
  `${flags}guest_phys_addr = ${hex(gpa)}, memory_size = ${hex(size)}, userspace_addr = ${ram}`
export const memoryAtLimit = remembered((ipa: number): readonly string[] => {
  const end = 1n << BigInt(ipa)
  return [
    memory(end - 0x1000n, 0x1000n),
    memory(end - 0x2000n, 0x1000n),
    memory(end - 0x1000n, 0x2000n),
    memory(end, 0x1000n),
    memory(end - 0x1_0000n, 0x1_0000n),
    memory(end - 0x1_0000n, 0x1_1000n),
  ]
})
export const goodMemory = remembered((_ipa: number): readonly string[] => [
  memory(0x1_0000n, 0x1000n),
  memory(0n, 0x1000n),
  memory(0n, 0x1_0000n),
  memory(0x1_0000n, 0x1_0000n),
])
export const badMemory = remembered((ipa: number): readonly string[] => [
  memory(0x800n, 0x1000n),
  memory(0n, 0x1001n),
  memory(0n, 0x1000n, '', '&ram + 0x800'),
  memory(0n, 0x1000n, 'flags = 1 << 2, '),
  memory(0n, 0x1000n, 'flags = 1 << 31, '),
  memory(1n << BigInt(ipa), 0x1000n),
  memory(0n, 1n << 43n),
  memory(-0x1000n, 0x1000n),
  memory(0n, 0x1000n, 'flags = KVM_MEM_READONLY, '),
  `&short(31), ${memory(0n, 0x1000n)}`,
  `&unmapped, ${memory(0n, 0x1000n, 'flags = 1 << 3, ')}`,
])
export const noMemory = [memory(0n, 0n), memory(0x1_0000n, 0n)]
export const neighbouringSlots = [
  [
    slot(0, memory(0x1_0000n, 0x1000n)),
    slot(1, memory(0x1_0000n, 0x1000n)),
    slot(1, memory(0x1_1000n, 0x1000n)),
    slot(2, memory(0xf000n, 0x1000n)),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(0, memory(0n, 0x2000n)),
    slot(0, memory(0x1_0000n, 0x1000n)),
    slot(0, memory(0n, 0n)),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(0, memory(0n, 0x1000n, 'flags = KVM_MEM_READONLY, ')),
    slot(0, memory(0n, 0x1000n, 'flags = KVM_MEM_LOG_DIRTY_PAGES, ')),
  ],
  [
    slot(0, memory(0n, 0x1000n)),
    slot(1, memory(0x4000_0000n, 0x1000n)),
    slot(1, memory(0n, 0x1000n, '', '&ram + 0x1000')),
    slot(1, memory(0n, 0x1000n)),
  ],
  [
    slot(32766, memory(0n, 0x1000n)),
    slot(32767, memory(0n, 0x1000n)),
    slot(511, memory(0n, 0x1000n)),
    slot(0x10000, memory(0n, 0x1000n)),
  ],
]
export const neighbouringVcpus = [
  ['vm: KVM_CREATE_VCPU(511)', 'vm: KVM_CREATE_VCPU(512)'],
  ['vm: KVM_CREATE_VCPU(7)', 'vm: KVM_CREATE_VCPU(8)'],
  ['vm: KVM_CREATE_VCPU(0)', 'vm: KVM_CREATE_VCPU(0)', 'vm: KVM_CREATE_VCPU(1)'],
]
export const neighbouringVms = [
  ['kvm: KVM_CREATE_VM(31)', 'kvm: KVM_CREATE_VM(32)'],
  ['kvm: KVM_CREATE_VM(0x100)', 'kvm: KVM_CREATE_VM(0)'],
  ['kvm: KVM_CREATE_VM(0x80000000)', 'kvm: KVM_CREATE_VM(36)'],
]
