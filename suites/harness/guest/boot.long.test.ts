/** Real kernels in QEMU: a run goes on when a guest is killed or panics. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { isFault } from '../../../harness/model/kernel-log.ts'
import type { Played } from '../../../harness/link/lines.ts'
import { type Pool, poolOf } from '../../../harness/targets/pool.ts'
import { prepareGuest, runningFirst } from '../../../harness/guest/prepare.ts'
import { type Guest, bootGuest } from '../../../harness/guest/qemu.ts'
import { parseTarget } from '../../../harness/model/target.ts'
import { scratch, typescript } from '../command.ts'
import { skipWithout } from '../skip-without.ts'

const prepared = (text: string) => {
  const target = parseTarget(text)
  if (target.kind !== 'qemu') throw new Error(`${text}: not a target in QEMU`)
  return prepareGuest(target)
}

/** A pool of one guest, and the guests that it booted so far. */
const guests = async (text: string): Promise<{ pool: Pool; booted: Guest[] }> => {
  const shared = await prepared(text)
  const booted: Guest[] = []
  const open = async () => {
    const guest = await bootGuest(shared)
    booted.push(guest)
    return guest
  }
  return { pool: await poolOf(text, { open }, 1), booted }
}

// KVM_GET_API_VERSION.
const ops = 'k,0 i,0,ae00,0 c,0'
const wellDone: Played['answers'] = [5, 12, 0].map((ret) => ({ ret, data: [] }))

const isRunning = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Plays 300 lists, meddles while those in the middle are played, and gives how all came out. */
const playThrough = async (pool: Pool, meddle: () => void): Promise<Played[]> => {
  const before = await Promise.all(Array.from({ length: 100 }, () => pool.play(ops, 2000)))
  // Long lists, so that there is time to meddle.
  const during = Array.from({ length: 100 }, () => pool.play(`${ops} ${'k,0 c,0 '.repeat(250).trim()}`, 5000))
  await during[3]
  meddle()
  const after = Array.from({ length: 100 }, () => pool.play(ops, 2000))
  return [...before, ...(await Promise.all(during)), ...(await Promise.all(after))]
}

