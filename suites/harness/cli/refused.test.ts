/** What cannot be done is refused in one line, with status 2. */
import { test } from 'vitest'
import { command, scratch } from '../command.ts'

const refusals: [args: string, line: RegExp][] = [
  ['nonsense', /^error: unknown command 'nonsense'\n$/],
  ['run --sed 1', /^error: unknown option '--sed' \(Did you mean --seed\?\)\n$/],
  ['run more', /^error: too many arguments for 'run'\. Expected 0 arguments but got 1\.\n$/],
  ['run --only', /^error: option '--only <text>' argument missing\n$/],
  ['run --known ', /^error: option '--known <file>' is empty\n$/],
  ['replay --release 6.12 ', /^error: argument 'file' is empty\n$/],
  ['merge a ', /^error: argument 'shards' is empty\n$/],
  ['run --seed 0x7', /^error: .*'0x7' is invalid\. It takes a number from 0 to 2147483647\.\n$/],
  ['run --runs 0', /^error: .*'0' is invalid\. It takes a number from 1 to 10000000\.\n$/],
  ['run --shard 6/5', /^error: .*'6\/5' is invalid\. Write it like 2\/5, the second of five; .*\n$/],
  ['kcidb /no/run --build lab:1', /^error: required option '--origin <name>' not specified\n$/],
  ['kcidb /no/run --origin lab', /^error: say what was tested, by --build or --checkout\n$/],
  [
    'kcidb /no/run --origin lab --build lab:1',
    /^error: \/no\/run: there is no run in it \(it has no outcomes\.jsonl\)\n$/,
  ],
  ['compile --out /no/lists', /^error: --target mock: it takes a target with an agent that is as the board is, .*\n$/],
  ['image package.json --out /no/image', /^error: package\.json: is no file of lists as compile writes it\n$/],
  ['image --out /no/image', /^error: name a file of lists, or say --suites\n$/],
  ['lava /no/run', /^error: \/no\/run: there is no run in it \(it has no outcomes\.jsonl\)\n$/],
  ['run --target console:/no/log', /^error: \/no\/log: cannot be read \(ENOENT\)\n$/],
  ['merge', /^error: missing required argument 'shards'\n$/],
  ['merge /no/shard', /^error: \/no\/shard: there is no such folder\n$/],
  ['run --release six', /^error: .*'six' is invalid\. Write it like 6\.12 or 6\.12\.107\.\n$/],
  ['run --target qmeu:6.12', /^error: .*"qmeu:6\.12" is no target; understood are mock, .*\n$/],
  ['run --target mock:nobody', /^error: no host called "nobody" was recorded; there are .*\n$/],
  ['run --target qemu:/no/Image', /^error: \/no\/Image: no kernel can be read there \(ENOENT\)\n$/],
  ['probe --out /no/host.json', /^error: \/no\/host\.json: cannot be written \(ENOENT\)\n$/],
  ['citations 6.12=.', /^error: 5\.10: where is its documentation\? Add 5\.10=FOLDER; citations --help says .*\n$/],
  ['citations 6.11=.', /^error: .*'6\.11=\.' is invalid.* The recorded branches are 5\.10, .*\n$/],
  ['replay', /^error: missing required argument 'file'\n$/],
  ['replay /no/file.trace', /^error: \/no\/file\.trace: cannot be read \(ENOENT\)\n$/],
  ['replay --release six a.trace', /^error: .*'six' is invalid\. Write it like 6\.12 or 6\.12\.107\.\n$/],
  ['explain KVM_RUM', /^error: line:1: no such ioctl "KVM_RUM"; did you mean KVM_RUN\?\n$/],
  ['reproduce --syz --kselftest a.trace', /^error: option '--syz' cannot be used with option '--kselftest'\n$/],
  ['diff nothing mock', /^error: nothing: no folder of a run, no file and no recorded host is called so; .*\n$/],
  ['report package.json', /^error: package\.json: no run left its results\.json there\n$/],
  ['report --reports package.json', /^error: .*package\.json: is no folder\n$/],
  ['judge package.json', /^error: package\.json:1: this is not JSON; expected an answers\.jsonl as a run writes it\n$/],
  ['judge /no/answers.jsonl', /^error: \/no\/answers\.jsonl: cannot be read \(ENOENT\)\n$/],
]

test.concurrent.for(refusals)('%s', async ([args, line], { expect, onTestFinished }) => {
  const words = args.split(' ')
  const reports = words[0] === 'run' ? ['--reports', scratch(onTestFinished)] : []
  const { code, out, err } = await command(words[0]!, ...reports, ...words.slice(1))
  expect(err).toMatch(line)
  expect([code, out]).toEqual([2, ''])
})
