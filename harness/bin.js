#!/usr/bin/env node
// Loads TypeScript and hands over to the command line.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`kvm-arm64-abi needs Node 20.19 or later, this is ${process.versions.node}\n`)
  process.exit(2)
}
const { register } = await import('tsx/esm/api')
register()
const { main } = await import('./cli.ts')
await main(process.argv)
