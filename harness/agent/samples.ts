/** Lists and lines that every agent takes or refuses as PROTOCOL.md says: of its tests, and seeds of its fuzzer. */

/** /proc/sys/kernel/ostype */
const OSTYPE = '2f70726f632f7379732f6b65726e656c2f6f7374797065'

/** Ops that need no /dev/kvm, and what is answered after the id. */
export const goodOps: [ops: string, answer: RegExp][] = [
  ['', /^$/],
  ['c,0', /^ -9$/],
  ['i,17,ae00,0 j,0,ae00,0 c,5', /^ -9 -9 -9$/],
  ['c,0 w,d:0,0011fF x,d:0,4 x,r:1,2', /^ -9:0011ff:11ff$/],
  ['c,0 w,d:1,ff00ff0000 x,d:0,6 x,d:0,1 x,d:0,3', /^ -9:00ff00ff::00ff$/],
  ['c,0 w,g:3fffff,7f x,g:3ffffe,2', /^ -9:007f$/],
  ['c,0 w,d:ffff,01 x,d:ffff,1 x,d:10000,0', /^ -9:01:$/],
  ['c,0 p,d:10,1122334455667788 x,d:10,8', /^ -9:8877665544332211$/],
  ['c,0 w,v0:0,01 p,v0:8,1 x,v0:0,4', /^ -9:$/],
  ['w,d:0,05000000 c,0 f,d:0,3 c,3', /^ -9 -9$/],
  ['t,1000 c,0 c,0', /^ -9 -9$/],
  [`l,d:0,100,${OSTYPE} x,d:0,100 x,d:6,1`, /^ 6:4c696e75780a:$/],
  [`l,g:1000,3,${OSTYPE} x,g:1000,100`, /^ 3:4c696e$/],
  ['l,d:0,100,2f70726f632f6e6f6e65 x,d:0,100 l,d:0,1,2f70726f63 l,d:0,0,2f70726f632f76657273696f6e', /^ -2: -21 0$/],
  ['i,0,ffffffff,ffffffffffffffff,0 i,0,0,@u:ffff', /^ -9 -9$/],
  [`c,0 w,g:fff,01 ${'x,g:0,1000 '.repeat(509)}x,g:0,1000`, /^ -9(:(00){4095}01){510}$/],
]

/** Ops of which one is bad. */
export const badOps = [
  'z,0', 'k', 'k,', 'k,18', 'k,-1', 'k,000', 'k,0,0', 'i,0,ae00', 'i,0,100000000,0', 'i,0,ae00,0,18', 'i,0,ae00,0,',
  'i,0,ae00,10000000000000000', 'i,0,ae00,@d:10001', 'i,0,ae00,@e:0', 'i,0,ae00,@v18:0',
  'i,0,ae00,@v0:2001', 'i,0,ae00,@',
  'w,d:0,', 'w,d:0,0', 'w,d:0,0g', 'w,d:ffff,0000', 'w,d:10000,00', 'w,u:0,00', 'w,r:0,00', 'w,d:ffffffffffffffff,00',
  'p,d:fff9,0', 'p,u:0,0', 'p,r:0,0', 'p,d:0', 'x,d:0,1', 'c,0 x,d:0,1001', 'c,0 x,d:ffff,2',
  'c,0 x,u:0,1', 'c,0 x,d:0',
  'l,d:0,1', 'l,d:0,1,', 'l,d:0,1,2', 'l,r:0,1,2f', 'l,v0:0,1,2f', 'l,d:ffff,2,2f', 'l,g:0,400001,2f', 'l,d:0,,2f',
  `l,d:0,1,${'2f'.repeat(256)}`,
  'f,d:0', 'f,d:fffd,0', 't', 't,', 't,0', 't,a', 't,1000000000', 'c,0  c,0', 'c,0 ', ' c,0', 'c,0\tc,0',
  'c,0\0', 'c,0\r',
  `${'c,0 '.repeat(512)}c,0`,
]

/** Bad lines, and the id that the answer names. */
export const badLines: [line: string, id: string][] = [
  ['', '-'], ['\0', '-'], ['play', '-'], ['play ', '-'], ['play  c,0', '-'], ['play a', 'a'], ['play a c,0', 'a'],
  ['play a -1 c,0', 'a'], ['play a 0 c,0', 'a'], ['play a 1000000000 c,0', 'a'], ['play a/ 1 c,0', '-'],
  ['play abcdefghijklmnopq 1 c,0', '-'], ['PLAY a 1 c,0', '-'], ['audit ', '-'], [' bye', '-'], ['é', '-'],
  ['x'.repeat(65_537), '-'], [`play a 1000 c,0${' '.repeat(65_536)}`, 'a'],
]
