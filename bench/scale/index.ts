import * as dl from 'rxtensor';
import type { ScaleCase, ScalePoint, ScaleResult } from './case';
import { scaleCases } from './cases';

export interface ScaleOptions {
  readonly rounds: number;
  /** Only the cases whose name holds this. */
  readonly only?: string;
}

/** Times each case at each of its sizes. */
export async function runScaleSuite(
  { rounds, only = '' }: ScaleOptions,
  report: (result: ScaleResult) => void,
): Promise<void> {
  dl.setBackend('cpu');
  for (const each of scaleCases.filter(({ name }) => name.includes(only)))
    report(await runCase(each, rounds));
}

async function runCase({ name, unit, sizes, prepare }: ScaleCase, rounds: number): Promise<ScaleResult> {
  const points: ScalePoint[] = [];
  for (const size of sizes) {
    let ms = Infinity;
    for (let round = 0; round < rounds; round++) {
      const { run, clean } = await prepare(size);
      const start = performance.now();
      await run();
      ms = Math.min(ms, performance.now() - start);
      clean?.();
    }
    points.push({ size, ms });
  }
  const [before, last] = points.slice(-2) as [ScalePoint, ScalePoint];
  return { name, unit, points, power: Math.log(last.ms / before.ms) / Math.log(last.size / before.size) };
}
