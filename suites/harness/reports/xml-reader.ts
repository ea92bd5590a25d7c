/** As much of an XML reader as tells whether a text is well-formed: it throws where it is not. */

export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

const plain = (text: string): string => {
  // The characters that XML 1.0 has.
  const odd = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text)
  if (odd) throw new Error(`no character of XML: U+${odd[0].codePointAt(0)!.toString(16)}`)
  if (/[<>]/.test(text)) throw new Error(`not escaped: ${text}`)
  return text.replace(/&(?:(amp|lt|gt|quot)|#(\d+));|&/g, (all, name: string | undefined, code: string | undefined) => {
    if (all === '&') throw new Error(`a bare & in: ${text}`)
    return name ? entities[name]! : String.fromCodePoint(Number(code))
  })
}

const tag = /^([^<]*)(?:<(\/)?([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/)?>)?/

/** The root element. */
export const readXml = (text: string): Element => {
  const top: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  let rest = text.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '')
  if (rest === text) throw new Error('no XML declaration')
  while (rest !== '') {
    const [all, before, close, name, said, empty] = tag.exec(rest)!
    if (all === '') throw new Error(`no tag: ${rest.slice(0, 60)}`)
    rest = rest.slice(all.length)
    open.at(-1)!.text += plain(before!)
    if (!name) continue
    if (close) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes another element`)
      continue
    }
    const pairs = [...said!.matchAll(/ ([a-z]+)="([^"]*)"/g)]
    const attributes = Object.fromEntries(pairs.map(([, key, value]) => [key, plain(value!)]))
    const element: Element = { name, attributes, children: [], text: '' }
    open.at(-1)!.children.push(element)
    if (!empty) open.push(element)
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('not one root element, closed')
  return top.children[0]!
}
