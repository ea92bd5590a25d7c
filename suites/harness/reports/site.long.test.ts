/** The site in a real browser, from the file system: what a reader does works, and nothing is asked of a network. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { tmpdir } from 'node:os'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows } from '../../../harness/table/rows.ts'
import { command } from '../command.ts'
import { runDefect } from './sample-site.ts'

/** Debian's, or another one that is in PATH. */
const program = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find(existsSync)

/** As wide as a desk's screen, and as a telephone's. */
const WIDE = { width: 1280, height: 900 }
const NARROW = { width: 400, height: 800 }

let within: string, site: string, browser: Browser

// On a busy host it takes minutes.
beforeAll(async () => {
  if (program === undefined) return
  within = mkdtempSync(join(tmpdir(), 'kvm-arm64-abi-test-'))
  site = join(within, 'site')
  expect(await runDefect(join(within, 'defect'))).toMatchObject({ code: 1 })
  expect(await command('report', join(within, 'defect'), '--reports', site)).toMatchObject({ code: 0, err: '' })
  // Root is in no sandbox.
  browser = await chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}, 900_000)
afterAll(async () => {
  await browser?.close()
  if (within !== undefined) rmSync(within, { recursive: true, force: true })
})

const urlOf = (path: string): string => pathToFileURL(site).href + `/${path}`

/** All pages, but for the Allure report. */
const pages = (): string[] =>
  readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((path) => /(?<!-allure)\.html$/.test(path))

/** Opens a page, lets somebody read it, and gives what it complained of and what it asked of a network. */
const reading = async (path: string, viewport: typeof WIDE, read: (page: Page) => Promise<void>): Promise<string[]> => {
  const page = await browser.newPage({ viewport })
  const wrong: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) wrong.push(`asked for ${request.url()}`)
  })
  page.on('requestfailed', (request) => wrong.push(`not there: ${request.url().slice(0, 200)}`))
  try {
    await page.goto(urlOf(path))
    await read(page)
  } finally {
    await page.close()
  }
  return wrong
}

const reads = async (path: string, viewport: typeof WIDE, read: (page: Page) => Promise<void>): Promise<void> => {
  expect(await reading(path, viewport, read), path).toEqual([])
}

const shownRules = (page: Page) => page.locator('.marks tbody tr[data-is]:visible')

const inBrowser = (title: string, body: () => Promise<void>): void =>
  test(title, { timeout: 600_000 }, (context) =>
    program === undefined ? context.skip('there is no Chromium in PATH; on Debian: apt install chromium') : body(),
  )

describe('every page', () => {
  for (const viewport of [WIDE, NARROW])
    inBrowser(`opens without a complaint, and is no wider than a screen of ${viewport.width}`, async () => {
      for (const path of pages())
        await reads(path, viewport, async (page) => {
          expect(await page.locator('h1').count(), path).toBe(1)
          const width = await page.evaluate('document.scrollingElement.scrollWidth')
          expect(width, path).toBeLessThanOrEqual(viewport.width)
          await page.evaluate('scrollTo(0, document.body.scrollHeight)')
          for (const link of ['Overview', 'Matrix', 'Book', 'Migration', 'Runs'])
            expect(await page.locator('.pages a', { hasText: link }).isVisible(), `${path}: ${link}`).toBe(true)
          expect((await page.locator('.bar').boundingBox())!.y, path).toBe(0)
        })
    })

  inBrowser('is dark where the reader wants it so', async () => {
    const paper = async (colorScheme: 'dark' | 'light'): Promise<string> => {
      const page = await browser.newPage({ colorScheme })
      await page.goto(urlOf('index.html'))
      const colour = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      await page.close()
      return String(colour)
    }
    expect([await paper('light'), await paper('dark')]).toEqual(['rgb(255, 255, 255)', 'rgb(20, 23, 27)'])
  })
})

describe('the matrix', () => {
  inBrowser('is filtered by words, kinds and releases, and its address says so', () =>
    reads('matrix.html', WIDE, async (page) => {
      expect(await shownRules(page).count()).toBe(rows.length)
      await page.locator('[name=rules]').fill('create_vcpu too big')
      const found = rows.filter(({ id }) => /^KVM_CREATE_VCPU.*too big/.test(id))
      expect(await shownRules(page).count()).toBe(found.length)
      await page.locator('[name=rules]').fill('')
      await page.locator('[name=show]').selectOption('failing')
      expect(await shownRules(page).count()).toBe(1)
      await page.getByLabel('5.10').uncheck()
      expect(await page.locator('.marks th[data-branch="5.10"]:visible').count()).toBe(0)
      expect(page.url()).toMatch(/#show=failing&branch=/)
      await page.reload()
      expect(await shownRules(page).count()).toBe(1)
      expect(await page.getByLabel('5.10').isChecked()).toBe(false)
    }),
  )

  for (const viewport of [WIDE, NARROW])
    inBrowser(`leads from a failing cell to its trace, by keys, on a screen of ${viewport.width}`, () =>
      reads('matrix.html#show=failing', viewport, async (page) => {
        await page.locator('.marks tbody th a:visible').first().focus()
        for (let pressed = 0; pressed < 60; pressed++) {
          await page.keyboard.press('ArrowRight')
          const kind = String(await page.evaluate('document.activeElement.parentElement.className'))
          if (kind.startsWith('violates')) break
        }
        expect(await page.locator('.status').innerText()).toMatch(/KVM_CREATE_VCPU id too big .* defect: violates/)
        await page.keyboard.press('Enter')
        await page.waitForURL(/runs\/defect\.html#failure-1$/)
        const trace = page.locator('#failure-1 pre')
        expect(await trace.innerText()).toMatch(
          /KVM_CREATE_VCPU\(0x100000000\) -> ok +# expected -EINVAL \(id too big\)/,
        )
        expect((await trace.boundingBox())!.y).toBeLessThan(viewport.height)
        const file = await page.locator('#failure-1 a[download]').getAttribute('href')
        expect(existsSync(join(site, 'runs', file!))).toBe(true)
      }),
    )
})

inBrowser('the search finds a rule, by keys, and leads to it', () =>
  reads('runs/defect.html', WIDE, async (page) => {
    await page.keyboard.press('/')
    await page.keyboard.type('finalize too late')
    await page.locator('#found li').first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/book\.html#KVM_ARM_VCPU_FINALIZE-too-late$/)
    expect(await page.locator('.rule:target').innerText()).toContain('-EPERM')
  }),
)

inBrowser('a migration leads to what is lost, with its commit', () =>
  reads('migration.html', WIDE, async (page) => {
    await page.locator('a[href="migration/7.2-max-gicv3.html#to-6.1-max-gicv3"]').click()
    await page.waitForURL(/migration\/.*#to-/)
    expect(await page.locator('section:target').innerText()).toMatch(/pieces? lost/)
    expect(await page.locator('section:target a[href^="https://git.kernel.org/"]').count()).toBeGreaterThan(0)
  }),
)

inBrowser('the Allure report of the run opens, and tells nobody', () =>
  reads('runs/defect-allure.html', WIDE, async (page) => {
    await page.getByText('create-vcpu').first().waitFor()
  }),
)
