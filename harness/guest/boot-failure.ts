/** What to check where a guest did not come up, by what its console said. */

const silent =
  'check that the file is a whole kernel, that the cpu knows its page size, and that it has '
  + 'CONFIG_SERIAL_AMBA_PL011_CONSOLE; append=earlycon shows more'

const causes: [says: RegExp, check: string][] = [
  [
    /Unable to mount root fs|No working init found|Failed to execute \/(init|first)/,
    'check that it has CONFIG_BLK_DEV_INITRD, CONFIG_RD_GZIP and CONFIG_BINFMT_ELF',
  ],
  [/Initramfs unpacking failed/, 'check that it has CONFIG_RD_GZIP and enough memory (mem=2G)'],
  [/cannot mount \/dev/, 'check that it has CONFIG_DEVTMPFS'],
  [/cannot mount \/proc|cannot mount \/sys/, 'check that it has CONFIG_PROC_FS and CONFIG_SYSFS'],
  [/no virtio port/, 'check that it has CONFIG_PCI_HOST_GENERIC, CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_CONSOLE built in'],
]

/** The end of a console in one line, with what to check where it tells. */
export const lastWords = (console: string): string => {
  const lines = console.trim()
  if (lines === '') return `its console stayed empty: ${silent}`
  const check = causes.find(([says]) => says.test(lines))?.[1]
  const end = `its console ended: ${lines.split('\n').slice(-3).join(' | ')}`
  return check === undefined ? end : `${end}; ${check}`
}
