/**
 * A hook of Node's loader: of our own files the types are blanked out, so that lines and columns stay. It is kept for
 * the next process, for a run starts several. JSON is a module, of which Node 20 would warn.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { placeFor } from './compiled.js'

const require = createRequire(import.meta.url)
const root = new URL('../', import.meta.url).href
// Beside the packages: whoever can write there can change those, too.
const folder = fileURLToPath(new URL('node_modules/.cache/kvm-arm64-abi', root))
const swc = '@swc/wasm-typescript'
const compiler = `${swc} ${require(`${swc}/package.json`).version}`

const blank = (text, name) => {
  try {
    return require(swc).transformSync(text, { mode: 'strip-only' }).code
  } catch ({ startLine, message }) {
    // What it throws is no Error.
    throw new SyntaxError(`${name}:${startLine}: ${message}`)
  }
}

const compiled = (url) => {
  const text = readFileSync(new URL(url), 'utf8')
  // Copies of the project may share their packages: each file has one place, and a copy that differs takes it over.
  const name = url.slice(root.length)
  const place = placeFor(folder, `${compiler}, ${url}`, name, text)
  const kept = place.find()
  if (kept !== undefined) return kept
  const made = blank(text, name)
  place.keep(made)
  return made
}

const sourceOf = (url, { importAttributes }) => {
  if (!url.startsWith(root) || url.includes('/node_modules/')) return undefined
  // Vitest asks for a file with the time behind it.
  const [file] = url.split('?')
  if (file.endsWith('.ts')) return compiled(file)
  return importAttributes?.type === 'json' ? `export default ${readFileSync(new URL(file), 'utf8')}` : undefined
}

/** Node 20 asks for it in a thread of its own, newer ones in the thread that loads. */
export const load = (url, context, next) => {
  const source = sourceOf(url, context)
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
}
