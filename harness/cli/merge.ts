/** `merge`: the shards of a run as one run. */
import { Command } from 'commander'
import { withReports } from './reports-folder.ts'
import { leave, screen } from './terminal.ts'

export const merge = (): Command =>
  new Command('merge')
    .description('make one run of its shards, which `run --shard i/n` has played')
    .argument('<shards...>', 'the folders of their reports, or a file in each')
    .option('--reports <folder>', 'where reports are written, if not in a new folder in reports/out of the project')
    .addHelpText(
      'after',
      `
The reports are those of a run without shards. A test that no shard has an outcome for, since its shard is not named,
was killed or never began, is broken; \`run --resume --reports <folder>\` plays such tests where the target is at hand.

Exit status, as of one run: 0 conforms, 1 violates, 2 the folders are no shards of one run (of one version of the suites,
kernel, host, seed, …), or something is broken, 4 everything was skipped.`,
    )
    .action(async (shards: string[], { reports }: { reports?: string }) => {
      const { merge: mergeShards } = await import('../run/merge.ts')
      leave(await withReports(reports, (folder) => mergeShards(shards, folder, screen)))
    })
