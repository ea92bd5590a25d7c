/** What text and page of the book say in the same words. */
import type { Mail } from '../../harness/model/dialect.ts'
import { many } from '../run/words.ts'

/** What a dialect leaves of an ioctl that shipped, a sentence each; none of an ioctl that is the dialect's alone. */
export const asShipped = ({ kept = 0, gone = [] }: { kept?: number; gone?: readonly string[] }): string[] => [
  ...(kept > 0 ? [`${many(kept, 'more rule')} as ${kept === 1 ? 'it' : 'they'} shipped.`] : []),
  ...(gone.length > 0 ? [`Of what shipped it does not answer ${gone.join(', ')}.`] : []),
]

/** `2019-03-07 Dave Martin, "Re: [PATCH 1/2] …"` */
export const mailInWords = ({ date, from, subject }: Mail): string =>
  `${date} ${from}${subject === undefined ? '' : `, "${subject}"`}`
