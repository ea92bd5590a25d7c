/** What holds of SVCR, and of the registers that it shows and hides, whatever they hold. */
import fc from 'fast-check'
import type { Law } from '../../../model/law.ts'
import { SVCR, VLS, ZT, final, get, init, needsSme, ones, p, prefixesOf, readMask, set, upTo, z, za } from './lines.ts'
import { documented, patch } from './names.ts'

export const ofState: readonly Law[] = [
  {
    title: 'ZA and ZT0 are accessible if and only if SVCR.ZA is 1, for every row of every size of ZA',
    cite: documented('Access to the ZA and ZT0 registers is only available if SVCR.ZA is set to 1'),
    async body(tools) {
      needsSme(tools)
      for (const { mask, bits } of prefixesOf(await readMask(tools, 'SME', VLS)))
        for (const svcr of [0, 1, 2, 3]) {
          const answer = svcr >= 2 ? 'ok' : '-EBUSY'
          const before = [init('SME'), set(VLS, mask), final, set(SVCR, svcr)]
          const rows = upTo(256).flatMap((n) =>
            n < bits / 8
              ? [set(za(n), BigInt(n), answer), get(za(n), svcr >= 2 ? `ok = ${n}` : answer)]
              : [get(za(n), '-EINVAL')],
          )
          const lines = [...rows, set(ZT, 5, answer), get(ZT, svcr >= 2 ? 'ok = 5' : answer)]
          await tools.askAll(
            upTo(Math.ceil(lines.length / 80)).map((i) => [...before, ...lines.slice(i * 80, i * 80 + 80)].join('\n')),
          )
        }
    },
  },
  {
    title: 'any change of SVCR.SM resets Z, P and V, a change of SVCR.ZA to 1 resets ZA and ZT0, and nothing else does',
    cite: patch('v11 20/29', 'Any change in PSTATE.SM causes the V, Z, P, FFR and FPMR registers to be reset to 0'),
    async body(tools) {
      needsSme(tools)
      const values = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 10 })
      await tools.forAll(
        values,
        async (written) => {
          let svcr = 2
          const lines = written.flatMap((next) => {
            const isSm = ((next ^ svcr) & 1) !== 0
            const isZa = (next & ~svcr & 2) !== 0
            svcr = next
            return [
              set(SVCR, next),
              get(z(3), `ok = ${isSm ? 0 : 7}`),
              ...(next >= 2 ? [get(za(3), `ok = ${isZa ? 0 : 9}`), get(ZT, `ok = ${isZa ? 0 : 9}`)] : []),
              set(z(3), 7),
              ...(next >= 2 ? [set(za(3), 9), set(ZT, 9)] : []),
            ]
          })
          await tools.ask(
            [init('SVE', 'SME'), final, set(SVCR, 2), set(z(3), 7), set(za(3), 9), set(ZT, 9), ...lines].join('\n'),
          )
        },
        40,
      )
    },
  },
  {
    title: 'SVCR takes the values 0 to 3 and no other',
    cite: patch('v11 20/29', 'if (val & SVCR_RES0) return -EINVAL;'),
    async body(tools) {
      needsSme(tools)
      const tried = (values: readonly bigint[]) =>
        tools.ask([init('SME'), ...values.map((v) => set(SVCR, v, v < 4n ? 'ok' : '-EINVAL'))].join('\n'))
      await tried(upTo(64).map((bit) => 1n << BigInt(bit)))
      const any = fc.oneof(fc.bigInt({ min: 0n, max: 7n }), fc.bigInt({ min: 0n, max: ones(64) }))
      await tools.forAll(fc.array(any, { minLength: 1, maxLength: 40 }), async (v) => void (await tried(v)), 10)
    },
  },
  {
    title: 'state is restored by writing SVCR first and then the rest in the order of the list, whatever SVCR is',
    cite: documented('it is important that SVCR.SM be configured first'),
    async body(tools) {
      needsSme(tools)
      for (const svcr of [0, 1, 2, 3]) {
        const saved = [z(0), z(31), p(15), ...(svcr >= 2 ? [za(0), za(15), ZT] : [])]
        const restore = saved.map((id, i) => set(id, i + 1))
        const isThere = saved.map((id, i) => get(id, `ok = ${i + 1}`))
        await tools.ask([init('SVE', 'SME'), final, set(SVCR, svcr), ...restore, ...isThere].join('\n'))
        // The other way round what was restored is gone, where SVCR changes what there is.
        if ((svcr & 1) !== 0)
          await tools.ask([init('SVE', 'SME'), final, set(z(0), 1), set(SVCR, svcr), get(z(0), 'ok = 0')].join('\n'))
      }
    },
  },
  {
    title: 'every register of the list can be read, and ZA and ZT0 are in it if and only if SVCR.ZA is 1',
    cite: patch('v12 00/29', 'Tighten the register enumeration ABI to reflect current VM state'),
    async body(tools) {
      needsSme(tools)
      for (const features of [['SME'], ['SVE', 'SME']])
        for (const svcr of [0, 1, 2, 3]) {
          const before = [init(...features), set(VLS, 3), final, set(SVCR, svcr)]
          const heard = await tools.ask([...before, 'KVM_GET_REG_LIST(n = 1000) -> ok'].join('\n'))
          const ids = heard.last.list!
          const matrix = ids.filter((id) => (id & 0x0fff_0000n) === 0x0017_0000n)
          tools.holds(matrix.length === (svcr >= 2 ? 34 : 1), heard, 'a list with ZA and ZT0 while SVCR.ZA is 1')
          tools.holds(new Set(ids).size === ids.length, heard, 'a list without a register twice')
          const answers = await tools.askEach(
            before,
            ids.map((id) => `KVM_GET_ONE_REG(0x${id.toString(16)})`),
          )
          tools.holds(
            answers.every(({ ret }) => ret >= 0),
            heard,
            'a list of registers that can be read',
          )
        }
    },
  },
]
