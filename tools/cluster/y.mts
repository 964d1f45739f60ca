import { chaosRun, drawFaults } from './chaos';
let s = Number(process.argv[2] ?? 1);
const random = () => {
  s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
  return s / 2 ** 32;
};
const faults = process.argv[4]
  ? (process.argv[4].split(' ').map((x) => x.split('+')) as any)
  : drawFaults(random, Number(process.argv[3] ?? 7), 0);
const out = await chaosRun(random, 'chaos', faults);
console.log(out.log.join('\n'), out.counts, out.troubles.slice(0, 8), out.seconds);
