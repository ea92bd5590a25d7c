/** What the HTML pages have in common: one file each, no scripts, readable on paper. */

/** Text as HTML. */
export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

const STYLE = `
:root { --ink: #1a1a1a; --soft: #5c5c5c; --line: #d8d8d8; --shade: #f6f6f4; --link: #1d4f91 }
* { box-sizing: border-box }
body {
  font: 15px/1.5 system-ui, "Liberation Sans", sans-serif; color: var(--ink); background: #fff;
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
