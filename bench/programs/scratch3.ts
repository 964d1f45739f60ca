import * as dl from 'rxtensor';
import { bothWays } from './contestants';
import { training } from './training';
import { elementwise } from './elementwise';
async function main() {
  await dl.setBackend('cpu');
  const c = [...training, ...elementwise].find(({ name }) => name.includes(process.argv[2]!))!;
  const { recorded: r } = bothWays(c);
  const N = Number(process.argv[3]);
  for (let i = 0; i < N; i++) r.run();
  const s = performance.now();
  for (let i = 0; i < N; i++) r.run();
  console.log(((performance.now() - s) / N) * 1000, 'µs');
}
void main();
