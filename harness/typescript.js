// Lets Node load TypeScript: imported before the first file of it, or named after `node --import`.
import module from 'node:module'

// tsx would keep what it compiled in a folder of the system's temporary directory, whose name is known beforehand, and
// run what it finds there, whoever put it there.
process.env.TSX_DISABLE_CACHE = '1'
// Vitest started by itself loads its configuration, and that this; where a command began with it, once is enough.
const REGISTERED = Symbol.for('kvm-arm64-abi: TypeScript')
if (!process[REGISTERED]) {
  process[REGISTERED] = true
  const { register } = await import('tsx/esm/api')
  register()
  // What is registered last is asked first.
  if (module.registerHooks) module.registerHooks({ load: (await import('./packages.js')).loadSync })
  else module.register('./packages.js', import.meta.url)
}
