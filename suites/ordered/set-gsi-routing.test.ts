/** KVM_SET_GSI_ROUTING: routes that are set all at once, and what is wrong with one of them. */
import { sequence } from '../../harness/suite/sequence.ts'

const PIN = 'KVM_IRQ_ROUTING_IRQCHIP'
const MESSAGE = 'KVM_IRQ_ROUTING_MSI'

sequence(
  'routes are set without an interrupt controller, replace those before, and may be none',
  `
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}))                                               -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}), route(gsi = 1, ${PIN}, pin = 1))              -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 1, ${PIN}), route(gsi = 0, ${PIN}))                       -> ok
  KVM_SET_GSI_ROUTING                                                                       -> ok
  KVM_SET_GSI_ROUTING(&readonly, route(gsi = 0, ${PIN}))                                    -> ok
  vcpu0: KVM_SET_GSI_ROUTING                                                                -> -EINVAL (unknown ioctl)
`,
)

sequence(
  'all routes are read, after what stands before them',
  `
  KVM_SET_GSI_ROUTING(&short(7))                                                            -> -EFAULT (bad pointer)
  KVM_SET_GSI_ROUTING(&short(8))                                                            -> ok
  KVM_SET_GSI_ROUTING(&short(55), route(gsi = 0, ${PIN}))                                   -> -EFAULT (routes not readable)
  KVM_SET_GSI_ROUTING(&short(56), route(gsi = 0, ${PIN}))                                   -> ok
  KVM_SET_GSI_ROUTING(&short(56), nr = 2, route(gsi = 4096, ${PIN}))                        -> -EFAULT (routes not readable)
  KVM_SET_GSI_ROUTING(&short(8), nr = 1, flags = 1)                                         -> -EINVAL (unknown flag)
  KVM_SET_GSI_ROUTING(nr = 4096)                                                            -> -EFAULT (routes not readable)
  KVM_SET_GSI_ROUTING(nr = 1366)                                                            -> -EFAULT (routes not readable)
  KVM_SET_GSI_ROUTING(nr = 1365)                                                            -> -EINVAL (no such type)
  KVM_SET_GSI_ROUTING(nr = 4097)                                                            -> -EINVAL (too many routes)
  KVM_SET_GSI_ROUTING(nr = 4294967295, flags = 1)                                           -> -EINVAL (too many routes)
  KVM_SET_GSI_ROUTING(&unmapped, nr = 4097)                                                 -> -EFAULT (bad pointer)
`,
)

sequence(
  'there are no flags, but of a message',
  `
  KVM_SET_GSI_ROUTING(flags = 1)                                                            -> -EINVAL (unknown flag)
  KVM_SET_GSI_ROUTING(flags = 2147483648, route(gsi = 0, ${PIN}))                           -> -EINVAL (unknown flag)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, flags = KVM_MSI_VALID_DEVID))                  -> -EINVAL (unknown flag of a route)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${MESSAGE}, flags = KVM_MSI_VALID_DEVID))              -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${MESSAGE}))                                           -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${MESSAGE}, flags = 1 << 1))                           -> -EINVAL (unknown flag of a route)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${MESSAGE}, flags = KVM_MSI_VALID_DEVID | 1 << 31))    -> -EINVAL (unknown flag of a route)
`,
)

sequence(
  'a GSI is below 4096, and has one route',
  `
  KVM_SET_GSI_ROUTING(route(gsi = 4095, ${PIN}))                                            -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 4096, ${PIN}))                                            -> -EINVAL (no such GSI)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}), route(gsi = 4294967295, ${MESSAGE}))          -> -EINVAL (no such GSI)
  KVM_SET_GSI_ROUTING(nr = 1, route(gsi = 0, ${PIN}), route(gsi = 4096, ${PIN}))            -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${PIN}), route(gsi = 5, ${PIN}, pin = 1))              -> -EINVAL (several routes)
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${PIN}), route(gsi = 5, ${MESSAGE}))                   -> -EINVAL (several routes)
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${PIN}), route(gsi = 5, ${MESSAGE}, address_lo = 1))   -> -EINVAL (several routes)
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${MESSAGE}, address_lo = 1), route(gsi = 5, ${PIN}))   -> -EINVAL (several routes)
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${MESSAGE}), route(gsi = 5, ${MESSAGE}))               -> -EINVAL (several routes)
  KVM_SET_GSI_ROUTING(route(gsi = 5, ${PIN}, pin = 1), route(gsi = 6, ${PIN}, pin = 1))     -> ok
`,
)

sequence(
  'a route is a pin of the one interrupt controller, or a message, whatever that says',
  `
  KVM_SET_GSI_ROUTING(route(gsi = 0, 0))                                                    -> -EINVAL (no such type)
  KVM_SET_GSI_ROUTING(route(gsi = 0, 3))                                                    -> -EINVAL (no such type)
  KVM_SET_GSI_ROUTING(route(gsi = 0, 4294967295))                                           -> -EINVAL (no such type)
  KVM_SET_GSI_ROUTING(nr = 2, route(gsi = 1, ${PIN}))                                       -> -EINVAL (no such type)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, irqchip = 1))                                  -> -EINVAL (no such pin)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, pin = 987))                                    -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, pin = 988))                                    -> -EINVAL (no such pin)
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, pad = 1, data = 1, devid = 1))                 -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${MESSAGE}, address_lo = 4294967295, address_hi = 4294967295, data = 4294967295)) -> ok
`,
)

const withGic = (type: string) => `
  gic = KVM_CREATE_DEVICE(${type})                                                          -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, pin = 987), route(gsi = 4095, ${MESSAGE}))     -> ok
  KVM_SET_GSI_ROUTING(route(gsi = 0, ${PIN}, pin = 988))                                    -> -EINVAL (no such pin)
  KVM_SET_GSI_ROUTING                                                                       -> ok
`
sequence('pins are those that a GIC can have, not those that this one has', withGic('KVM_DEV_TYPE_ARM_VGIC_V3'))
sequence('a GICv2 has routes, too', withGic('KVM_DEV_TYPE_ARM_VGIC_V2'))
