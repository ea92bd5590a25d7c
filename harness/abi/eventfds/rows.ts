/** What is wrong with a descriptor that should be an eventfd. */
import { isNoDescriptor, isOtherFile, type DescriptorNumber } from '../../model/descriptor-number.ts'
import type { Refusal } from '../../model/rule.ts'

/**
 * Rows about the descriptor that `fd` finds in an argument; undefined: the argument has none. `none`, `another`: their
 * keys.
 */
export const badEventfd = <Arg>(
  name: string,
  fd: (arg: Arg) => DescriptorNumber | undefined,
  {
    none,
    another,
    ...rest
  }: Pick<Refusal<Arg>, 'cite' | 'of' | 'text'> & Record<'none' | 'another', Pick<Refusal<Arg>, 'why'>>,
): Refusal<Arg>[] => {
  const is = (kind: (value: DescriptorNumber) => boolean) => (_: unknown, arg: Arg) => {
    const value = fd(arg)
    return value !== undefined && kind(value)
  }
  return [
    {
      ...rest,
      ...none,
      says: `${name} is a descriptor of this process.`,
      errno: 'EBADF',
      of: { ...rest.of, [name]: 'none' },
      when: is(isNoDescriptor),
    },
    {
      ...rest,
      ...another,
      says: `${name} is an eventfd.`,
      errno: 'EINVAL',
      of: { ...rest.of, [name]: 'another file' },
      when: is(isOtherFile),
    },
  ]
}
