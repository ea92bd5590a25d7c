/** Enabling capabilities: what KVM_CHECK_EXTENSION says is not there cannot be enabled. */
import fc from 'fast-check'
import { anyNumber } from '../../harness/model/scalar.ts'
import { api } from '../../harness/model/rule.ts'
import { caps } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

const CHUNKS = caps.KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE
const checked = api('4.37', 'To check if a capability can be enabled, the KVM_CHECK_EXTENSION ioctl should')

law(
  'a capability that KVM_CHECK_EXTENSION does not give, or gives without any need of enabling it, is EINVAL to enable',
  checked,
  async ({ askEach, ask, forAll }) => {
    // It gives the size that was told, which is none at first, and says nothing of whether one may be told.
    const numbers = Array.from({ length: 300 }, (_, n) => n).filter((n) => n !== CHUNKS)
    const offered = await askEach(
      [],
      numbers.map((n) => `vm: KVM_CHECK_EXTENSION(${n})`),
    )
    const absent = numbers.filter((_, i) => offered[i]!.value === 0n)
    for (let from = 0; from < absent.length; from += 50)
      await ask(
        absent
          .slice(from, from + 50)
          .map((n) => `vm: KVM_ENABLE_CAP(${n}, args[0] = 0x1000) -> -EINVAL`)
          .join('\n'),
      )
    const beyond = anyNumber(32, [300n]).filter((n) => n >= 300n)
    await forAll(fc.tuple(beyond, anyNumber(64, [0n])), async ([cap, arg]) => {
      await ask(`vm: KVM_ENABLE_CAP(${cap}, args[0] = ${arg}) -> -EINVAL`)
    })
  },
)

law(
  'the size of chunks reads back from its VM as it was last accepted, and from no other',
  api('8.40', 'The default value is 0, to disable the eager page splitting', { since: '6.12', until: '7.2' }),
  async ({ ask, holds, forAll }) => {
    const size = fc.oneof(
      fc.integer({ min: 0, max: 50 }).map((bit) => 1n << BigInt(bit)),
      anyNumber(64, [0n]),
    )
    await forAll(fc.array(size, { minLength: 1, maxLength: 8 }), async (sizes) => {
      const heard = await ask(
        [
          'vm = KVM_CREATE_VM(0) -> ok',
          'vm1 = KVM_CREATE_VM(0) -> ok',
          ...sizes.flatMap((bytes) => [
            `vm: KVM_ENABLE_CAP(${CHUNKS}, args[0] = ${bytes})`,
            `vm: KVM_CHECK_EXTENSION(${CHUNKS})`,
            `vm1: KVM_CHECK_EXTENSION(${CHUNKS}) -> ok = 0`,
          ]),
        ].join('\n'),
      )
      let told = 0n
      for (const [i, bytes] of sizes.entries()) {
        const line = 2 + 3 * i
        if (heard.answers[line]!.ret === 0) told = bytes
        holds(heard.answers[line + 1]!.value === told, heard, `ok = ${told}`, line + 1)
      }
    })
  },
)
