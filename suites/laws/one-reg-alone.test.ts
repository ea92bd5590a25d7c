/** What a write to one register leaves of all others. */
import fc from 'fast-check'
import { isOfPmu } from '../../harness/abi/registers/pmu.ts'
import { otherValue } from '../../harness/abi/registers/recorded-writes.ts'
import { groupOf, registersOf, type RegisterRow } from '../../harness/abi/registers/table.ts'
import { isOfTimer } from '../../harness/abi/registers/timers.ts'
import { api } from '../../harness/model/rule.ts'
import { features, type Feature } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'
import { offered, ready } from './feature-sets.ts'
import { get, set, values, VLS } from './registers.ts'

/** Sets of bits, which several registers show, and counters, which do not stand still. */
const isOwn = (id: bigint): boolean => !isOfPmu(id) && !isOfTimer(id) && id !== VLS

law(
  'a write to one register changes no other of the vcpu (those of the VM, its PMU and its timers left aside)',
  api('4.68', 'KVM_SET_ONE_REG'),
  async (tools) => {
    for (const some of [[], offered(tools.host)]) {
      const known = (await values(tools, some)).filter(([id]) => isOwn(id))
      const bits = some
        .flatMap((name) => name.split(' | '))
        .reduce((all, name) => all | (1 << features[name as Feature]), 0)
      const rows = registersOf(tools.host, bits)
      const written = known.flatMap(([id]): { row: RegisterRow; value: bigint }[] => {
        const row = rows.get(id)
        const value = row && otherValue(row)
        return value === undefined ? [] : [{ row: row!, value }]
      })
      const groups = [...new Set(written.map(({ row }) => groupOf(row.id)))].map((group) =>
        written.filter(({ row }) => groupOf(row.id) === group),
      )
      await tools.forAll(
        fc.oneof(...groups.map((group) => fc.constantFrom(...group))),
        async ({ row: { id }, value }) => {
          const others = known.filter(([other]) => other !== id)
          const reads = others.map(([other, before]) => get(other, `ok = ${before}`))
          await tools.ask([...ready(some), set(id, value), get(id, `ok = ${value}`), ...reads].join('\n'))
        },
        25,
      )
    }
  },
)
