/** Defects of eventfds that hear of stores or raise interrupts, and of the routes of these. */
import type { Defect } from './defect.ts'

export const ofEventfds: readonly Defect[] = [
  {
    law: 'of every store at most one',
    is: 'an eventfd that hears of any length is not found where another has a length',
    breaks: (k) => k.forgets('KVM_IOEVENTFD', 'already there', (_, { len }) => len === 0),
  },
  {
    law: 'of every store at most one',
    is: 'the value is not compared when one is taken away',
    breaks: (k) =>
      k.forgets('KVM_IOEVENTFD', 'not there', ({ vm }, { addr, len, fd }) =>
        (vm.ioeventfds ?? []).some((one) => one.addr === addr && one.len === len && one.eventfd === fd),
      ),
  },
  {
    law: 'a store of the guest leaves',
    is: 'the value is forgotten',
    breaks: (k) =>
      // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
      k.grants('KVM_IOEVENTFD', ({ then }) => ({ then: (here, arg, into) => then!(here, { ...arg, flags: 0 }, into) })),
  },
  {
    law: 'an eventfd that is an irqfd',
    is: 'it is taken away whatever its gsi',
    breaks: (k) =>
      k.forgets('KVM_IRQFD', 'already assigned', ({ world }, { fd, gsi }) =>
        (world.irqfds ?? []).some((one) => one.eventfd === fd && one.gsi !== gsi),
      ),
  },
  {
    law: 'routes are accepted',
    is: 'the last GSI is refused',
    breaks: (k) =>
      k.refuses('KVM_SET_GSI_ROUTING', 'EINVAL', (_, { routes }) =>
        routes.some(({ gsi }: { gsi: number }) => gsi === 4095),
      ),
  },
  {
    law: 'an eventfd that the guest signals',
    is: 'routes are refused nothing, and forgotten',
    breaks: (k) =>
      k.grants('KVM_SET_GSI_ROUTING', () => ({
        // oxlint-disable-next-line unicorn/no-thenable -- `then` is the table's word for what a grant does
        then: () => {},
      })),
  },
  {
    law: 'an eventfd that the guest signals',
    is: 'where there are no routes yet the last SPI has none',
    breaks: (k) =>
      k.grants('KVM_SET_DEVICE_ATTR', ({ then: sets }) => ({
        // oxlint-disable-next-line unicorn/no-thenable -- as above
        then(here, arg, into) {
          sets!(here, arg, into)
          const { vm } = here
          const spis = (vm.vgic?.nrIrqs ?? 32) - 32
          if (vm.vgic?.initialised) vm.pins = new Map(Array.from({ length: spis - 1 }, (_, gsi) => [gsi, gsi]))
        },
      })),
  },
]
