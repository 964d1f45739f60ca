import * as dl from 'rxtensor';
import { programsOf } from '../../src/programs/recorded';
import { explain, recorded } from 'rxtensor/programs';
import { bothWays } from './contestants';
import { training } from './training';
import { elementwise } from './elementwise';
import { measurePairs } from '../measure';
async function main() {
  await dl.setBackend('cpu');
  for (const c of [...training, ...elementwise].filter(({ name }) => name.includes(process.argv[2]!))) {
    const { recorded: r, unrecorded } = bothWays(c);
    for (let k = 0; k < 2; k++) {
      const p = await measurePairs(r.run, unrecorded.run, 6);
      console.log(c.name, p.ours.toFixed(3), p.theirs.toFixed(3), p.paired((a, b) => b / a).toFixed(3));
    }
  }
}
void main();
