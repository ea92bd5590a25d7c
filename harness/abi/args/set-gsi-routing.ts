/**
 * struct kvm_irq_routing: how many routes, and behind it the routes, written as
 * `route(gsi = 4, KVM_IRQ_ROUTING_IRQCHIP, pin = 3)`. Of nr more than that the next one is all zeros.
 */
import fc from 'fast-check'
import { setOnce, split, type Codec } from '../../model/codec.ts'
import { numberField, property, type NumberField } from '../../model/number-field.ts'
import {
  address,
  parseBadPointer,
  printBadPointer,
  SIZE_OF_DATA,
  sometimesBad,
  writeOp,
  type BadPointer,
} from '../../model/pointer.ts'
import { anyNumber, bytes, count, flags, named, unsigned, type Scalar } from '../../model/scalar.ts'
import { irqRouting, structs } from '../../names/index.ts'
import { didYouMean } from '../../process/nearest.ts'
import { UserError } from '../../process/user-error.ts'
import { quoted } from '../../process/visible.ts'
import { msiFlagBits } from './signal-msi.ts'

const { KVM_IRQ_ROUTING_IRQCHIP: IRQCHIP, KVM_IRQ_ROUTING_MSI: MSI } = irqRouting
/** Bytes before the routes, and of each. */
const HEADER = structs.kvm_irq_routing.size
const ROUTE = structs.kvm_irq_routing_entry.size

const word = (name: string, likely: readonly bigint[]) => count(name, unsigned(32), anyNumber(32, likely).map(Number))
const one = {
  gsi: word('gsi', [0n, 0n, 1n, 2n, 4095n, 4096n]),
  type: named(
    'type',
    { KVM_IRQ_ROUTING_IRQCHIP: IRQCHIP, KVM_IRQ_ROUTING_MSI: MSI },
    fc.oneof({ arbitrary: fc.constantFrom(IRQCHIP, MSI), weight: 6 }, { arbitrary: fc.nat(6), weight: 1 }),
  ),
  flags: flags('flags', msiFlagBits, fc.constantFrom(0, 0, 0, 0, 1, 2)),
  pad: word('pad', [0n]),
  address_lo: word('address_lo', [0n, 0n, 1n, 0x8090040n]),
  address_hi: word('address_hi', [0n, 1n, 0n, 987n, 988n]),
  data: word('data', [0n, 1n]),
  devid: word('devid', [0n, 1n]),
}
type Key = keyof typeof one
/** A route; of IRQCHIP `address_lo` is the chip, and `address_hi` its pin. */
export type Route = Record<Key, number>

export interface Routing {
  nr: number
  flags: number
  routes: Route[]
  at?: BadPointer
}

const keys = Object.keys(one) as Key[]
const noRoute = Object.fromEntries(keys.map((key) => [key, 0])) as Route
const aliases: Readonly<Record<string, Key>> = { irqchip: 'address_lo', pin: 'address_hi' }
const spoken = (key: Key, { type }: Route): string =>
  (type === IRQCHIP ? Object.entries(aliases).find(([, of]) => of === key)?.[0] : undefined) ?? key

const parseRoute = (text: string): Route => {
  const route: Partial<Route> = {}
  for (const part of split(text)) {
    const [, name = 'type', value = part] = /^(\w+) = (.*)$/.exec(part) ?? []
    const key = aliases[name] ?? keys.find((known) => known === name)
    if (key === undefined)
      throw new UserError(`a route has no ${quoted(name)}${didYouMean(name, [...keys, ...Object.keys(aliases)])}`)
    setOnce(route, key, one[key].parse(value), `${name} of a route`)
  }
  return { ...noRoute, ...route }
}
const printRoute = (route: Route): string =>
  `route(${keys
    .filter((key) => key === 'gsi' || key === 'type' || route[key] !== 0)
    .map((key) => (key === 'type' ? '' : `${spoken(key, route)} = `) + one[key].print(route[key]))
    .join(', ')})`

