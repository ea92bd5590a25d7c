/** What every call that makes a descriptor is refused where the process may have no more of them. */
import type { Citation, Refusal } from '../../model/rule.ts'

/** `parts`: what differs for the ioctl. */
export const noFreeDescriptor = (cite: Citation, parts: Partial<Refusal<any>> = {}): Refusal<any> => ({
  why: 'no free descriptor',
  says: 'The process may open no more descriptors: RLIMIT_NOFILE.',
  cite,
  errno: 'EMFILE',
  when: (_here, _arg, by) => by.noFd === true,
  ...parts,
})
