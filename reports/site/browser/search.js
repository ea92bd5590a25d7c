/** Finds what was typed among all that the site has: each word of it, in titles before anywhere else. */
const MOST = 40

/** @typedef {readonly [string, string, string]} Entry title, words, place */

const input = /** @type {HTMLInputElement} */ (document.querySelector('.search input'))
const list = /** @type {HTMLOListElement} */ (document.querySelector('#found'))
const root = input.dataset['root'] ?? ''

/** @returns {readonly Entry[]} */
const entries = () => /** @type {{ searchIndex?: readonly Entry[] }} */ (globalThis).searchIndex ?? []

/** The index is a program, and is asked for when somebody looks for something. */
const load = () => {
  const script = document.createElement('script')
  script.src = `${root}search-index.js`
  script.addEventListener('load', show)
  document.head.append(script)
}

/**
 * How well an entry fits: how many of the words its title has; -1 where it has not all of them anywhere.
 * @param {Entry} entry
 * @param {readonly string[]} words
 */
const fit = ([title, text], words) => {
  const [inTitle, anywhere] = [title.toLowerCase(), `${title} ${text}`.toLowerCase()]
  if (!words.every((word) => anywhere.includes(word))) return -1
  return words.filter((word) => inTitle.includes(word)).length + (inTitle === words.join(' ') ? 1 : 0)
}

/**
 * @param {Entry} entry
 * @param {number} at
 */
const item = ([title, text, href], at) => {
  const li = document.createElement('li')
  li.role = 'option'
  li.id = `found-${at}`
  const link = document.createElement('a')
  link.href = root + href
  link.tabIndex = -1
  link.append(title)
  const words = document.createElement('span')
  words.append(text)
  link.append(words)
  li.append(link)
  return li
}

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
  const found = entries()
    .map((entry) => /** @type {const} */ ([fit(entry, words), entry]))
    .filter(([fits]) => words.length > 0 && fits >= 0)
    .toSorted(([a, { 0: one }], [b, { 0: other }]) => b - a || one.length - other.length)
    .slice(0, MOST)
  list.replaceChildren(...found.map(([, entry], at) => item(entry, at)))
  if (words.length > 0 && found.length === 0) list.append('Nothing has these words.')
  list.hidden = words.length === 0
  input.ariaExpanded = String(!list.hidden)
  choose(0)
}

/** @param {number} at */
const choose = (at) => {
  const items = [...list.children]
  const chosen = items[Math.max(0, Math.min(at, items.length - 1))]
  for (const one of items) one.ariaSelected = String(one === chosen)
  chosen?.scrollIntoView({ block: 'nearest' })
  input.setAttribute('aria-activedescendant', chosen?.id ?? '')
}

const chosen = () => [...list.children].findIndex(({ ariaSelected }) => ariaSelected === 'true')

const close = () => {
  list.hidden = true
  input.ariaExpanded = 'false'
}

input.addEventListener('focus', load, { once: true })
input.addEventListener('input', show)
input.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') choose(chosen() + 1)
  else if (event.key === 'ArrowUp') choose(chosen() - 1)
  else if (event.key === 'Enter') list.children[chosen()]?.querySelector('a')?.click()
  else if (event.key === 'Escape') close()
  else return
  event.preventDefault()
})
list.addEventListener('click', close)
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element && target.closest('.search'))) close()
})
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea')
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  input.focus()
})

// The page's own place in the navigation is seen where that is too wide.
const pages = /** @type {HTMLElement | null} */ (document.querySelector('.pages'))
const here = /** @type {HTMLElement | null} */ (pages?.querySelector('[aria-current]'))
if (pages && here) pages.scrollLeft = here.offsetLeft - pages.clientWidth / 2

// Beside the page where there is room, above it and closed where there is not.
const contents = /** @type {HTMLDetailsElement | null} */ (document.querySelector('.contents'))
const wide = matchMedia('(min-width: 60rem)')
const fold = () => {
  if (contents) contents.open = wide.matches
}
wide.addEventListener('change', fold)
fold()
