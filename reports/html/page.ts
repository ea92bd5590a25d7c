/** What the HTML pages have in common: one file each, no scripts, readable on paper. */

/** Text as HTML. */
export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1a1a1a; --soft: #5c5c5c; --faint: #c4c4c4; --line: #d8d8d8; --shade: #f6f6f4;
  --tint: #fbfbfa; --link: #1d4f91; --note: #b9812b; --warn: #8a5a00; --bad: #a30d0d
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --ink: #e4e4e2; --soft: #a2a5a8; --faint: #5b5f63; --line: #383c40; --shade: #1f2225;
    --tint: #1a1d1f; --link: #8db8ec; --note: #d09a45; --warn: #e0ad52; --bad: #ff8d85
  }
}
* { box-sizing: border-box }
body {
  font: 15px/1.5 system-ui, "Liberation Sans", sans-serif; color: var(--ink); background: var(--paper);
  margin: 2.5rem auto; padding: 0 2rem; max-width: 82rem
}
h1 { font-size: 1.6rem; margin: 0 0 .3rem }
h2 { font-size: 1.25rem; margin: 2.8rem 0 .4rem; padding-bottom: .25rem; border-bottom: 2px solid var(--ink) }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem }
h2.code, h3.code, code, pre, .mono { font-family: ui-monospace, "Liberation Mono", monospace }
code, .mono { font-size: .92em }
pre {
  font-size: .8rem; line-height: 1.45; background: var(--shade); margin: .35rem 0 .2rem; padding: .45rem .7rem;
  white-space: pre-wrap; overflow-wrap: anywhere
}
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
p { margin: .4rem 0 }
.soft { color: var(--soft) }
.small { font-size: .86em }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600; color: var(--soft); font-size: .86em }
thead th { border-bottom: 1px solid var(--ink) }
@media screen and (max-width: 42rem) {
  body { margin: 1.2rem auto; padding: 0 1rem }
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; width: auto !important }
  .stacked thead { display: none }
  .stacked td { border-bottom: 0; padding: .15rem 0 }
  .stacked tr { border-bottom: 1px solid var(--line); padding: .5rem 0 }
  .stacked td[data-what]::before {
    content: attr(data-what); display: block; color: var(--soft); font-size: .8em; font-weight: 600
  }
}
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 9.5pt }
  h2, h3 { break-after: avoid }
  tr, pre { break-inside: avoid }
  a { color: inherit }
}
`

/** A whole page. `style`: rules beyond the common ones; `body`: HTML. */
export const page = (title: string, style: string, body: string): string =>
  '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
  + '<meta name="viewport" content="width=device-width">\n'
  + `<title>${escape(title)}</title>\n<style>${STYLE}${style}</style>\n</head>\n<body>\n${body}\n</body>\n</html>\n`
