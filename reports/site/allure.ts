/** The Allure report of a run as one page, that tells nobody of its reader. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../harness/process/root.ts'
import { ALLURE } from '../formats/allure.ts'

const COMMAND = join(root, 'node_modules/allure/cli.js')

/** Whether this machine can make one: `npm ci --omit=dev` leaves Allure out. */
export const canMakeAllure = (): boolean => existsSync(COMMAND)

/** A program within the page, and the page without it. */
export interface AllurePage {
  html: string
  /** The programs that every report has, by the names of their files; they stand beside the page. */
  programs: ReadonlyMap<string, Buffer>
}

const isAnalytics = (script: string): boolean => /googletagmanager|\bgtag\(/.test(script)

/** Takes out of a page what Allure has put there to count its readers, and the program that is the same in each. */
export const withoutAnalytics = (page: string): AllurePage => {
  const programs = new Map<string, Buffer>()
  const html = page
    .replace(/<script\b[^>]*>[^]*?<\/script>/g, (script) => (isAnalytics(script) ? '' : script))
    .replace(/src="data:text\/javascript;base64,([^"]+)"/g, (_, text: string) => {
      const program = Buffer.from(text, 'base64')
      const name = `allure-${createHash('sha256').update(program).digest('hex').slice(0, 12)}.js`
      programs.set(name, program)
      return `src="${name}"`
    })
  return { html, programs }
}

/** Makes the report of the run in `folder`, called `name`. Rejects with Allure's own words where it cannot. */
export const allurePage = async (folder: string, name: string): Promise<AllurePage> => {
  const out = mkdtempSync(join(tmpdir(), 'allure-'))
  try {
    const args = ['awesome', join(folder, ALLURE), '--single-file', '--report-name', name, '--output', out]
    await promisify(execFile)(process.execPath, [COMMAND, ...args], { cwd: out, maxBuffer: 1 << 26 })
    return withoutAnalytics(readFileSync(join(out, 'index.html'), 'utf8'))
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
