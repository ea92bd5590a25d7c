/** Eventfds that hear of stores, or raise interrupts: which stores, and of which eventfd it is said that it is in use. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import { deviceTypes } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

const { KVM_DEV_TYPE_ARM_VGIC_V2: V2, KVM_DEV_TYPE_ARM_VGIC_V3: V3 } = deviceTypes

const STORE = 0x1000_0000
const LENGTH = 4
const VALUE = 0x2a

interface Heard {
  addr: number
  len: number
  datamatch?: number | undefined
}
const place = (addr: fc.Arbitrary<number>, values: number[]): fc.Arbitrary<Heard> =>
  fc
    .record({
      addr,
      len: fc.constantFrom(0, 1, 2, 4, 8),
      datamatch: fc.option(fc.constantFrom(...values), { nil: undefined }),
    })
    .filter(({ len, datamatch }) => len !== 0 || datamatch === undefined)
const hears = ({ addr, len, datamatch }: Heard, store: { addr: number; size: number; value: number }): boolean =>
  addr === store.addr && (len === 0 || len === store.size) && (datamatch === undefined || datamatch === store.value)
const said = ({ addr, len, datamatch }: Heard, fd: number, more: readonly string[] = []): string => {
  const flags = [...(datamatch === undefined ? [] : ['KVM_IOEVENTFD_FLAG_DATAMATCH']), ...more].join(' | ') || '0'
  return `vm: KVM_IOEVENTFD(addr = ${addr}, len = ${len}, fd = eventfd${fd}, datamatch = ${datamatch ?? 0}, flags = ${flags})`
}

law(
  'of every store at most one eventfd hears: the second is EEXIST; and only what was assigned can be taken away, once',
  src('virt/kvm/eventfd.c', 'ioeventfd_check_collision'),
  async ({ ask, forAll }) => {
    const values = [0, 1]
    const sizes = [1, 2, 4, 8]
    const step = fc.record({
      heard: place(fc.constantFrom(STORE, STORE + 1), values),
      fd: fc.nat(1),
      goes: fc.boolean(),
    })
    await forAll(
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      async (steps) => {
        let all: { heard: Heard; fd: number }[] = []
        const stores = (heard: Heard) =>
          sizes.flatMap((size) =>
            [...values, 2].map((value) => ({ addr: heard.addr, size, value })).filter((store) => hears(heard, store)),
          )
        const lines = steps.map(({ heard, fd, goes }) => {
          if (goes) {
            const left = all.filter((one) => said(one.heard, one.fd) !== said(heard, fd))
            const answer = left.length < all.length ? 'ok' : '-ENOENT'
            all = left
            return `${said(heard, fd, ['KVM_IOEVENTFD_FLAG_DEASSIGN'])} -> ${answer}`
          }
          const isHeard = stores(heard).some((store) => all.some((one) => hears(one.heard, store)))
          if (!isHeard) all.push({ heard, fd })
          return `${said(heard, fd)} -> ${isHeard ? '-EEXIST' : 'ok'}`
        })
        // Once all are taken away, each can be assigned as at first, and taken away again, twice.
        const gone = all.map((one) => `${said(one.heard, one.fd, ['KVM_IOEVENTFD_FLAG_DEASSIGN'])} -> ok`)
        const again = [STORE, STORE + 1].flatMap((addr) =>
          [0, ...sizes].flatMap((len) => {
            const both = ['', 'KVM_IOEVENTFD_FLAG_DEASSIGN'].map(
              (flag) => `${said({ addr, len }, 0, flag === '' ? [] : [flag])} -> ok`,
            )
            return [...both, ...both]
          }),
        )
        await ask([...lines, ...gone, ...again].join('\n'))
      },
      30,
    )
  },
)

law(
  'a store of the guest leaves it if and only if no eventfd hears of its address, length and value',
  api('4.59', 'A guest write in the registered address will signal the'),
  async ({ ask, forAll }) => {
    const addr = fc.constantFrom(STORE, STORE, STORE, STORE - 1, STORE + 1, STORE + LENGTH)
    await forAll(
      place(addr, [VALUE, VALUE, VALUE + 1, 0]),
      async (heard) => {
        const stays = hears(heard, { addr: STORE, size: LENGTH, value: VALUE })
        await ask(
          [
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok',
            'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000, userspace_addr = &guest) -> ok',
            `${said(heard, 0)} -> ok`,
            `vcpu0: KVM_RUN -> ok = ${stays ? 'KVM_EXIT_SYSTEM_EVENT' : 'KVM_EXIT_MMIO'}`,
          ].join('\n'),
        )
      },
      40,
    )
  },
)

const PIN = 'KVM_IRQ_ROUTING_IRQCHIP'
const INIT = 'KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT)'

law(
  'an eventfd that is an irqfd of the VM is EBUSY, until it was taken away with its gsi',
  api('4.75', 'The irqfd is removed using'),
  async ({ host, ask, forAll, notOffered }) => {
    const type = [V3, V2].find((one) => host.devices.includes(one))
    if (type === undefined) notOffered('no GIC')
    const step = fc.record({ fd: fc.nat(2), gsi: fc.nat(2), goes: fc.boolean(), resamples: fc.boolean() })
    await forAll(
      fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
      async (steps) => {
        const used = new Map<number, number>()
        const lines = steps.map(({ fd, gsi, goes, resamples }) => {
          const isUsed = used.has(fd)
          if (goes && used.get(fd) === gsi) used.delete(fd)
          if (!goes && !isUsed) used.set(fd, gsi)
          const flags = goes ? 'KVM_IRQFD_FLAG_DEASSIGN' : resamples ? 'KVM_IRQFD_FLAG_RESAMPLE' : '0'
          const call = `vm: KVM_IRQFD(fd = eventfd${fd}, gsi = ${gsi}, flags = ${flags}, resamplefd = eventfd7)`
          return `${call} -> ${!goes && isUsed ? '-EBUSY' : 'ok'}`
        })
        await ask([`gic = KVM_CREATE_DEVICE(${type}) -> ok`, `gic: ${INIT} -> ok`, ...lines].join('\n'))
      },
      30,
    )
  },
)

law(
  'routes are accepted if and only if there are at most KVM_CAP_IRQ_ROUTING, of different GSIs below it',
  api('4.52', 'Sets the GSI routing table entries, overwriting any previously set entries'),
  async ({ host, ask, forAll }) => {
    const most = host.caps.KVM_CAP_IRQ_ROUTING ?? 0
    const gsi = fc.oneof(fc.nat(8), fc.constantFrom(most - 1, most - 2), fc.constantFrom(most, most + 1, 0xffff_ffff))
    await forAll(
      fc.array(fc.array(gsi, { maxLength: 4 }), { minLength: 1, maxLength: 12 }),
      async (tables) => {
        const lines = tables.map((gsis) => {
          const isGood = gsis.every((one) => one < most) && new Set(gsis).size === gsis.length
          const routes = gsis.map((one, pin) => `route(gsi = ${one}, ${PIN}, pin = ${pin})`).join(', ')
          return `vm: KVM_SET_GSI_ROUTING${routes && `(${routes})`} -> ${isGood ? 'ok' : '-EINVAL'}`
        })
        await ask([...lines, `vm: KVM_SET_GSI_ROUTING(nr = ${most + 1}) -> -EINVAL`].join('\n'))
      },
      30,
    )
  },
)

const ATTR = 'KVM_DEV_ARM_VGIC_GRP'
const SPIS = 256 - 32

law(
  'an eventfd that the guest signals raises the SPI of its route, pin + 32, or where there are no routes yet gsi + 32',
  api('4.75', 'in case the gsi is associated to an irqchip routing entry'),
  async ({ host, ask, forAll, notOffered }) => {
    if (!host.devices.includes(V3)) notOffered('no GICv3')
    const places = { DIST: '0x8000000', REDIST: '0x80a0000' }
    const pin = fc.oneof(fc.nat(SPIS - 1), fc.constantFrom(SPIS - 1, SPIS, SPIS + 1, 987))
    const routed = fc.record({
      routes: fc.uniqueArray(fc.tuple(fc.nat(5), pin), { minLength: 1, selector: ([gsi]) => gsi }),
      gsi: fc.nat(5),
    })
    const atFirst = fc.record({ routes: fc.constant(undefined), gsi: pin })
    await forAll(
      fc.oneof({ arbitrary: routed, weight: 2 }, atFirst),
      async ({ routes, gsi }) => {
        const isRaised = (spi: number) =>
          routes ? routes.some(([from, to]) => from === gsi && to === spi - 32) : gsi === spi - 32
        const words = Array.from({ length: SPIS / 32 }, (_, i) => i + 1)
        await ask(
          [
            'vm: KVM_CREATE_VCPU(0) -> ok',
            `gic = KVM_CREATE_DEVICE(${V3}) -> ok`,
            'vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PSCI_0_2) -> ok',
            ...Object.entries(places).map(
              ([type, at]) => `gic: KVM_SET_DEVICE_ATTR(${ATTR}_ADDR, KVM_VGIC_V3_ADDR_TYPE_${type}, &${at}) -> ok`,
            ),
            `gic: ${INIT} -> ok`,
            'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0, memory_size = 0x1000, userspace_addr = &guest) -> ok',
            `${said({ addr: STORE, len: LENGTH }, 0)} -> ok`,
            `vm: KVM_IRQFD(fd = eventfd0, gsi = ${gsi}) -> ok`,
            ...(routes
              ? [
                  `vm: KVM_SET_GSI_ROUTING(${routes.map(([from, to]) => `route(gsi = ${from}, ${PIN}, pin = ${to})`).join(', ')}) -> ok`,
                ]
              : []),
            'vcpu0: KVM_RUN -> ok = KVM_EXIT_SYSTEM_EVENT',
            ...words.map((word) => {
              const bits = Array.from({ length: 32 }, (_, i) => (isRaised(word * 32 + i) ? 1n << BigInt(i) : 0n))
              const value = bits.reduce((all, bit) => all | bit, 0n)
              return `gic: KVM_GET_DEVICE_ATTR(${ATTR}_DIST_REGS, ${0x200 + 4 * word}, &0x0) -> ok = ${value}`
            }),
          ].join('\n'),
        )
      },
      25,
    )
  },
)
