/** The QEMU that emulates a machine. */
export interface Emulator {
  version: string
  /** How a guest was started: the program and its arguments. */
  command: string[]
}
