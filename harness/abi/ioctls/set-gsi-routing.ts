/** Where the interrupts of eventfds go: to a pin of the interrupt controller, or as a message to an ITS. */
import { badPointer } from '../../model/bad-pointer.ts'
import { api, ioctl, src, type Refusal, type Statement } from '../../model/rule.ts'
import { ioctls, irqFlags, irqRouting } from '../../names/index.ts'
import { isCutOff, routesOf, takes, type Route, type Routing } from '../args/set-gsi-routing.ts'

const { KVM_IRQ_ROUTING_IRQCHIP: IRQCHIP, KVM_IRQ_ROUTING_MSI: MSI, KVM_NR_IRQCHIPS } = irqRouting
const MOST_ROUTES = 4096
/** Those of SPIs: 32 to 1019. */
const PINS = 1020 - 32

const section = (passage: string) => api('4.52', passage)
const noErrno: readonly Statement[] = [
  { says: 'No errno is given.', cite: section('Sets the GSI routing table entries') },
]
const setsRouting = src('virt/kvm/irqchip.c', 'kvm_set_irq_routing')

/** A row about one of the routes. */
const ofRoute = (
  row: Pick<Refusal<Routing>, 'why' | 'says' | 'cite' | 'text'>,
  isWrong: (route: Route, before: readonly Route[]) => boolean,
): Refusal<Routing> => ({
  ...row,
  errno: 'EINVAL',
  when: (_, arg) => routesOf(arg).some((route, i, all) => isWrong(route, all.slice(0, i))),
})

export default ioctl<Routing>('KVM_SET_GSI_ROUTING', {
  nr: ioctls.KVM_SET_GSI_ROUTING,
  on: ['vm'],
  capability: 'KVM_CAP_IRQ_ROUTING',
  weight: 2,
  takes,
  refuses: [
    badPointer(takes, section('struct kvm_irq_routing')),
    {
      why: 'too many routes',
      says: 'There are at most 4096 of them, as KVM_CHECK_EXTENSION says.',
      cite: src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl'),
      text: noErrno,
      errno: 'EINVAL',
      when: (_, { nr }) => nr > MOST_ROUTES,
    },
    {
      why: 'unknown flag',
      says: 'There are no flags.',
      cite: section('No flags are specified so far'),
      errno: 'EINVAL',
      when: (_, { flags }) => flags !== 0,
    },
    {
      why: 'routes not readable',
      says: 'All the routes are read before the first is looked at.',
      cite: section('struct kvm_irq_routing'),
      errno: 'EFAULT',
      when: (_, arg) => isCutOff(arg),
    },
    ofRoute(
      {
        why: 'no such GSI',
        says: 'A GSI is below 4096.',
        cite: setsRouting,
        text: noErrno,
      },
      ({ gsi }) => gsi >= MOST_ROUTES,
    ),
    ofRoute(
      {
        why: 'unknown flag of a route',
        says: 'A message may have KVM_MSI_VALID_DEVID, other routes have no flags.',
        cite: section('KVM_MSI_VALID_DEVID: used along with KVM_IRQ_ROUTING_MSI'),
      },
      ({ type, flags }) => (flags & ~(type === MSI ? irqFlags.KVM_MSI_VALID_DEVID : 0)) !== 0,
    ),
    ofRoute(
      {
        why: 'several routes',
        says: 'A GSI has one route.',
        cite: src('virt/kvm/irqchip.c', 'setup_routing_entry'),
        text: noErrno,
      },
      ({ gsi }, before) => before.some((other) => other.gsi === gsi),
    ),
    ofRoute(
      {
        why: 'no such type',
        says: 'A route is KVM_IRQ_ROUTING_IRQCHIP or KVM_IRQ_ROUTING_MSI.',
        cite: src('arch/arm64/kvm/vgic/vgic-irqfd.c', 'kvm_set_routing_entry'),
        text: noErrno,
      },
      ({ type }) => type !== IRQCHIP && type !== MSI,
    ),
    ofRoute(
      {
        why: 'no such pin',
        says: 'There is one interrupt controller, whose pins are its SPIs: 988, whatever it was given.',
        cite: src('arch/arm64/kvm/vgic/vgic-irqfd.c', 'kvm_set_routing_entry'),
        text: noErrno,
      },
      ({ type, address_lo: irqchip, address_hi: pin }) =>
        type === IRQCHIP && (irqchip >= KVM_NR_IRQCHIPS || pin >= PINS),
    ),
  ],
  grants: {
    says: 'These routes are all that there are, with a vgic or without. What is in pad is not looked at.',
    cite: section('Sets the GSI routing table entries, overwriting any previously set entries'),
    then({ vm }, arg) {
      const [pins, messages] = [IRQCHIP, MSI].map((type) => routesOf(arg).filter((route) => route.type === type))
      vm.pins = new Map(pins!.map(({ gsi, address_hi: pin }) => [gsi, pin]))
      vm.messages = new Map(messages!.map(({ gsi, ...route }) => [gsi, route]))
    },
  },
})
