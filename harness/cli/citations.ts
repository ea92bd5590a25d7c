/** `citations`: writes fixtures/citations.lock.json anew, from the documentation of the recorded kernels. */
import { Argument, Command, InvalidArgumentError } from 'commander'
import { UserError } from '../process/user-error.ts'
import { lines } from '../process/visible.ts'
import { measured, type Release } from '../model/release.ts'
import { leave, screen } from './terminal.ts'

type Folders = ReadonlyMap<Release, string>

/** Adds one `BRANCH=FOLDER`. */
const folder = (text: string, before: Folders = new Map()): Folders => {
  const [, branch, path] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (!branch || !path) throw new InvalidArgumentError('Write it like 6.12=FOLDER.')
  if (!measured.some((known) => known === branch))
    throw new InvalidArgumentError(`The recorded branches are ${measured.join(', ')}.`)
  return new Map([...before, [branch, path]])
}

export const citations = (): Command =>
  new Command('citations')
    .description('check every citation against the documentation of the recorded kernels, and write the lock anew')
    .addArgument(
      new Argument('<branch=folder...>', `where Documentation/virt/kvm of ${measured.join(', ')} is`).argParser(folder),
    )
    .addHelpText(
      'after',
      `
fixtures/citations.lock.json holds a hash of each paragraph that the table or a law cites, for each
recorded branch, so that the tests need no documentation. Run this once you cite another passage,
and commit the lock. It prints the passages whose words changed, and fails for those that a branch
does not have.

A folder is one in which a package linux-doc-6.12 was unpacked, or a kernel tree, as linux-source-6.12
has one:
  apt-get download linux-doc-6.12 && dpkg-deb -x linux-doc-6.12_*.deb doc-6.12
  mkdir doc-6.12 && git -C LINUX archive v6.12 Documentation/virt/kvm | tar x -C doc-6.12
  npm run citations -- ${measured.map((branch) => `${branch}=doc-${branch}`).join(' ')}

Exit status: 0 every passage was found, 1 some were not, 2 could not do what was asked.`,
    )
    .action(async (folders: Folders) => {
      const without = measured.find((branch) => !folders.has(branch))
      if (without !== undefined)
        throw new UserError(
          `${without}: where is its documentation? Add ${without}=FOLDER; citations --help says where to get one`,
        )
      const { writeLock } = await import('../studies/citations/lock.ts')
      const { passages, changed, missing } = writeLock(folders)
      const found = `${passages} passages are in fixtures/citations.lock.json, ${missing.length} were not found`
      screen.write(`${lines([...changed, ...missing, found]).join('\n')}\n`)
      leave(missing.length > 0 ? 1 : 0)
    })
