/** The player as one text of JavaScript, so that starting one costs what starting Node costs. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

interface Esbuild {
  buildSync(options: object): { outputFiles: { text: string }[] }
}

/** Puts the player's sources into one script for `node -e`. esbuild is what tsx itself runs TypeScript with. */
export const bundlePlayer = (): string => {
  const near = createRequire(import.meta.url)
  const { buildSync } = createRequire(near.resolve('tsx'))('esbuild') as Esbuild
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('./player.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Where what is not bundled is looked for.
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
  })
  return `process.on('uncaughtException', e => {
  process.stderr.write('agent.ts: ' + (e.name === 'UserError' ? e.message : e.stack) + '\\n')
  process.exit(1)
})
${outputFiles[0]!.text}`
}
