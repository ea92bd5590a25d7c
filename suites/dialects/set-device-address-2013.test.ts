/** The promise with which KVM_SET_DEVICE_ADDRESS was renamed: "using the same binary format". */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostNamed } from '../../fixtures/hosts/index.ts'
import shipped from '../../harness/abi/ioctls/arm-set-device-addr.ts'
import { setDeviceAddress as drafted } from '../../harness/dialects/set-device-address-2013.ts'

const host = hostNamed()

test('both have the same number, on a VM', () => {
  expect(drafted.nr).toBe(shipped.nr)
  expect(drafted.on).toEqual(shipped.on)
})

test('whatever either can say, the bytes, the pointer and what is read back are the same', () => {
  const anyArg = fc.oneof(drafted.takes.any('vm'), shipped.takes.any('vm'))
  fc.assert(
    fc.property(anyArg, (arg) => {
      expect(drafted.takes.pack(arg, 'd', host)).toEqual(shipped.takes.pack(arg, 'd', host))
    }),
    { numRuns: 1000 },
  )
  expect(drafted.takes.pointsTo!.size).toBe(shipped.takes.pointsTo!.size)
})

test('a line of one is a line of the other', () => {
  fc.assert(
    fc.property(drafted.takes.any('vm'), (arg) => {
      expect(shipped.takes.parse(drafted.takes.print(arg, 'vm'), 'vm')).toEqual(arg)
    }),
  )
})
