/** What a vcpu is doing, how it is debugged, and what its counters are behind those of the host. */
import fc from 'fast-check'
import { reached } from '../../harness/model/release.ts'
import { api, src } from '../../harness/model/rule.ts'
import { anyNumber, hex } from '../../harness/model/scalar.ts'
import { guestDebug, mpStates } from '../../harness/names/index.ts'
import { law } from '../../harness/suite/law.ts'

const { KVM_MP_STATE_RUNNABLE: RUNNABLE, KVM_MP_STATE_STOPPED: STOPPED, KVM_MP_STATE_SUSPENDED: SUSPENDED } = mpStates

law(
  'KVM_GET_MP_STATE gives the last state that KVM_SET_MP_STATE took: running, stopped, and from 6.1 on suspended',
  api('4.38', 'Returns the vcpu’s current “multiprocessing state”'),
  async ({ host, ask, forAll }) => {
    const states: number[] = [RUNNABLE, STOPPED, ...(reached(host.kernel.release, '6.1') ? [SUSPENDED] : [])]
    const state = fc.oneof(fc.constantFrom(...states), fc.nat(12), anyNumber(32, [0n]).map(Number))
    await forAll(
      fc.tuple(fc.boolean(), fc.array(state, { minLength: 1, maxLength: 12 })),
      async ([isInitialised, some]) => {
        let now: number = RUNNABLE
        const lines = some.flatMap((next) => {
          const isTaken = states.includes(next)
          if (isTaken) now = next
          return [`KVM_SET_MP_STATE(${next}) -> ${isTaken ? 'ok' : '-EINVAL'}`, `KVM_GET_MP_STATE -> ok = ${now}`]
        })
        await ask([...(isInitialised ? ['KVM_ARM_VCPU_INIT(features[] = 0) -> ok'] : []), ...lines].join('\n'))
      },
      40,
    )
  },
)

law(
  'KVM_SET_GUEST_DEBUG takes a control word if and only if each of its bits is one of four',
  src('arch/arm64/kvm/guest.c', 'kvm_arch_vcpu_ioctl_set_guest_debug'),
  async ({ forAll, ask }) => {
    const { KVM_ARM_MAX_DBG_REGS: _, ...bits } = guestDebug
    const known = Object.values(bits).reduce((all, bit) => all | BigInt(bit), 0n)
    const line = (control: bigint) =>
      `KVM_SET_GUEST_DEBUG(${control}) -> ${(control & ~known) === 0n ? 'ok' : '-EINVAL'}`
    const each = Array.from({ length: 32 }, (_bit, n) => 1n << BigInt(n))
    // One list for each half: the struct is large.
    await ask(each.map(line).join('\n'))
    await ask(each.map((bit) => line(bit | 1n)).join('\n'))
    const control = fc.oneof(
      fc.nat(0xffff_ffff).map(BigInt),
      fc.nat(0xf).map((n) => (BigInt(n) * 0x8001n) & known),
    )
    await forAll(
      fc.array(control, { minLength: 1, maxLength: 30 }),
      async (some) => {
        await ask(some.map(line).join('\n'))
      },
      10,
    )
  },
)

