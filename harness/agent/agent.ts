/**
 * The agent in TypeScript: plays lists of calls on /dev/kvm and reports what came back, as PROTOCOL.md says. Run it as
 * `node --import ./harness/typescript.js harness/agent/agent.ts [CPU]`; it speaks on its standard input and output. With CPU, a decimal number,
 * its players stay on that core.
 */
import { bundlePlayer } from './native/bundle.ts'
import { supervise } from './native/supervisor.ts'

supervise(bundlePlayer(), process.stdin, process.stdout, process.argv[2])
