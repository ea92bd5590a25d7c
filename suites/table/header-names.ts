/** The names of the kernel's headers by which userspace asks KVM for something, sorted by what each of them names. */
import type { HeaderNames, Named } from '../../harness/studies/header-coverage.ts'
import { features, runFlags } from '../../harness/names/index.ts'

/** Macros of one of the families below that name something else: a value inside of struct kvm_run, a field, a flag. */
const INSIDE = new Set([
  ...Object.keys(features),
  ...Object.keys(runFlags),
  'KVM_EXIT_IO_IN',
  'KVM_EXIT_IO_OUT',
  'KVM_EXIT_HYPERV_SYNIC',
  'KVM_EXIT_HYPERV_HCALL',
  'KVM_EXIT_HYPERV_SYNDBG',
  'KVM_EXIT_XEN_HCALL',
])

/** In this order, as KVM_ARM_VCPU_INIT is an ioctl although it begins like an attribute. */
const families: readonly (readonly [Named, RegExp])[] = [
  ['capability', /^KVM_CAP_/],
  ['exit reason', /^KVM_EXIT_/],
  ['device', /^KVM_DEV_TYPE_/],
  ['group', /^KVM_DEV_ARM_\w+_GRP_|^KVM_ARM_V(CPU|M)_\w+_CTRL$|^KVM_DEV_VFIO_(FILE|GROUP)$/],
  ['attribute', /^KVM_DEV_(ARM|VFIO)_|^KVM_VGIC_\w*ADDR_TYPE|^KVM_ARM_V(CPU|M)_/],
]

/** What a macro of the headers names, by its name and text; undefined for what nobody asks KVM for. */
const named = (name: string, text: string): Named | undefined => {
  if (/^_IO[WR]*\(\s*KVMIO\b/.test(text)) return 'ioctl'
  if (INSIDE.has(name) || /_(SHIFT|MASK)$/.test(name)) return undefined
  return families.find(([, pattern]) => pattern.test(name))?.[0]
}

/** The names among the macros of the headers of `release`, in the order of the alphabet. */
export const headerNames = (release: string, macros: ReadonlyMap<string, string>): HeaderNames => {
  const of = (what: Named) =>
    [...macros].flatMap(([name, text]) => (named(name, text) === what ? [name] : [])).toSorted()
  return {
    release,
    ioctl: of('ioctl'),
    capability: of('capability'),
    device: of('device'),
    group: of('group'),
    attribute: of('attribute'),
    'exit reason': of('exit reason'),
  }
}