law(
  'the counters of every vcpu are behind those of the host by KVM_ARM_SET_COUNTER_OFFSET, and cannot be set any more',
  api('4.138', 'both virtual and physical counter views', { since: '6.12' }),
  async ({ host, ask, forAll, holds, notOffered }) => {
    if (!reached(host.kernel.release, '6.12')) notOffered('no KVM_ARM_SET_COUNTER_OFFSET before 6.12')
    const offset = fc.oneof(anyNumber(64, [1n, 1n << 62n, 1n << 63n]), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
    const counter = fc.constantFrom('KVM_REG_ARM_TIMER_CNT', 'KVM_REG_ARM_PTIMER_CNT')
    await forAll(
      fc.tuple(offset, counter, fc.nat(1)),
      async ([n, name, vcpu]) => {
        const at = (behind: bigint) => [
          `vm: KVM_ARM_SET_COUNTER_OFFSET(${behind}) -> ok`,
          `vcpu${vcpu}: KVM_SET_ONE_REG(${name}, &0x1) -> ok`,
          `vcpu${vcpu}: KVM_GET_ONE_REG(${name}) -> ok`,
        ]
        const made = ['vm: KVM_CREATE_VCPU(0) -> ok', 'vm: KVM_CREATE_VCPU(1) -> ok']
        const inits = [0, 1].map((v) => `vcpu${v}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`)
        const heard = await ask([...made, ...inits, ...at(0n), ...at(n), ...at(0n)].join('\n'))
        const [before, behind, after] = [6, 9, 12].map((line) => heard.answers[line]!.value!)
        const since = BigInt.asUintN(64, behind! + n - before!)
        holds(since <= BigInt.asUintN(64, after! - before!), heard, `a counter that is ${hex(n)} behind`, 9)
      },
      20,
    )
  },
)

law(
  'a counter that is set on one vcpu goes on from there on all vcpus of the VM, and the other counter as it was',
  src('arch/arm64/kvm/arch_timer.c', 'timer_set_offset'),
  async ({ host, ask, forAll, holds }) => {
    const hasPhysical = reached(host.kernel.release, '6.12')
    const names = ['KVM_REG_ARM_TIMER_CNT', ...(hasPhysical ? ['KVM_REG_ARM_PTIMER_CNT'] : [])]
    // More than a counter makes while a list of calls is played, and more than it made since the host was switched on.
    const [PLAYED, SINCE_BOOT] = [1n << 44n, 1n << 56n]
    const value = fc.bigInt({ min: 0n, max: (1n << 62n) - 1n }).map((n) => n | (1n << 62n))
    await forAll(
      fc.tuple(value, fc.constantFrom(...names), fc.nat(1)),
      async ([set, name, vcpu]) => {
        const made = [0, 1].map((v) => `vm: KVM_CREATE_VCPU(${v}) -> ok`)
        const inits = [0, 1].map((v) => `vcpu${v}: KVM_ARM_VCPU_INIT(features[] = 0) -> ok`)
        // An offset that is refused is none.
        const refused = 'vm: KVM_ARM_SET_COUNTER_OFFSET(0x123456, reserved = 1) -> -EINVAL'
        const write = `vcpu${vcpu}: KVM_SET_ONE_REG(${name}, &${set}) -> ok`
        const others = names.filter((one) => one !== name)
        const read = [name, ...others].flatMap((one) => [0, 1].map((v) => `vcpu${v}: KVM_GET_ONE_REG(${one}) -> ok`))
        const heard = await ask([...made, ...inits, refused, write, ...read].join('\n'))
        const first = heard.answers.length - read.length
        for (const [i, answer] of heard.answers.slice(first).entries()) {
          const isSet = i < 2
          const since = BigInt.asUintN(64, answer.value! - (isSet ? set : 0n))
          holds(since < (isSet ? PLAYED : SINCE_BOOT), heard, isSet ? `a counter from ${set} on` : 'its own', first + i)
        }
      },
      15,
    )
  },
)

law(
  'KVM_ARM_MTE_COPY_TAGS copies the tags of as many pages as lie in memory one after the other, and says how many bytes',
  api('4.130', 'number of bytes copied', { since: '6.1' }),
  async ({ host, ask, forAll, notOffered }) => {
    if ((host.caps.KVM_CAP_ARM_MTE ?? 0) === 0) notOffered('KVM_CAP_ARM_MTE = 0')
    const PAGE = 0x1000n
    // Pages 1, 2 and 4 are there.
    const isThere = (page: bigint) => page === 1n || page === 2n || page === 4n
    const slot = (n: number, page: number, pages: number) =>
      `KVM_SET_USER_MEMORY_REGION(slot = ${n}, guest_phys_addr = ${page * 0x1000}, memory_size = ${pages * 0x1000}, userspace_addr = &ram) -> ok`
    const asked = fc.tuple(fc.nat(6).map(BigInt), fc.nat(4).map(BigInt), fc.nat(1))
    await forAll(
      fc.array(asked, { minLength: 1, maxLength: 20 }),
      async (some) => {
        const lines = some.map(([page, pages, flags]) => {
          let copied = 0n
          while (copied < pages && isThere(page + copied)) copied++
          const answer = copied === 0n && pages > 0n ? '-EFAULT' : `ok = ${copied * PAGE}`
          return `KVM_ARM_MTE_COPY_TAGS(${page * PAGE}, length = ${pages * PAGE}, flags = ${flags}) -> ${answer}`
        })
        await ask(['KVM_ENABLE_CAP(KVM_CAP_ARM_MTE) -> ok', slot(0, 1, 2), slot(1, 4, 1), ...lines].join('\n'))
      },
      20,
    )
  },
)
