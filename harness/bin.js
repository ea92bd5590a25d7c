#!/usr/bin/env node
// Says what is needed where Node is too old, and starts where it is not. In words that any Node with modules reads,
// from 12 on.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: kvm-arm64-abi needs Node 20.19 or later, this is ${process.versions.node}; Debian 13 has it, `
      + `and nodejs.org for any Linux\n`,
  )
  // To git bisect 125 says that nothing can be told of a commit.
  process.exitCode = process.argv.includes('--bisect') ? 125 : 2
} else {
  const started = import('./start.js')
  started.catch((error) => {
    // Once it is loaded it hears of whatever breaks.
    if (process.listenerCount('uncaughtException') > 0) throw error
    const why = String(error.message).replace(/\s+/g, ' ')
    process.stderr.write(`error: kvm-arm64-abi cannot be loaded from where it lies: ${why}\n`)
    process.exitCode = process.argv.includes('--bisect') ? 125 : 2
  })
}
