/**
 * What an agent has to answer to a line, read from PROTOCOL.md apart from the agents themselves. No slot holds
 * anything, so every call fails with EBADF, but for a look at a file, a pread before its beginning and the end of a
 * call that was never begun; a list that opens /dev/kvm is not asked for.
 */

const SIZES: Record<string, number> = { d: 0x10000, r: 0x10000, u: 0x10000, g: 0x400000, v: 0x2000, o: 0x1000 }
const MAX_LINE = 65_536,
  MAX_OPS = 4096,
  MAX_READ = 0x1000,
  MAX_READ_BACK = 0x1ff000
const EBADF = '-9',
  ESRCH = '-3',
  EINVAL = '-22'

const SLOT = '(?:0?[0-9a-f]|1[0-7])'
const ADDR = `(?:[drug]|[vo]${SLOT}):[0-9a-f]{1,16}`
const ARG = `(?:[0-9a-f]{1,16}|@${ADDR}(?:\\^[0-9a-f]{1,16})?)`
const op = (form: string): RegExp => new RegExp(`^${form}$`, 'i')
const forms = {
  call: op(
    `(?:c,${SLOT}|m,${SLOT}(?:,[0-9a-f]{1,8}(?:,[12])?)?|a,${SLOT},[0-9a-f]{1,8},[0-9a-f]{1,16},[0-9a-f]{1,16}|[ih],${SLOT},[0-9a-f]{1,8},(${ARG})(?:,${SLOT})?|j,${SLOT},[0-9a-f]{1,8},(${ARG}))`,
  ),
  begin: op(`b,${SLOT},[0-9a-f]{1,8},(${ARG}),(v${SLOT}:[0-9a-f]{1,16})`),
  end: op(`q,${SLOT}`),
  find: op(`f,(${ADDR}),${SLOT}`),
  bytes: op(`w,(${ADDR}),((?:[0-9a-f]{2})+)`),
  word: op(`p,(${ADDR}),(${ARG})`),
  eventfd: op(`e,(${ADDR}),[0-7]`),
  descriptor: op(`d,(${ADDR}),${SLOT}`),
  file: op(`r,${SLOT},([dg]:[0-9a-f]{1,16}),([0-9a-f]{1,16}),([0-9a-f]{1,16})`),
  read: op(`x,(${ADDR}),([0-9a-f]{1,16})`),
  look: op('l,([dg]:[0-9a-f]{1,16}),([0-9a-f]{1,16}),(?:[0-9a-f]{2}){1,255}'),
  timer: /^t,(?=0*[1-9])\d{1,9}$/,
  limit: op('n,[0-9a-f]{1,8}'),
}

/** AREA:OFFSET with so many bytes behind it; undefined where they do not fit. */
const place = (text: string, bytes: number): { area: string; offset: number } | undefined => {
  const area = text[0]!
  const offset = Number(`0x${text.slice(text.indexOf(':') + 1)}`)
  return 'drugvo'.includes(area) && offset + bytes <= SIZES[area]!
    ? { area: area === 'r' ? 'd' : area, offset }
    : undefined
}

const isGoodArgument = (text: string | undefined): boolean =>
  !text?.startsWith('@') || place(text.slice(1).replace(/\^.*/, ''), 0) !== undefined

