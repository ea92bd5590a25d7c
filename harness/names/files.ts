/** Numbers of mmap(2) and fallocate(2), which a guest_memfd answers to. */

/** Of the flags of mmap(2) the type of a mapping. */
export const mapFlags = { MAP_SHARED: 1, MAP_PRIVATE: 2 } as const

/** Bits of the mode of fallocate(2) (linux/falloc.h). */
export const fallocateModes = {
  FALLOC_FL_KEEP_SIZE: 1,
  FALLOC_FL_PUNCH_HOLE: 2,
  FALLOC_FL_NO_HIDE_STALE: 4,
  FALLOC_FL_COLLAPSE_RANGE: 8,
  FALLOC_FL_ZERO_RANGE: 0x10,
  FALLOC_FL_INSERT_RANGE: 0x20,
  FALLOC_FL_UNSHARE_RANGE: 0x40,
  FALLOC_FL_WRITE_ZEROES: 0x80,
} as const
