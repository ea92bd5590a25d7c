/** `completion`: a script by which a shell completes the commands, their options and values. */
import { Argument, Command } from 'commander'
import { forBash } from './completion/bash.ts'
import { forFish } from './completion/fish.ts'
import { treeOf, type Tree } from './completion/tree.ts'
import { forZsh } from './completion/zsh.ts'
import { leave, screen } from './terminal.ts'

/** By the shell's name. */
export const shells = { bash: forBash, zsh: forZsh, fish: forFish } satisfies Record<string, (tree: Tree) => string>

/** `whole`: the program with all of its commands. */
export const completion = (whole: () => Promise<Command>): Command =>
  new Command('completion')
    .description('print a script by which a shell completes commands, options and values')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(shells)))
    .addHelpText(
      'after',
      `
  source <(kvm-arm64-abi completion bash)      in ~/.bashrc
  source <(kvm-arm64-abi completion zsh)       in ~/.zshrc, after compinit
  kvm-arm64-abi completion fish | source       in ~/.config/fish/config.fish
Where kvm-arm64-abi is no command yet: alias kvm-arm64-abi='node PATH/harness/bin.js' before that.`,
    )
    .action(async (shell: keyof typeof shells) => {
      screen.write(shells[shell](treeOf(await whole())))
      leave(0)
    })
