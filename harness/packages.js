// Hooks of Node's loader. tsx reads and parses every module to see what must be changed in it; packages are as Node wants
// them, and vitest alone has enough of them to take a second. What it made of our own files is kept.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { placeFor } from './compiled.js'

const root = new URL('../', import.meta.url).href
// Beside the packages: whoever can write there can change those, too.
const folder = fileURLToPath(new URL('node_modules/.cache/kvm-arm64-abi', root))
const compiler = `tsx ${createRequire(import.meta.url)('tsx/package.json').version}, Node ${process.version}`

const isOfPackage = (url, { format }) => format === 'module' && url.includes('/node_modules/')
const isOurs = (url) => url.startsWith(root) && url.endsWith('.ts')
const asModule = (source) => ({ format: 'module', source, shortCircuit: true })

// Copies of the project may share their packages: each file has one place, and a copy that differs takes it over.
const placeOf = (url) =>
  placeFor(folder, `${compiler}, ${url}`, url.slice(root.length), readFileSync(new URL(url), 'utf8'))

/** As Node 20 asks for it, in a thread of its own. */
export const load = async (url, context, next) => {
  if (isOfPackage(url, context)) return asModule(readFileSync(new URL(url)))
  if (!isOurs(url)) return next(url, context)
  const place = placeOf(url)
  const kept = place.find()
  if (kept !== undefined) return asModule(kept)
  const made = await next(url, context)
  place.keep(made.source)
  return made
}

/** As newer ones do, in the thread that loads. */
export const loadSync = (url, context, next) => {
  if (isOfPackage(url, context)) return asModule(readFileSync(new URL(url)))
  if (!isOurs(url)) return next(url, context)
  const place = placeOf(url)
  const kept = place.find()
  if (kept !== undefined) return asModule(kept)
  const made = next(url, context)
  place.keep(made.source)
  return made
}
