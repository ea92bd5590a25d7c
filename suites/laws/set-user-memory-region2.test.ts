/** Two ioctls for one thing. */
import fc from 'fast-check'
import { takes, type MemoryRegion } from '../../harness/abi/args/set-user-memory-region.ts'
import { api } from '../../harness/model/rule.ts'
import { memFlags } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

law(
  'KVM_SET_USER_MEMORY_REGION2 answers whatever KVM_SET_USER_MEMORY_REGION answers, in any order of slots made, moved and deleted',
  api('4.140', 'KVM_SET_USER_MEMORY_REGION2 is an extension to KVM_SET_USER_MEMORY_REGION'),
  async ({ host, ask, holds, forAll, notOffered }) => {
    if (!host.caps.KVM_CAP_USER_MEMORY2) notOffered('KVM_CAP_USER_MEMORY2 = 0')
    // A pointer to fewer bytes than one of the two needs may be right for the other.
    const isForBoth = ({ at, flags }: MemoryRegion) =>
      typeof at !== 'number' && (flags & memFlags.KVM_MEM_GUEST_MEMFD) === 0
    const region = takes.any('vm').filter(isForBoth)
    await forAll(fc.array(region, { minLength: 1, maxLength: 10 }), async (regions) => {
      const said = regions.map((one) => takes.print(one, 'vm'))
      const heard = await ask(
        ['vm = KVM_CREATE_VM(0) -> ok', 'vm1 = KVM_CREATE_VM(0) -> ok']
          .concat(
            said.flatMap((text) => [
              `vm: KVM_SET_USER_MEMORY_REGION(${text})`,
              `vm1: KVM_SET_USER_MEMORY_REGION2(${text})`,
            ]),
          )
          .join('\n'),
      )
      for (let line = 2; line < heard.answers.length; line += 2)
        holds(heard.answers[line]!.ret === heard.answers[line + 1]!.ret, heard, 'as the line before', line + 1)
    })
  },
)
