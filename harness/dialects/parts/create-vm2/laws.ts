/** Laws that hold however a VM is told what it shall be. */
import { hex } from '../../../model/scalar.ts'
import { onlyLimit, type Host } from '../../../model/host.ts'
import type { Law } from '../../../model/law.ts'
import { assumed, type Citation } from '../../../model/rule.ts'
import { lengthsOf } from './vectors.ts'

/** Lines that make a VM called `vm` which was told a size, or a vector length, both in bits. */
type Lines = (bits: number) => readonly string[]

const PAGE = 0x1000n

/** Lines that map the last page of so many bits, and those after it. */
export const upTo = (bits: number): string[] => {
  const top = 1n << BigInt(bits)
  const slot = (id: number, at: bigint, pages: bigint) =>
    `vm: KVM_SET_USER_MEMORY_REGION(slot = ${id}, guest_phys_addr = ${hex(at)}, memory_size = ${hex(pages * PAGE)}, `
    + 'userspace_addr = &ram)'
  return [
    `${slot(0, top, 1n)} -> -EFAULT`,
    `${slot(0, top - PAGE, 2n)} -> -EFAULT`,
    `${slot(0, top - PAGE, 1n)} -> ok`,
    `${slot(1, 0n, 1n)} -> ok`,
  ]
}

/** Every size that a VM can have on the host. */
export const sizesOf = ({ caps: { KVM_CAP_ARM_VM_IPA_SIZE: limit = 40 } }: Host): number[] =>
  Array.from({ length: limit - 31 }, (_, i) => i + 32)

/** The VM takes memory up to its size. */
export const takesMemoryUpToItsSize = (cite: Citation, make: Lines): Law => ({
  title: 'a VM takes memory up to the size that it was told, and none beyond, for every size that the host can do',
  cite,
  async body({ host, askAll, notOffered }) {
    const why = onlyLimit(host)
    if (why) notOffered(why)
    await askAll(sizesOf(host).map((bits) => [...make(bits), ...upTo(bits)].join('\n')))
  },
})

interface ProbedLaw extends Pick<Law, 'title' | 'cite'> {
  /** The call whose value is the largest size. */
  probe: string
  /** Lines before each `ask`, which asks for a VM of that size. */
  before: readonly string[]
  ask(bits: number): string
}

/** For every number that may be a size it is taken if and only if what is probed says so. */
export const largestIsProbed = ({ title, cite, probe, before, ask: askFor }: ProbedLaw): Law => ({
  title,
  cite,
  async body({ host, ask, askAll, notOffered }) {
    const why = onlyLimit(host)
    if (why) notOffered(why)
    const { last } = await ask(`${probe} -> ok`)
    const most = Number(last.value)
    await askAll(
      Array.from({ length: 256 }, (_, bits) =>
        [...before, `${askFor(bits)} -> ${bits >= 32 && bits <= most ? 'ok' : '-EINVAL'}`].join('\n'),
      ),
    )
  },
})

/** Vcpus have the vectors that their VM was told. */
export const vectorsAreThoseOfTheVm = (make: Lines): Law => ({
  title: 'the vectors of a vcpu are as long as its VM was told and not longer, for every length of the host',
  cite: assumed('what a VM is told when it is made holds for its vcpus'),
  async body({ host, askAll, notOffered }) {
    const lengths = lengthsOf(host)
    if (lengths.length === 0) notOffered('KVM_CAP_ARM_SVE = 0')
    const vls = (upTo: number) =>
      hex(
        lengths.filter((length) => length <= upTo).reduce((all, length) => all | (1n << BigInt(length / 128 - 1)), 0n),
      )
    await askAll(
      lengths.map((length, i) =>
        [
          ...make(length),
          'vm: KVM_CREATE_VCPU(0) -> ok',
          'vcpu0: KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_SVE) -> ok',
          `vcpu0: KVM_GET_ONE_REG(KVM_REG_ARM64_SVE_VLS) -> ok = ${vls(length)}`,
          ...lengths.map(
            (other, j) =>
              `vcpu0: KVM_SET_ONE_REG(KVM_REG_ARM64_SVE_VLS, &${vls(other)}) -> ${j <= i ? 'ok' : '-EINVAL'}`,
          ),
        ].join('\n'),
      ),
    )
  },
})
