/**
 * An agent that lies: `node liar.js LIE [LISTS]` tells the truth for so many lists, then it lies. Where it tells the
 * truth no slot holds anything, so every call fails with EBADF. Plain JavaScript, so that it starts fast.
 */
import { closeSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [lie, lists = '0'] = process.argv.slice(2)
const MEBIBYTE = 'x'.repeat(1 << 20)

const say = (text) => {
  for (let rest = Buffer.from(text, 'latin1'); rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // The other end is slow, or has heard enough.
      if (error.code !== 'EAGAIN') process.exit(0)
    }
  }
}

const greeting = 'agent 1 liar 6.12.0 #1 aarch64\n'
const truth = ({ id, ops }) => {
  let answers = ''
  for (const op of ops) answers += 'kijhc'.includes(op[0]) ? ' -9' : op[0] === 'x' ? ':' : ''
  return `done ${id}${answers}\n`
}
const end = (code, words = '') => {
  writeSync(2, words)
  process.exit(code)
}

/** What is said to hello, where that is another thing. */
const greetings = {
  'greets twice': () => say(greeting + greeting),
  'ends after its greeting': () => {
    say(greeting)
    end(0)
  },
  'greets in another language': () => say('HTTP/1.1 400 Bad Request\n'),
  'greets with a line without end': () => {
    for (;;) say(MEBIBYTE)
  },
  'says nothing at all': () => undefined,
  'says done before anything is played': () => say(`${greeting}done abc 0\n`),
}

/** What is said to a list; `held` are the lists before that were left without an answer. */
const held = []
const lies = {
  'never answers': () => undefined,
  dies: () => end(7),
  'dies with a panic': () => end(1, '[   1.0] Kernel panic - not syncing: liar\n'),
  'answers too little': (list) => say(truth(list).replace(/ [^ ]*\n$/, '\n')),
  'answers too much': (list) => say(truth(list).replace('\n', ' 0\n')),
  'gives data where none was asked for': (list) => say(truth(list).replace(' -9', ' -9:00:00:00')),
  'gives no data where some was asked for': (list) => say(truth(list).replaceAll(':', '')),
  'answers another list': (list) => say(truth({ ...list, id: 'another' })),
  'answers out of order': (list) => {
    held.push(list)
    const release = () => say(held.splice(0).reverse().map(truth).join(''))
    // One that comes alone has no order.
    if (held.length === 2) release()
    else setTimeout(release, 300)
  },
  'answers twice': (list) => say(truth(list) + truth(list)),
  'says bytes of every kind': () =>
    say(`${String.fromCharCode(...Array.from({ length: 256 }, (_, i) => (i * 7 + 11) % 256))}\n`),
  'says 100 MB without a newline': () => {
    for (let n = 0; n < 100; n++) say(MEBIBYTE)
  },
  'says a line without end': () => {
    for (;;) say(MEBIBYTE)
  },
  'logs without end': ({ id }) => {
    for (;;) say(`log ${id} 6,again%20and%20again\n`)
  },
  'answers a number of 100 digits': (list) => say(truth(list).replace('-9', '9'.repeat(100))),
  'answers half a byte': (list) => say(truth(list).replace(' -9', ' -9:abc')),
  'is killed by signal 0': ({ id }) => say(`died ${id} 0\n`),
  'is killed by no signal': ({ id }) => say(`died ${id} SIGSEGV\n`),
  'ends its output alone': () => {
    if (played === Number(lists) + 1) closeSync(1)
  },
  'says 100 MB to stderr': (list) => {
    for (let n = 0; n < 100; n++) writeSync(2, MEBIBYTE)
    say(truth(list))
  },
  'says its answers byte by byte': (list) => {
    for (const byte of truth(list)) say(byte)
  },
}

if (!(lie in greetings) && !(lie in lies)) end(64, `there is no lie "${lie}"\n`)
let played = 0
createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (line) => {
  const [word, id, , ...ops] = line.split(' ')
  if (word === 'hello') return (greetings[lie] ?? (() => say(greeting)))()
  if (word === 'bye') return end(0)
  if (word !== 'play') return say('bad - what\n')
  if (lie in lies && played++ >= Number(lists)) return lies[lie]({ id, ops })
  say(truth({ id, ops }))
})
// It stays, whatever becomes of its input.
setInterval(() => undefined, 1 << 30)
