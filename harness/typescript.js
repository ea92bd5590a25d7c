/** Lets Node load TypeScript: imported before the first file of it, or named after `node --import`. */
import module from 'node:module'

// Vitest started by itself loads its configuration, and that this; where a command began with it, once is enough.
const REGISTERED = Symbol.for('kvm-arm64-abi: TypeScript')
if (!process[REGISTERED]) {
  process[REGISTERED] = true
  if (module.registerHooks) module.registerHooks({ load: (await import('./loader.js')).load })
  else module.register('./loader.js', import.meta.url)
}