describe('a guest', () => {
  beforeEach((context) => {
    skipWithout(context, 'qemu-system-aarch64', 'aarch64-linux-gnu-gcc')
  })

  it('plays lists, and the run goes on when QEMU is killed or the kernel panics', async () => {
    const { pool, booted } = await guests('qemu:6.12')
    try {
      expect(pool.greeting).toMatchObject({ release: expect.stringMatching(/^6\.12\./), machine: 'aarch64' })
      expect((await pool.play(ops, 2000)).answers).toEqual(wellDone)

      const killed = await playThrough(pool, () => process.kill(booted.at(-1)!.pid, 'SIGKILL'))
      const lost = killed.filter(({ outcome }) => outcome !== 'done')
      expect(lost.map(({ outcome }) => outcome)).toEqual(['lost'])
      expect(lost[0]?.why).toContain('killed by SIGKILL')
      expect(lost[0]?.log.filter(isFault)).toEqual([])
      expect([pool.restarts, booted.length]).toEqual([1, 2])

      const panicked = await playThrough(pool, () => booted.at(-1)!.sysrq('c'))
      const panics = panicked.filter(({ outcome }) => outcome !== 'done')
      expect(panics.map(({ outcome }) => outcome)).toEqual(['lost'])
      expect(panics[0]?.log).toContainEqual(
        expect.stringMatching(/^4,Kernel panic - not syncing: sysrq triggered crash/),
      )
      expect(pool.restarts).toBe(2)
      expect((await pool.play(ops, 2000)).answers).toEqual(wellDone)
    } finally {
      await pool.close()
    }
    for (const { pid } of booted) expect(isRunning(pid)).toBe(false)
  })

  it('is reached over the UART, also where the kernel has no virtio port', async () => {
    for (const text of ['qemu:6.12,channel=uart', 'qemu:6.12,append=initcall_blacklist=virtio_console_init']) {
      const guest = await bootGuest(await prepared(text))
      const played = await Promise.all(Array.from({ length: 50 }, () => guest.play(ops, 2000)))
      for (const { answers } of played) expect(answers).toEqual(wellDone)
      expect(guest.console()).not.toMatch(/^done /m)
      await guest.close()
    }
  })

  it('that does not come up is complained of with the end of its console', async () => {
    await expect(prepared('qemu:6.12,append=rdinit=/nothing').then(bootGuest)).rejects.toThrow(
      /^qemu:6\.12,append=rdinit=\/nothing: Kernel panic - not syncing: VFS.*; its console ended: /,
    )
  })

  it('ends when the process that booted it is killed outright', async () => {
    const harness = fileURLToPath(new URL('../../../harness/', import.meta.url))
    const script = `
      import { prepareGuest, runningFirst } from ${JSON.stringify(`${harness}guest/prepare.ts`)}
      import { bootGuest } from ${JSON.stringify(`${harness}guest/qemu.ts`)}
      import { parseTarget } from ${JSON.stringify(`${harness}model/target.ts`)}
      const guest = await bootGuest(await prepareGuest(parseTarget('qemu:6.12')))
      console.log(guest.pid)`
    const argv = ['--import', typescript, '--input-type=module', '-e', script]
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(said)
    expect(isRunning(pid)).toBe(true)
    child.kill('SIGKILL')
    for (let tries = 0; tries < 50 && isRunning(pid); tries++) await sleep(100)
    expect(isRunning(pid)).toBe(false)
  })

  it('says what it says once per boot again after a list that brought a WARNING', async () => {
    // A child that makes the kernel say something once per boot, over and over (fs/proc/base.c, pr_warn_once).
    const source = `
      #include <fcntl.h>
      #include <unistd.h>
      int main(void)
      {
        if (fork())
          return execl("/init", "/init", (char *)0);
        for (;; usleep(50000)) {
          int fd = open("/proc/self/oom_adj", O_WRONLY);
          if (fd >= 0 && write(fd, "0", 1) + close(fd) < 0)
            return 1;
        }
      }`
    const binary = join(scratch(), 'first')
    execFileSync('aarch64-linux-gnu-gcc', ['-static', '-o', binary, '-x', 'c', '-'], { input: source })
    const guest = await bootGuest(await runningFirst(await prepared('qemu:5.10'), readFileSync(binary)))
    const said = async (times: number) => {
      const count = () => guest.console().match(/oom_adj is deprecated/g)?.length ?? 0
      for (let tries = 0; tries < 100 && count() < times; tries++) await sleep(50)
      await sleep(500)
      return count()
    }
    try {
      expect(await said(1)).toBe(1)
      // 5.10 warns of the reserved interrupt 1019 in KVM_IRQ_LINE, once the vgic is there.
      const warns =
        'k,0 i,0,ae01,0,1 i,1,ae41,0,2 w,d:0,070000000000000000000000 i,1,c00caee0,@d:0 f,d:4,3 '
        + `w,d:10,0000000004000000${'0'.repeat(32)} i,3,4018aee1,@d:10 w,d:40,fb03000101000000 i,1,4008ae61,@d:40`
      for (const turn of [1, 2]) {
        const { answers, log } = await guest.play(warns, 5000)
        expect(answers.map(({ ret }) => Math.min(ret, 0))).toEqual([0, 0, 0, 0, 0, -22])
        expect(log.filter(isFault)).toEqual([expect.stringMatching(/WARNING: CPU: \d+ PID: \d+ at .*vgic_get_irq/)])
        expect(await said(1 + turn)).toBe(1 + turn)
      }
    } finally {
      await guest.close()
    }
  })

  it.each(['5.10', '6.1', '7.2'])('of release %s answers', async (release) => {
    const guest = await bootGuest(await prepared(`qemu:${release}`))
    expect(guest.greeting.release.startsWith(`${release}.`)).toBe(true)
    expect((await guest.play(ops, 2000)).answers).toEqual(wellDone)
    await guest.close()
  })
}, 240_000)
