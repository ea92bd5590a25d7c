/** What the VFS answers for every file is not judged: it is no answer of KVM's. */
import { expect, test } from 'vitest'
import { hostNamed } from '../../../fixtures/hosts/index.ts'
import { vfsIoctls } from '../../../harness/names/index.ts'
import { judged } from '../../../harness/oracle/judge.ts'
import { parse } from '../../../harness/table/notation.ts'

const judgedAs = (on: string, nr: number, ret: number) => {
  const calls = parse(`KVM_CREATE_VM(0)\nKVM_CREATE_VCPU(0)\n${on}: ioctl(0x${nr.toString(16)})`).map(
    ({ call }) => call,
  )
  const answers = [{ ret: 0 }, { ret: 0 }, { ret }]
  return judged(hostNamed(), '6.12', calls, { outcome: 'done', log: [], answers })
}

test.each(Object.entries(vfsIoctls))('%s on any descriptor', (_, nr) => {
  for (const on of ['kvm', 'vm', 'vcpu0'])
    for (const ret of [0, -14, -25]) expect(judgedAs(on, nr, ret)).toMatchObject({ verdict: 'conforms', unknown: 1 })
})

test('the number beside is KVM’s to refuse', () => {
  for (const on of ['kvm', 'vm', 'vcpu0']) {
    expect(judgedAs(on, vfsIoctls.FIOCLEX + 8, -22).verdict).toBe('conforms')
    expect(judgedAs(on, vfsIoctls.FIOCLEX + 8, 0).verdict).toBe('violates')
  }
})
