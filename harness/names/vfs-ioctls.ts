/**
 * The ioctls that the VFS answers for every file (fs/ioctl.c, do_vfs_ioctl), before a driver such as KVM is asked:
 * linux/fs.h, asm-generic/ioctls.h.
 */
export const vfsIoctls = {
  FIBMAP: 0x1,
  FIGETBSZ: 0x2,
  FIONREAD: 0x541b,
  FIONBIO: 0x5421,
  FIONCLEX: 0x5450,
  FIOCLEX: 0x5451,
  FIOASYNC: 0x5452,
  FIOQSIZE: 0x5460,
  FIFREEZE: 0xc0045877,
  FITHAW: 0xc0045878,
  FICLONE: 0x40049409,
  FICLONERANGE: 0x4020940d,
  FIDEDUPERANGE: 0xc0189436,
  FS_IOC_FIEMAP: 0xc020660b,
  FS_IOC_GETFLAGS: 0x80086601,
  FS_IOC_SETFLAGS: 0x40086602,
  FS_IOC_FSGETXATTR: 0x801c581f,
  FS_IOC_FSSETXATTR: 0x401c5820,
  FS_IOC_GETFSUUID: 0x80111500,
  FS_IOC_GETFSSYSFSPATH: 0x80811501,
} as const
