/** What keeps KVM from working on the machine behind an agent, from files of it that say so. */
import { gunzipSync } from 'node:zlib'
import { errnoName } from '../names/index.ts'
import { numbersIn } from '../process/number-list.ts'
import { doctorOfBoard, type BoardMachine, type Finding } from '../targets/doctor.ts'
import { lookOps, readLooks, type Look } from './look.ts'
import { DEADLINE, type ProbeTarget } from './player.ts'

/** Bytes of a file, or of the kernel log, that are looked at. */
const SIZE = 0x80000
const SMALL = 0x1000

const text = (came: Look | undefined): string | undefined =>
  typeof came === 'object' ? came.toString('latin1').replaceAll('\0', '').trim() : undefined

/** The files, as far as they can be read. */
const read = async (player: ProbeTarget, paths: readonly string[], size: number): Promise<Look[]> => {
  const files = paths.map((path) => ({ path, size }))
  return readLooks(await player.play(lookOps(files), DEADLINE))
}

const configOf = (packed: Look | undefined, plain: Look | undefined): BoardMachine['kvmConfig'] => {
  const config = typeof packed === 'object' ? gunzipSync(packed).toString() : text(plain)
  if (config === undefined) return undefined
  return (/^CONFIG_KVM=([ym])$/m.exec(config)?.[1] as 'y' | 'm' | undefined) ?? 'n'
}

/** Lines of the kernel log with the word kvm: a record a line, and what continues it below. */
const kvmLines = (log: Look | undefined): string[] =>
  (text(log) ?? '').split('\n').flatMap((line) => {
    const [, said] = /^\d+,[^;]*;(.*)$/.exec(line) ?? []
    return said !== undefined && /\bkvm\b/i.test(said) ? [said] : []
  })

const coresOf = async (player: ProbeTarget): Promise<BoardMachine['cores']> => {
  const [online] = await read(player, ['/sys/devices/system/cpu/online'], SMALL)
  const cpus = numbersIn(text(online) ?? '')
  const path = (cpu: number) => `/sys/devices/system/cpu/cpu${cpu}/regs/identification/midr_el1`
  const midrs = await read(player, cpus.map(path), SMALL)
  return cpus.flatMap((cpu, i) => {
    const midr = text(midrs[i])
    return midr === undefined ? [] : [{ cpu, midr }]
  })
}

/** Looks at the machine behind an agent, and changes nothing there; a VM is made and closed. */
const lookAtBoard = async (player: ProbeTarget): Promise<BoardMachine> => {
  const { machine, release } = player.greeting
  const tried = await player.play('k,0 i,0,ae01,0', DEADLINE)
  const [opened, created] = tried.answers
  const [xen, tree] = await read(player, ['/sys/hypervisor/type', '/proc/device-tree/hypervisor/compatible'], SMALL)
  const [packed] = await read(player, ['/proc/config.gz'], SIZE)
  const [plain] = await read(player, [`/boot/config-${release}`], SIZE)
  const [log] = await read(player, ['/dev/kmsg'], SIZE)
  const hypervisor = text(xen) || text(tree)
  const kvmConfig = configOf(packed, plain)
  return {
    arch: machine,
    kvm: opened && opened.ret < 0 ? { error: errnoName(-opened.ret) } : {},
    log: kvmLines(log),
    cores: await coresOf(player),
    ...(opened && opened.ret >= 0 && created && { createVm: created.ret }),
    ...(hypervisor && { hypervisor }),
    ...(kvmConfig && { kvmConfig }),
  }
}

/** All that is wrong with the machine behind an agent, the cause before what follows from it. */
export const findingsOfBoard = async (player: ProbeTarget): Promise<Finding[]> =>
  doctorOfBoard(await lookAtBoard(player))
