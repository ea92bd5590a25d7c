/** ESR_ELx: why an exception was taken (arch/arm64/include/asm/esr.h). */

/** The class of the exception, an instruction of 32 bits, and more about it. */
export const syndrome = (exceptionClass: number, more: number): bigint =>
  (BigInt(exceptionClass) << 26n) | (1n << 25n) | BigInt(more)
