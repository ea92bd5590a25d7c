/** The id of KVM_CREATE_VCPU. */
import fc from 'fast-check'
import { api, src } from '../../harness/model/rule.ts'
import type { Tools } from '../../harness/model/law.ts'
import { law } from '../../harness/suite/law.ts'
import { reached } from '../../harness/model/release.ts'
import { models } from './gic-registers.ts'

const cite = api('4.7', 'The vcpu id is an integer in the range [0, max_vcpu_id)')

const most = async ({ ask }: Tools) =>
  Number((await ask('vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS) -> ok')).last.value)

/** Before 6.0 a VM is full only where it has as many vcpus as KVM can give, whatever its KVM_CAP_MAX_VCPUS is. */
const whenFull = ({ host }: Pick<Tools, 'host'>, max: number) => (reached(host.kernel.release, '6.0') ? max : 512)

/** All ids go to one name, since a list has few slots. */
const create = (id: bigint | number, answer: string) => `vcpu0 = KVM_CREATE_VCPU(${id}) -> ${answer}`

law('every vcpu id below KVM_CAP_MAX_VCPUS is accepted, and no other up to 2^32', cite, async (tools) => {
  const max = await most(tools)
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
  await tools.askEach(
    [],
    upTo(max).map((id) => create(id, 'ok')),
  )
  const beyond = [...upTo(1100).slice(max), ...upTo(22).map((i) => 2 ** (i + 11) - 1)]
  await tools.askEach(
    [],
    beyond.map((id) => create(id, '-EINVAL')),
  )
})

law(
  'vcpu ids are given in any order, each once: the second time is EEXIST, and EINVAL when the VM is full',
  cite,
  async (tools) => {
    const max = await most(tools)
    const full = whenFull(tools, max)
    const odd = fc.constantFrom(max - 2, max - 1, max, max + 1, 511, 512, 2 ** 31, 2 ** 32 - 1)
    const ids = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), odd), { minLength: 1, maxLength: 20, size: 'max' })
    await tools.forAll(
      ids,
      async (order) => {
        const given = new Set<number>()
        await tools.ask(
          order
            .map((id) => {
              if (id >= max || given.size >= full) return create(id, '-EINVAL')
              if (given.has(id)) return create(id, '-EEXIST')
              given.add(id)
              return create(id, 'ok')
            })
            .join('\n'),
        )
      },
      40,
    )
  },
)

/** What a VM may have before its first vcpu, by which its KVM_CAP_MAX_VCPUS can change. */
const beginnings = [[], ['KVM_DEV_TYPE_ARM_VGIC_V3'], ['KVM_DEV_TYPE_ARM_VGIC_V2']]

law(
  'a VM has as many vcpus as its KVM_CAP_MAX_VCPUS says, and none more, with whatever interrupt controller',
  api('4.7', 'No more than max_vcpus may be added'),
  async ({ ask, host }) => {
    for (const devices of beginnings) {
      const vm = ['KVM_CREATE_VM(0)', ...devices.map((type) => `gic = KVM_CREATE_DEVICE(${type})`)]
      const { answers } = await ask([...vm, 'vm: KVM_CHECK_EXTENSION(KVM_CAP_MAX_VCPUS)'].join('\n'))
      if (answers.slice(0, -1).some(({ ret }) => ret < 0)) continue
      const max = Number(answers.at(-1)!.value)
      await ask(
        [
          ...vm,
          ...Array.from({ length: max }, (_, id) => create(id, 'ok')),
          create(0, max < whenFull({ host }, max) ? '-EEXIST' : '-EINVAL'),
          create(max, '-EINVAL'),
        ].join('\n'),
      )
    }
  },
)

law(
  'a vcpu id counts with all 64 bits from 6.12 on, and with the low 32 before',
  src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_create_vcpu'),
  async ({ host, askAll }) => {
    const answer = reached(host.kernel.release, '6.12') ? '-EINVAL' : 'ok'
    await askAll(Array.from({ length: 32 }, (_, i) => create((1n << BigInt(i + 32)) + 1n, answer)))
  },
)

/** A vcpu that cannot be created: it is there, its id is too high, or the process may have no more descriptors. */
const failures = [
  create(0, '-EEXIST'),
  create(9999, '-EINVAL'),
  'vm: KVM_CREATE_VCPU(1) with RLIMIT_NOFILE = 0 -> -EMFILE',
]

law(
  'a vcpu that could not be created counts for nothing: a GIC can be made and initialised as without it',
  src('virt/kvm/kvm_main.c', 'kvm_vm_ioctl_create_vcpu'),
  async ({ host, ask, forAll, notOffered }) => {
    const [type] = models(host)
    if (type === undefined) return notOffered('no GIC')
    await forAll(
      fc.tuple(fc.array(fc.constantFrom(...failures), { minLength: 1, maxLength: 10 }), fc.boolean()),
      async ([some, isGicFirst]) => {
        const gic = `gic = KVM_CREATE_DEVICE(${type}) -> ok`
        const init = 'gic: KVM_SET_DEVICE_ATTR(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT) -> ok'
        const steps = isGicFirst ? [gic, ...some, create(1, 'ok')] : [...some, create(1, 'ok'), gic]
        await ask(['vm = KVM_CREATE_VM(0) -> ok', create(0, 'ok'), ...steps, init].join('\n'))
      },
      10,
    )
  },
)
