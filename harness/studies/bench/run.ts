/** Whole runs of the suites, as a user starts them: the time until the prompt is back, and what was played in it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../process/own-command.ts'
import { figure } from './measure.ts'

/** Prints the time of a run on each target, with the lines in which it says what it played and how that ended. */
export const benchRun = async (): Promise<void> => {
  for (const target of ['mock', 'qemu:6.12']) {
    const reports = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-'))
    const start = performance.now()
    const [command, ...args] = runCommand({ target, reports })
    const { status, stdout, stderr } = spawnSync(command!, args, { encoding: 'utf8' })
    const seconds = (performance.now() - start) / 1000
    rmSync(reports, { recursive: true })
    if (status === 2 && stdout === '') {
      console.log(`run: not measured on ${target}: ${stderr.trim()}`)
      continue
    }
    figure(`run: on ${target}, all, exit status ${status}`, seconds, 's')
    for (const line of stdout.split('\n')) if (/^played |^\d+ passed/.test(line)) console.log(`  ${line}`)
  }
}