const nr = count('nr', unsigned(32), fc.constantFrom(0, 1, 2, 1365, 1366, 4096, 4097))
const flagSet = count('flags', unsigned(32), fc.oneof({ arbitrary: fc.constant(0), weight: 12 }, fc.constantFrom(1, 2)))

const anyRoute: fc.Arbitrary<Route> = fc
  .tuple(...keys.map((key) => one[key].any))
  .map((values) => Object.fromEntries(keys.map((key, i) => [key, values[i]])) as Route)
const plainly: fc.Arbitrary<Routing> = fc
  .tuple(
    fc.array(anyRoute, { maxLength: 3 }),
    flagSet.any,
    fc.oneof({ arbitrary: fc.constant(undefined), weight: 8 }, { arbitrary: nr.any, weight: 1 }),
  )
  .map(([routes, f, n]) => ({ nr: n ?? routes.length, flags: f, routes }))
const any = sometimesBad(plainly, HEADER, false)

const fieldOf = (key: Key, i: number): NumberField<Routing> =>
  numberField<Routing, number>(
    `${key} of route ${i}`,
    one[key] as Scalar<number>,
    ({ routes }) => routes[i]?.[key],
    (arg, value) => ({
      ...arg,
      routes: Array.from({ length: Math.max(arg.routes.length, i + 1) }, (_, at) => ({
        ...(arg.routes[at] ?? noRoute),
        ...(at === i && { [key]: value }),
      })),
    }),
  )

/** The routes that the kernel looks at, where it can read as many as it is told. */
export const routesOf = ({ nr: n, routes }: Routing): readonly Route[] =>
  n > routes.length ? [...routes, noRoute] : routes.slice(0, n)

/** True where the memory ends before the last route does. */
export const isCutOff = ({ nr: n, at }: Routing): boolean =>
  n > 0 && HEADER + n * ROUTE > (typeof at === 'number' ? at : SIZE_OF_DATA)

export const takes: Codec<Routing> = {
  any: () => any,
  fields: () => [
    property('nr', 'nr', nr),
    property('flags', 'flags', flagSet),
    ...keys.flatMap((key) => [fieldOf(key, 0), fieldOf(key, 1)]),
  ],
  pointsTo: { what: 'the number of routes and the flags', size: HEADER },
  parse(text) {
    const arg: Partial<Routing> & { routes: Route[] } = { routes: [] }
    for (const part of split(text)) {
      const bad = parseBadPointer(part)
      const [, key, value = ''] = /^(nr|flags) = (.*)$/.exec(part) ?? []
      const [, route] = /^route\((.*)\)$/.exec(part) ?? []
      if (route !== undefined) arg.routes.push(parseRoute(route))
      else if (bad !== undefined && arg.at === undefined) arg.at = bad
      else if (key === 'nr' && arg.nr === undefined) arg.nr = nr.parse(value)
      else if (key === 'flags' && arg.flags === undefined) arg.flags = flagSet.parse(value)
      else
        throw new UserError(
          `struct kvm_irq_routing: cannot place ${quoted(part)}; it has nr, flags and `
            + 'route(gsi = 4, KVM_IRQ_ROUTING_IRQCHIP, pin = 3), as many as you like',
        )
    }
    return { nr: arg.routes.length, flags: 0, ...arg }
  },
  print: ({ nr: n, flags: f, routes, at }) =>
    [
      ...(at === undefined ? [] : [printBadPointer(at)]),
      ...(n === routes.length ? [] : [`nr = ${nr.print(n)}`]),
      ...(f === 0 ? [] : [`flags = ${flagSet.print(f)}`]),
      ...routes.map(printRoute),
    ].join(', '),
  pack(arg) {
    const { nr: n, flags: f, routes, at } = arg
    const words = [n, f]
    for (const route of n > routes.length ? [...routes, noRoute] : routes)
      words.push(...keys.map((key) => route[key]), ...Array<number>(ROUTE / 4 - keys.length).fill(0))
    return { before: writeOp(at, words.map((value) => bytes(value, 4)).join('')), arg: address(at), after: '' }
  },
}
