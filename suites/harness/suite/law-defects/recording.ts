/** Defects that a kernel had already while it was recorded, so that they are in the profile of its host. */
import type { Host, Reg } from '../../../../harness/model/host.ts'
import { arm64SysReg, parseReg } from '../../../../harness/names/index.ts'
import type { Defect } from './defect.ts'

const idOf = (name: string): string => parseReg(name).toString(16)
const TCR_EL1 = arm64SysReg(3, 0, 2, 0, 2).toString(16)
const HCR_EL2_OF_CORE = idOf('KVM_REG_ARM_CORE_REG(sp_el1)').replace(/.$/, '5')
const VBAR_EL1 = arm64SysReg(3, 0, 12, 0, 0).toString(16)
const SPSR_FIQ = idOf('KVM_REG_ARM_CORE_REG(spsr[4])')
const FFR = idOf('KVM_REG_ARM64_SVE_FFR(0)')
const PAUTH_KEY = arm64SysReg(3, 0, 2, 1, 0).toString(16)

const changes =
  (id: string, change: Partial<Reg>) =>
  (host: Host): Host => ({ ...host, regs: host.regs.map((reg) => (reg.id === id ? { ...reg, ...change } : reg)) })
const without =
  (id: string) =>
  (host: Host): Host => ({ ...host, regs: host.regs.filter((reg) => reg.id !== id) })

const asRecorded = 'capabilities and registers are as on the recorded kernels'
const recorded = (is: string, change: (sound: Host) => Host, host?: string): Defect => ({
  law: asRecorded,
  is,
  breaks: () => {},
  recorded: change,
  ...(host !== undefined && { host }),
})

export const ofRecording: readonly Defect[] = [
  {
    law: 'every list of calls that the host is recorded with',
    is: 'a write made the kernel warn',
    breaks: () => {},
    recorded: (sound) => ({
      ...sound,
      trouble: [
        {
          trace: 'KVM_SET_ONE_REG(KVM_REG_ARM_TIMER_CTL, &0x3)',
          log: ['4,WARNING: CPU: 0 PID: 1 at arch/arm64/kvm/sys_regs.c:1'],
        },
      ],
    }),
  },
  recorded('TCR_EL1 is not listed', without(TCR_EL1)),
  recorded('a key of PTRAUTH is not listed with PTRAUTH', without(PAUTH_KEY)),
  recorded('a core register is listed that is none', (sound) => ({
    ...sound,
    regs: [{ id: HCR_EL2_OF_CORE, reset: '0', write: 'any' }, ...sound.regs],
  })),
  recorded('TCR_EL1 begins with another value', changes(TCR_EL1, { reset: '1' })),
  recorded('TCR_EL1 cannot be written', changes(TCR_EL1, { write: 'same' })),
  recorded('TCR_EL1 loses what is written', changes(TCR_EL1, { write: 'ignored' })),
  recorded('VBAR_EL1 keeps 32 bits', changes(VBAR_EL1, { write: { keeps: 'ffffffff', sets: '0' } }), '7.2-max-gicv3'),
  recorded('KVM_ARM_VCPU_INIT forgets the SPSR of FIQ', changes(SPSR_FIQ, { survives: true })),
  recorded('KVM_ARM_VCPU_INIT forgets FFR', changes(FFR, { survives: true })),
  recorded('TCR_EL1 belongs to the VM', changes(TCR_EL1, { shared: true })),
  recorded(
    'TCR_EL1 takes what no other takes',
    changes(TCR_EL1, { write: { fields: '0:01' } }),
    '5.10-cortex-a57-gicv3',
  ),
  recorded('a guest is told of no TRNG', changes(idOf('KVM_REG_ARM_STD_BMAP'), { reset: '0' })),
  recorded('KVM_CAP_ONE_REG is gone', (sound) => {
    const { KVM_CAP_ONE_REG: _, ...caps } = sound.caps
    return { ...sound, caps }
  }),
  recorded(
    'there is a capability that came later',
    (sound) => ({
      ...sound,
      caps: { ...sound.caps, KVM_CAP_ARM_SEA_TO_USER: 1 },
    }),
    '6.1-max-gicv3',
  ),
]
