/**
 * Tables of marks: filters that stand in the address, arrow keys from mark to mark, and a line that says what one
 * means.
 */

const table = /** @type {HTMLTableElement | null} */ (document.querySelector('.marks'))
const form = /** @type {HTMLFormElement | null} */ (document.querySelector('.controls'))
const status = document.querySelector('.status')

/** @param {Element} cell */
const at = (cell) => [...(cell.parentElement?.children ?? [])].indexOf(cell)

/** The names of the columns, as the heads have them. */
const heads = [...(table?.querySelectorAll('thead tr:nth-child(2) th') ?? [])].map(
  (th) => /** @type {HTMLElement} */ (th),
)
/** What a mark means, as the legend says. */
const meanings = new Map(
  [...document.querySelectorAll('.legend span')].map((span) => [
    span.querySelector('b')?.className ?? '',
    span.lastChild?.textContent?.trim() ?? '',
  ]),
)

/** @param {HTMLTableCellElement} cell */
const explain = (cell) => {
  if (!status) return
  const row = cell.parentElement
  const of = /** @type {HTMLElement | null | undefined} */ (row?.closest('tbody'))?.dataset['ioctl'] ?? ''
  const meaning = meanings.get(cell.classList[0] ?? '') ?? 'no rule of this release'
  const count = /^\d+$/.test(cell.textContent ?? '') ? `${cell.textContent} ` : ''
  status.textContent = `${of} ${row?.querySelector('th')?.textContent} — ${heads[at(cell)]?.dataset['name']}: ${count}${meaning}`
}

/** @param {HTMLTableCellElement | null | undefined} cell */
const go = (cell) => {
  if (!cell) return
  const link = cell.querySelector('a')
  if (!link) cell.tabIndex = -1
  ;(link ?? cell).focus()
}

/** @param {HTMLTableCellElement} cell @param {string} key */
const beside = (cell, key) => {
  const step = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1
  const cells =
    key === 'ArrowLeft' || key === 'ArrowRight'
      ? [...(cell.parentElement?.querySelectorAll('td') ?? [])]
      : [...(table?.querySelectorAll(`tr > :nth-child(${at(cell) + 1})`) ?? [])].filter((one) => one.localName === 'td')
  const visible = /** @type {HTMLTableCellElement[]} */ (
    cells.filter((one) => /** @type {HTMLElement} */ (one).offsetParent)
  )
  return visible[visible.indexOf(cell) + step]
}

table?.addEventListener('keydown', (event) => {
  if (!event.key.startsWith('Arrow')) return
  const target = /** @type {Element} */ (event.target)
  const cell = target.closest('td') ?? target.closest('tr')?.querySelector('td')
  if (!cell) return
  event.preventDefault()
  go(target.closest('td') ? beside(cell, event.key) : cell)
})
for (const kind of ['mouseover', 'focusin', 'click'])
  table?.addEventListener(kind, ({ target }) => {
    const cell = /** @type {Element} */ (target).closest('td')
    if (cell) explain(cell)
  })

const hidden = document.createElement('style')
document.head.append(hidden)

/** @param {string} text */
const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean)
/** @param {string | null | undefined} text @param {readonly string[]} all */
const has = (text, all) => all.every((word) => (text ?? '').toLowerCase().includes(word))

/** @param {FormData} asked */
const showColumns = (asked) => {
  const named = words(String(asked.get('columns') ?? ''))
  const branches = asked.getAll('branch')
  const out = heads.flatMap((head, i) => {
    const { name, branch = '' } = head.dataset
    return i === 0 || (branches.includes(branch) && has(name, named)) ? [] : [i]
  })
  hidden.textContent = out
    .map((i) => `.marks tr:not(.group, .branches) > :nth-child(${i + 1})`)
    .concat(out.length > 0 ? ['.marks .branches > .edge'] : [])
    .map((selector) => `${selector} { display: none }`)
    .join('\n')
  return heads.length - 1 - out.length
}

/** @param {FormData} asked */
const showRules = (asked) => {
  const wanted = words(String(asked.get('rules') ?? ''))
  const kind = String(asked.get('show') ?? '')
  let shown = 0
  for (const body of table?.tBodies ?? []) {
    let own = 0
    for (const row of body.rows) {
      if (row.classList.contains('group')) continue
      const isShown =
        (kind === '' || (row.dataset['is'] ?? '').split(' ').includes(kind))
        && has(`${body.dataset['ioctl']} ${row.querySelector('th')?.textContent}`, wanted)
      row.hidden = !isShown
      if (isShown) own++
    }
    body.hidden = own === 0
    shown += own
  }
  return shown
}

/** @param {number} n @param {string} what */
const many = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`

const filter = () => {
  if (!form) return
  const asked = new FormData(form)
  const [rules, columns] = [showRules(asked), showColumns(asked)]
  const output = form.querySelector('output')
  if (output) output.textContent = `${many(rules, 'rule')}, ${many(columns, 'column')}`
  const query = new URLSearchParams()
  for (const name of ['show', 'rules', 'columns']) if (asked.get(name)) query.set(name, String(asked.get(name)))
  const boxes = form.querySelectorAll('[name=branch]')
  if (asked.getAll('branch').length < boxes.length) query.set('branch', asked.getAll('branch').join(','))
  history.replaceState(null, '', query.size > 0 ? `#${query}` : location.pathname + location.search)
}

/** What the address asks for. */
const restore = () => {
  const query = new URLSearchParams(location.hash.slice(1))
  for (const field of form?.elements ?? []) {
    if (field instanceof HTMLInputElement && field.type === 'checkbox')
      field.checked = query.get('branch')?.split(',').includes(field.value) ?? true
    else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)
      field.value = query.get(field.name) ?? ''
  }
  filter()
}

if (form) {
  form.addEventListener('input', filter)
  form.addEventListener('submit', (event) => event.preventDefault())
  addEventListener('hashchange', restore)
  restore()
}
