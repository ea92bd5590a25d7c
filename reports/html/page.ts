/** The frame of every page: one HTML file that asks nothing of a network. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { markup, type Markup } from './markup.ts'

const STYLE = ['base', 'frame', 'book', 'marks', 'runs', 'narrow', 'print']
  .map((name) => readFileSync(join(import.meta.dirname, 'style', `${name}.css`), 'utf8'))
  .join('')

/** A place to go to; `isCode`: the name of an ioctl, an id. */
export interface Link {
  href: string
  text: string
  isCode?: true
}

export interface Page {
  title: string
  /** What stands on it, for the navigation beside it; those of one `group` stand together. */
  contents?: readonly Link[]
  body: Markup
}

/** The site that a page belongs to. */
export interface Site {
  /** The way from the page to the folder of the site: empty, or `../`. */
  root: string
  pages: readonly Link[]
  /** The one of `pages` that the page is, or is reached from. */
  here: string
}

const link = ({ href, text, isCode }: Link, isHere = false): Markup =>
  markup`<a href="${href}"${isHere ? markup` aria-current="page"` : ''}${isCode ? markup` class="code"` : ''}>${text}</a>\n`

const bar = ({ root, pages, here }: Site): Markup => markup`<header class="bar">
<nav class="pages" aria-label="pages">${pages.map((one) => link({ ...one, href: root + one.href }, one.href === here))}</nav>
<div class="search"><input type="search" placeholder="Search  /" aria-label="search all pages" role="combobox"
 aria-expanded="false" aria-controls="found" data-root="${root}"><ol id="found" role="listbox" hidden></ol></div>
</header>
<script src="${root}search.js" defer></script><script src="${root}table.js" defer></script>`

const beside = (contents: readonly Link[]): Markup => markup`<details class="contents" open>
<summary>On this page</summary><nav aria-label="on this page">${contents.map((one) => link(one))}</nav>
</details>`

/** A whole page. Without a site it stands alone, and runs nothing. */
export const page = ({ title, contents, body }: Page, site?: Site): string =>
  markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
${site ? bar(site) : undefined}
<div class="frame">
${contents ? beside(contents) : undefined}
<main id="main">
${body}
</main>
</div>
</body>
</html>
`.html
