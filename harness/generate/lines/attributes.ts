/** Attributes of vcpus and VMs: each with what must come before it, what may come after, and its neighbours. */

const pmu = (v: string, attr: string) =>
  `${v}: KVM_SET_DEVICE_ATTR(KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_${attr})`
const timer = (v: string, attr: string, verb = 'SET') =>
  `${v}: KVM_${verb}_DEVICE_ATTR(KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_IRQ_${attr})`
const stolen = (v: string, value: string, verb = 'SET') =>
  `${v}: KVM_${verb}_DEVICE_ATTR(KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &${value})`
const filter = (range: string) =>
  `vm: KVM_SET_DEVICE_ATTR(KVM_ARM_VM_SMCCC_CTRL, KVM_ARM_VM_SMCCC_FILTER, &(${range}, action = KVM_SMCCC_FILTER_DENY))`
const events = (range: string) => `FILTER, &(${range}, action = KVM_PMU_EVENT_DENY)`
const state = (v: string, name: string) => `${v}: KVM_SET_MP_STATE(KVM_MP_STATE_${name})`
const RUN = 'KVM_RUN(immediate_exit)'
const INIT = 'KVM_ARM_VCPU_INIT(features[] = KVM_ARM_VCPU_PMU_V3)'

/** Calls on one vcpu. */
export const onOneVcpu: readonly ((v: string) => readonly string[])[] = [
  (v) => [`${v}: ${INIT}`, pmu(v, 'IRQ, &23'), pmu(v, 'INIT'), `${v}: ${RUN}`, pmu(v, 'INIT')],
  (v) => [`${v}: ${INIT}`, pmu(v, 'INIT'), `${v}: ${RUN}`, pmu(v, events('base_event = 17, nevents = 1'))],
  (v) => [pmu(v, 'IRQ, &27'), pmu(v, 'INIT'), `${v}: ${RUN}`, timer(v, 'VTIMER, &20'), `${v}: ${RUN}`],
  (v) => [`${v}: ${RUN}`, pmu(v, 'IRQ, &30'), pmu(v, 'INIT')],
  (v) => [pmu(v, 'IRQ, &15'), pmu(v, 'IRQ, &16'), pmu(v, 'IRQ, &32'), pmu(v, 'IRQ, &1019'), pmu(v, 'IRQ, &1020')],
  (v) => [pmu(v, events('base_event = 0xffff, nevents = 1')), pmu(v, events('base_event = 0xffff, nevents = 2'))],
  (v) => [pmu(v, events('base_event = 0x400, nevents = 0')), pmu(v, events('base_event = 0x400, nevents = 1'))],
  (v) => [pmu(v, 'SET_NR_COUNTERS, &6'), pmu(v, 'SET_NR_COUNTERS, &7'), pmu(v, 'SET_PMU, &10')],
  (v) => [timer(v, 'VTIMER, &30'), `${v}: ${RUN}`, timer(v, 'PTIMER, &29'), `${v}: ${RUN}`, timer(v, 'VTIMER, &27')],
  (v) => [timer(v, 'VTIMER, &20'), timer(v, 'PTIMER, &0', 'GET'), timer(v, 'VTIMER, &0', 'GET'), `${v}: ${RUN}`],
  (v) => [timer(v, 'PTIMER, &15'), timer(v, 'PTIMER, &16'), timer(v, 'PTIMER, &31'), timer(v, 'PTIMER, &32')],
  (v) => [state(v, 'STOPPED'), `${v}: KVM_GET_MP_STATE`, `${v}: ${INIT}`, `${v}: KVM_GET_MP_STATE`],
  (v) => [state(v, 'SUSPENDED'), `${v}: ${RUN}`, `${v}: KVM_GET_MP_STATE`, state(v, 'HALTED'), state(v, 'RUNNABLE')],
  (v) => [`${v}: KVM_SET_GUEST_DEBUG(3)`, `${v}: ${RUN}`, `${v}: KVM_SET_GUEST_DEBUG(5)`, `${v}: ${RUN}`],
  (v) => [
    'vm: KVM_SET_USER_MEMORY_REGION(guest_phys_addr = 0x0, memory_size = 0x1000, userspace_addr = &ram)',
    stolen(v, '0x1000'),
    stolen(v, '0xfc0'),
    stolen(v, '0x0'),
    stolen(v, '0x0', 'GET'),
  ],
]

/** Calls on two: what one was told, another is asked, or told again. */
export const onTwoVcpus: readonly ((v: string, w: string) => readonly string[])[] = [
  (v, w) => [timer(v, 'VTIMER, &20'), timer(w, 'PTIMER, &21'), timer(v, 'PTIMER, &0', 'GET'), `${w}: ${RUN}`],
  (v, w) => [timer(v, 'VTIMER, &20'), 'vm: KVM_CREATE_VCPU(3)', timer('vcpu3', 'VTIMER, &0', 'GET'), `${w}: ${RUN}`],
  (v, w) => [`${v}: ${INIT}`, `${w}: ${INIT}`, pmu(v, 'IRQ, &23'), pmu(w, 'IRQ, &22'), pmu(w, 'IRQ, &23')],
  (v, w) => [`${v}: ${INIT}`, pmu(w, 'IRQ, &40'), pmu(v, 'IRQ, &40'), pmu(v, 'IRQ, &41'), pmu(w, 'INIT')],
  (v, w) => [`${v}: ${INIT}`, pmu(v, 'INIT'), `${v}: ${RUN}`, pmu(w, 'SET_NR_COUNTERS, &1'), pmu(w, 'SET_PMU, &10')],
]

/** Calls on a VM. */
export const onVmItself: readonly (readonly string[])[] = [
  [filter('base = 0x84000000, nr_functions = 0x20'), filter('base = 0x8400001f, nr_functions = 1')],
  [filter('base = 0x84000000, nr_functions = 0x20'), filter('base = 0x84000020, nr_functions = 1')],
  [filter('base = 0x7fffffff, nr_functions = 1'), filter('base = 0x7fffffff, nr_functions = 2')],
  [filter('base = 0x8000ffff, nr_functions = 1'), filter('base = 0x80010000, nr_functions = 1')],
  [filter('base = 0, nr_functions = 0'), filter('base = 0xffffffff, nr_functions = 1')],
  [`vcpu0: ${RUN}`, filter('base = 0x84000008, nr_functions = 1')],
]
