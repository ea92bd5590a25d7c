/**
 * The agent in TypeScript: plays lists of calls on /dev/kvm and reports what came back, as PROTOCOL.md says. Run it as
 * `node --import tsx harness/agent/agent.ts`; it speaks on its standard input and output.
 */
import { bundlePlayer } from './native/bundle.ts'
import { supervise } from './native/supervisor.ts'

supervise(bundlePlayer(), process.stdin, process.stdout)