/** What a list of ops answers, as a pattern; undefined where one of them is bad. */
const played = (ops: readonly string[]): string | undefined => {
  if (ops.length > MAX_OPS) return undefined
  const memory = new Map<string, number | 'pointer'>()
  let answers = '',
    calls = 0,
    readBackInAll = 0,
    hasEventfd = false,
    hasLooked = false,
    isLost = false
  const put = (text: string, bytes: readonly (number | 'pointer')[]): boolean => {
    const to = place(text, bytes.length)
    if (!to || /[ru]/i.test(text[0]!)) return false
    bytes.forEach((byte, i) => memory.set(`${to.area}${to.offset + i}`, byte))
    return true
  }
  const readBack = (text: string, size: number): boolean => {
    const from = place(text, size)
    readBackInAll += size
    if (calls === 0 || size > MAX_READ || readBackInAll > MAX_READ_BACK || !from || from.area === 'u') return false
    const bytes = Array.from(
      { length: from.area === 'v' || from.area === 'o' ? 0 : size },
      (_, i) => memory.get(`${from.area}${from.offset + i}`) ?? 0,
    )
    while (bytes.at(-1) === 0) bytes.pop()
    answers += bytes.includes('pointer') ? ':[0-9a-f]*' : `:${Buffer.from(bytes as number[]).toString('hex')}`
    return true
  }
  for (const text of ops) {
    let found
    let isGood = true
    if ((found = forms.call.exec(text))) {
      isGood = isGoodArgument(found[1]) && isGoodArgument(found[2])
      answers += ` ${EBADF}`
      calls++
    } else if ((found = forms.begin.exec(text))) {
      const word = place(found[2]!, 4)
      isGood = isGoodArgument(found[1]) && word !== undefined && word.offset % 4 === 0
      answers += ` ${EBADF}`
      calls++
    } else if (forms.end.test(text)) {
      answers += ` ${ESRCH}`
      calls++
    } else if ((found = forms.find.exec(text))) {
      isGood = place(found[1]!, 4) !== undefined && found[1]![0] !== 'u'
      // After a look that found something it may be a descriptor after all.
      isLost ||= hasEventfd && hasLooked
    } else if ((found = forms.bytes.exec(text))) {
      isGood = put(found[1]!, [...Buffer.from(found[2]!, 'hex')])
    } else if ((found = forms.word.exec(text))) {
      const value = found[2]!
      const bytes =
        value[0] === '@'
          ? Array.from({ length: 8 }, () => 'pointer' as const)
          : [...Buffer.from(value.padStart(16, '0'), 'hex').reverse()]
      isGood = isGoodArgument(value) && put(found[1]!, bytes)
    } else if ((found = forms.eventfd.exec(text))) {
      hasEventfd = true
      isGood = put(
        found[1]!,
        Array.from({ length: 4 }, () => 'pointer' as const),
      )
    } else if ((found = forms.descriptor.exec(text))) {
      isGood = put(found[1]!, [0xff, 0xff, 0xff, 0xff])
    } else if ((found = forms.file.exec(text))) {
      isGood = place(found[1]!, Number(`0x${found[2]!}`)) !== undefined
      // pread(2) looks at a negative offset before the descriptor.
      answers += ` ${BigInt(`0x${found[3]!}`) >> 63n ? EINVAL : EBADF}`
      calls++
    } else if ((found = forms.read.exec(text))) {
      isGood = readBack(found[1]!, Number(`0x${found[2]!}`))
    } else if ((found = forms.look.exec(text))) {
      const size = Number(`0x${found[2]!}`)
      hasLooked = true
      // Whatever the file holds.
      isGood =
        place(found[1]!, size) !== undefined
        && put(
          found[1]!,
          Array.from({ length: size }, () => 'pointer' as const),
        )
      answers += ' -?\\d+'
      calls++
    } else {
      isGood = forms.timer.test(text) || forms.limit.test(text)
    }
    if (!isGood) return undefined
  }
  return isLost ? '.*' : answers
}

/** The id of a `play` line, or undefined where none can be read. */
export const idOf = (line: string): string | undefined => /^play ([A-Za-z0-9_-]{1,16})(?![^ ])/.exec(line)?.[1]

/** The line without `~LEN,BACK;`, which stands for what was before it; undefined where it stands for nothing. */
const inFull = (line: string): string | undefined => {
  const [head] = /^play [A-Za-z0-9_-]{1,16}(?![^ ])/.exec(line) ?? [line]
  let whole = ''
  for (const [, said, length = '', back = '', wrong] of line
    .slice(head.length)
    .matchAll(/([^~]+)|~([0-9a-f]{1,5}),([0-9a-f]{1,5});|(~)/gi)) {
    const from = whole.length - parseInt(back, 16)
    if (wrong || from < 0 || from === whole.length || whole.length + parseInt(length, 16) > MAX_LINE) return undefined
    if (said !== undefined) whole += said
    else for (let i = 0; i < parseInt(length, 16); i++) whole += whole[from + i]!
  }
  return line.includes('~') && whole.length > MAX_LINE ? undefined : head + whole
}

/** The pattern of the whole answer to a line, which came with its newline or without. */
export const answerTo = (line: string, isWhole = true): RegExp => {
  const id = idOf(line)
  const bad = (name = '-') => new RegExp(`^bad ${name} [ -~]+$`)
  if (line.length > MAX_LINE) return bad(id)
  if (!isWhole) return bad()
  if (line === 'hello 1') return /^agent 1 \S+ \S+ \S+ \S+$/
  if (line === 'audit') return /^audit \d+ \d+ \d+ \d+$/
  if (line === 'bye') return /^bye$/
  const [, , deadline = '', ...ops] = inFull(line)?.split(' ') ?? []
  const answers = id !== undefined && /^(?=0*[1-9])\d{1,9}$/.test(deadline) ? played(ops) : undefined
  return answers === undefined ? bad(id) : new RegExp(`^done ${id}${answers}$`)
}

/** Whether the line is played on the /dev/kvm of this machine, which answers as it likes. */
export const opensKvm = (line: string): boolean => new RegExp(` k,${SLOT}( |$)`, 'i').test(inFull(line) ?? '')

/** Whether what is said of a time is so short that a slow machine may not keep it. */
export const isHurried = (line: string): boolean => /^play \S+ 0*\d{1,3}( |$)/.test(inFull(line) ?? '')
