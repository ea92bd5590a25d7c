// Lets Node load TypeScript: imported before the first file of it, or named after `node --import`.
import module from 'node:module'

// tsx would keep what it compiled in a folder of the system's temporary directory, whose name is known beforehand, and
// run what it finds there, whoever put it there.
process.env.TSX_DISABLE_CACHE = '1'
const { register } = await import('tsx/esm/api')
register()
// What is registered last is asked first.
module.register('./packages.js', import.meta.url)
