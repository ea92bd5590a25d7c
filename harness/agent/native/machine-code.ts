/**
 * The only machine code of ours, in rows of bytes and what they say: it makes system calls from records and gives back
 * what the kernel said, −errno too, where libc's errno would be overwritten before JavaScript sees it.
 */

/** A row of code: its bytes in hex, as they lie in memory, and the same for an assembler. */
export type Row = readonly [bytes: string, assembly: string]

/** Rows, and the labels where code can be entered. */
export interface Code {
  rows: readonly Row[]
  entries: { run: string; fork: string; onSignal: string; restorer?: string }
}

/*
 * A record has eight 64-bit words: the number, six arguments, the result. run(records, count) makes the calls in order.
 * fork(records, count) makes them in a new process, another mm, that ends after the last of them, and gives its pid or
 * −errno: nothing else may run in a copy of a process that has threads.
 */
const x64: Code = {
  entries: { run: 'run', fork: 'fork', onSignal: 'on_signal', restorer: 'restorer' },
  rows: [
    ['', 'run:'],
    ['53', 'push %rbx'],
    ['4154', 'push %r12'],
    ['4889fb', 'mov %rdi, %rbx'],
    ['4989f4', 'mov %rsi, %r12'],
    ['', 'again:'],
    ['4d85e4', 'test %r12, %r12'],
    ['742a', 'jz out'],
    ['488b03', 'mov (%rbx), %rax'],
    ['488b7b08', 'mov 8(%rbx), %rdi'],
    ['488b7310', 'mov 16(%rbx), %rsi'],
    ['488b5318', 'mov 24(%rbx), %rdx'],
    ['4c8b5320', 'mov 32(%rbx), %r10'],
    ['4c8b4328', 'mov 40(%rbx), %r8'],
    ['4c8b4b30', 'mov 48(%rbx), %r9'],
    ['0f05', 'syscall'],
    ['48894338', 'mov %rax, 56(%rbx)'],
    ['4883c340', 'add $64, %rbx'],
    ['49ffcc', 'dec %r12'],
    ['ebd1', 'jmp again'],
    ['', 'out:'],
    ['415c', 'pop %r12'],
    ['5b', 'pop %rbx'],
    ['', 'on_signal:'],
    ['c3', 'ret'],
    ['', 'fork:'],
    ['53', 'push %rbx'],
    ['4154', 'push %r12'],
    ['4889fb', 'mov %rdi, %rbx'],
    ['4989f4', 'mov %rsi, %r12'],
    ['b838000000', 'mov $56, %eax'], // clone
    ['bf11000000', 'mov $17, %edi'], // SIGCHLD
    ['31f6', 'xor %esi, %esi'],
    ['31d2', 'xor %edx, %edx'],
    ['4531d2', 'xor %r10d, %r10d'],
    ['4531c0', 'xor %r8d, %r8d'],
    ['0f05', 'syscall'],
    ['4885c0', 'test %rax, %rax'],
    ['75d8', 'jnz out'],
    ['4889df', 'mov %rbx, %rdi'],
    ['4c89e6', 'mov %r12, %rsi'],
    ['e895ffffff', 'call run'],
    ['31ff', 'xor %edi, %edi'],
    ['b8e7000000', 'mov $231, %eax'], // exit_group
    ['0f05', 'syscall'],
    ['', 'restorer:'],
    ['b80f000000', 'mov $15, %eax'], // rt_sigreturn: x86 has no other way back from a handler
    ['0f05', 'syscall'],
  ],
}

const arm64: Code = {
  entries: { run: 'run', fork: 'fork', onSignal: 'out' },
  rows: [
    ['', 'run:'],
    ['e90300aa', 'mov x9, x0'],
    ['ea0301aa', 'mov x10, x1'],
    ['', 'again:'],
    ['4a0100b4', 'cbz x10, out'],
    ['280140f9', 'ldr x8, [x9]'],
    ['208540a9', 'ldp x0, x1, [x9, #8]'],
    ['228d41a9', 'ldp x2, x3, [x9, #24]'],
    ['249542a9', 'ldp x4, x5, [x9, #40]'],
    ['010000d4', 'svc #0'],
    ['201d00f9', 'str x0, [x9, #56]'],
    ['29010191', 'add x9, x9, #64'],
    ['4a0500d1', 'sub x10, x10, #1'],
    ['f7ffff17', 'b again'],
    ['', 'out:'],
    ['c0035fd6', 'ret'],
    ['', 'fork:'],
    ['e90300aa', 'mov x9, x0'],
    ['ea0301aa', 'mov x10, x1'],
    ['881b80d2', 'mov x8, #220'], // clone
    ['200280d2', 'mov x0, #17'], // SIGCHLD
    ['010080d2', 'mov x1, #0'],
    ['020080d2', 'mov x2, #0'],
    ['030080d2', 'mov x3, #0'],
    ['040080d2', 'mov x4, #0'],
    ['010000d4', 'svc #0'],
    ['c0feffb5', 'cbnz x0, out'],
    ['ebffff97', 'bl again'],
    ['000080d2', 'mov x0, #0'],
    ['c80b80d2', 'mov x8, #94'], // exit_group
    ['010000d4', 'svc #0'],
  ],
}

/** The code for each architecture that Node and KVM share here. */
export const machineCode: Readonly<Record<string, Code>> = { x64, arm64 }

/** Where the labels of the code lie, in bytes from its start. */
export const labelsOf = ({ rows }: Code): Record<string, number> => {
  const labels: Record<string, number> = {}
  let at = 0
  for (const [bytes, assembly] of rows) {
    if (assembly.endsWith(':')) labels[assembly.slice(0, -1)] = at
    at += bytes.length / 2
  }
  return labels
}
