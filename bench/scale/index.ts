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

/** Runs that are not counted: code is compiled while it runs. */
const WARM_UPS = 5;

/** Milliseconds of one run. What earlier ones left is collected first, so that none pays for another. */
async function timeOf(prepare: ScaleCase['prepare'], size: number): Promise<number> {
  const { run, clean } = await prepare(size);
  globalThis.gc?.();
  const start = performance.now();
  await run();
  const ms = performance.now() - start;
  clean?.();
  return ms;
}

async function runCase({ name, unit, sizes, prepare }: ScaleCase, rounds: number): Promise<ScaleResult> {
  for (let i = 0; i < WARM_UPS; i++) await timeOf(prepare, sizes[0]!);
  const least = new Map(sizes.map((size) => [size, Infinity]));
  // Size by size, so that what disturbs one round meets all of them.
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) least.set(size, Math.min(least.get(size)!, await timeOf(prepare, size)));
  }
  const points = sizes.map((size) => ({ size, ms: least.get(size)! }));
  return { name, unit, points, power: powerOf(points) };
}

/** The slope of the line of least squares through the logarithms of size and time. */
function powerOf(points: readonly ScalePoint[]): number {
  const mean = (of: (point: ScalePoint) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = ({ size }: ScalePoint): number => Math.log(size);
  const y = ({ ms }: ScalePoint): number => Math.log(ms);
  const [meanX, meanY] = [mean(x), mean(y)];
  return mean((point) => (x(point) - meanX) * (y(point) - meanY)) / mean((point) => (x(point) - meanX) ** 2);
}
