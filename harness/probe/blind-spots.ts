/**
 * What a run cannot see of the kernel that it plays on: found out once, before it begins, from files of the machine.
 */
import { gunzipSync } from 'node:zlib'
import { errnoName, errnos } from '../names/index.ts'
import { lookOps, readLooks, type Look, type WantedFile } from './look.ts'
import { DEADLINE, type ProbeTarget } from './player.ts'

const TEXT = 0x8000
/** A kernel's configuration as text; a list has room for this much. */
const CONFIG = 0x80000

/** The agent cannot look at files, since it is older than the op for that. */
class LooksAtNoFiles extends Error {}

/** Looks at files, at so many bytes of each. Throws LooksAtNoFiles where the agent does not. */
const look = async (player: ProbeTarget, files: readonly WantedFile[]): Promise<Look[]> => {
  const played = await player.play(lookOps(files), DEADLINE)
  if (played.outcome !== 'done') throw new LooksAtNoFiles(played.why ?? played.outcome)
  return readLooks(played)
}

const textOf = (came: Look | undefined): string => (typeof came === 'object' ? came.toString('latin1') : '')

/** Whether the kernel's configuration, packed or not, has CONFIG_BUG; undefined where it cannot be read. */
const hasBug = async (player: ProbeTarget): Promise<boolean | undefined> => {
  const paths = ['/proc/config.gz', `/boot/config-${player.greeting.release}`]
  for (const path of paths) {
    const [came] = await look(player, [{ path, size: CONFIG }])
    if (typeof came !== 'object') continue
    const config = path.endsWith('.gz') ? gunzipSync(came).toString() : came.toString()
    return /^CONFIG_BUG=y$/m.test(config)
  }
  return undefined
}

const TAINT_DIED = 1 << 7,
  TAINT_WARNED = 1 << 9

const ofCpus = (online: string): string[] =>
  /^0\s*$/.test(online)
    ? ['what goes wrong between cpus: one is online']
    : online === ''
      ? ['how many cpus are online']
      : []

const ofTaint = (taint: number): string[] => [
  ...(taint & TAINT_DIED ? [`whether the kernel is whole: it had an oops before the run (tainted ${taint})`] : []),
  ...(taint & TAINT_WARNED ? [`what a WARN_ONCE has said before the run: the kernel is tainted (${taint})`] : []),
]

const DEBUGFS = '/sys/kernel/debug'
const REARM = `${DEBUGFS}/clear_warn_once`

/** `built`: whether the kernel has WARN at all. */
const ofWarn = (built: boolean | undefined, rearm: Look, isRoot: boolean): string[] => {
  const why = isRoot ? 'is debugfs mounted?' : 'the agent is not root'
  if (built === false) return ['WARN: the kernel is built without CONFIG_BUG']
  return [
    ...(built === undefined
      ? ["whether WARN is built in: neither debugfs nor the kernel's configuration can be read"]
      : []),
    ...(isRoot && rearm !== -errnos.ENOENT
      ? []
      : [`a WARN_ONCE again after its first time: ${REARM} cannot be written (${why})`]),
  ]
}

const lookAround = async (player: ProbeTarget): Promise<string[]> => {
  const paths = [
    '/dev/kmsg',
    '/proc/mounts',
    DEBUGFS,
    REARM,
    '/proc/self/status',
    '/sys/devices/system/cpu/online',
    '/proc/sys/kernel/tainted',
  ]
  const [log, mounts, debugfs, rearm, status, online, tainted] = await look(
    player,
    paths.map((path) => ({ path, size: TEXT })),
  )
  const isThere = textOf(mounts).includes(` ${DEBUGFS} debugfs `) && debugfs === -errnos.EISDIR
  // It came in 4.15, and with CONFIG_BUG alone.
  const built = isThere ? rearm !== -errnos.ENOENT : await hasBug(player)
  const isReadable = typeof log === 'object' || log === -errnos.EAGAIN || log === -errnos.EPIPE
  return [
    ...(isReadable
      ? ofWarn(built, rearm!, /^Uid:\t0\t/m.test(textOf(status)))
      : [`the kernel log, and so no WARN, oops or panic: /dev/kmsg gives ${errnoName(-log!)}`]),
    ...ofTaint(Number(textOf(tainted) || 0)),
    ...ofCpus(textOf(online)),
  ]
}

/**
 * What cannot be seen on the machine behind `player`, a line each; of an agent that looks at no files, that this is not
 * known.
 */
export const blindSpots = async (player: ProbeTarget): Promise<string[]> => {
  try {
    return await lookAround(player)
  } catch (error) {
    if (!(error instanceof LooksAtNoFiles)) throw error
    return [`what else it cannot see: the agent looks at no files (${error.message})`]
  }
}
