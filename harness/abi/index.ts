/** The table: every ioctl it speaks of. */
import type { Ioctl } from '../model/rule.ts'

/**
 * A line for each file of ioctls/, which exports an ioctl or several. Random calls and the ABI book go by this order.
 */
const files = await Promise.all([
  import('./ioctls/get-api-version.ts'),
  import('./ioctls/check-extension.ts'),
  import('./ioctls/get-vcpu-mmap-size.ts'),
  import('./ioctls/enable-cap.ts'),
  import('./ioctls/create-vm.ts'),
  import('./ioctls/create-vcpu.ts'),
  import('./ioctls/create-irqchip.ts'),
  import('./ioctls/create-device.ts'),
  import('./ioctls/arm-set-device-addr.ts'),
  import('./ioctls/arm-preferred-target.ts'),
  import('./ioctls/set-user-memory-region.ts'),
  import('./ioctls/set-user-memory-region2.ts'),
  import('./ioctls/create-guest-memfd.ts'),
  import('./ioctls/mmap.ts'),
  import('./ioctls/fallocate.ts'),
  import('./ioctls/get-dirty-log.ts'),
  import('./ioctls/clear-dirty-log.ts'),
  import('./ioctls/reset-dirty-rings.ts'),
  import('./ioctls/dirty-gfn.ts'),
  import('./ioctls/ram.ts'),
  import('./ioctls/coalesced-mmio.ts'),
  import('./ioctls/coalesced-mmio-ring.ts'),
  import('./ioctls/arm-vcpu-init.ts'),
  import('./ioctls/arm-vcpu-finalize.ts'),
  import('./ioctls/get-reg-list.ts'),
  import('./ioctls/get-one-reg.ts'),
  import('./ioctls/set-one-reg.ts'),
  import('./ioctls/arm-get-reg-writable-masks.ts'),
  import('./ioctls/run.ts'),
  import('./ioctls/join.ts'),
  import('./ioctls/kvm-run.ts'),
  import('./ioctls/device-attr.ts'),
  import('./ioctls/irq-line.ts'),
  import('./ioctls/irqfd.ts'),
  import('./ioctls/ioeventfd.ts'),
  import('./ioctls/set-gsi-routing.ts'),
  import('./ioctls/signal-msi.ts'),
  import('./ioctls/set-signal-mask.ts'),
  import('./ioctls/vcpu-events.ts'),
  import('./ioctls/mp-state.ts'),
  import('./ioctls/set-guest-debug.ts'),
  import('./ioctls/arm-set-counter-offset.ts'),
  import('./ioctls/arm-mte-copy-tags.ts'),
  import('./ioctls/get-stats-fd.ts'),
  import('./ioctls/pread.ts'),
  import('./ioctls/not-for-arm64.ts'),
  import('./ioctls/unknown.ts'),
  import('./ioctls/close.ts'),
])

export const abi: readonly Ioctl[] = files.flatMap((file): Ioctl | readonly Ioctl[] => file.default)

const byName = new WeakMap<readonly Ioctl[], ReadonlyMap<string, Ioctl>>()

/** The one of `ioctls` that has the name; undefined where none has. */
export const namedIn = (ioctls: readonly Ioctl[], name: string): Ioctl | undefined => {
  let named = byName.get(ioctls)
  if (!named) byName.set(ioctls, (named = new Map(ioctls.map((ioctl) => [ioctl.name, ioctl]))))
  return named.get(name)
}

/** The ioctl of that name; undefined where the table has none. */
export const ioctlNamed = (name: string): Ioctl | undefined => namedIn(abi, name)
