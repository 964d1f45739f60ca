/** `npm run test:models` compares all public models; `npm test` a few, which change from day to day: --flags models=N,day=D repeats a choice. */

interface ModelRun {
  /** How many models are compared; all if left out. */
  readonly models?: number;
  /** The day that chooses them, counted from 1970. */
  readonly day?: number;
}

/** Those that are compared in this run. */
export function chosenToday<T>(all: readonly T[], what: string, nameOf: (each: T) => string): T[] {
  const { models, day = Math.floor(Date.now() / 86_400_000) } = (
    globalThis as unknown as { __RXTENSOR_TEST__: ModelRun }
  ).__RXTENSOR_TEST__;
  const count = Math.min(models ?? all.length, all.length);
  const chosen = Array.from({ length: count }, (_, i) => all[(day * count + i) % all.length]!);
  console.log(
    `${count} of ${all.length} ${what}, chosen by --flags models=${count},day=${day}: ${chosen.map(nameOf).join(', ')}`,
  );
  return chosen;
}

/** How far values may be from those of a model's own runtime, relative to the greatest of its output. */
export const TOLERANCE = 1e-3;

export function distance(found: ArrayLike<number>, wanted: readonly number[]): number {
  let [greatest, farthest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i]! - wanted[i]!);
    if (!(off <= farthest)) farthest = off;
    greatest = Math.max(greatest, Math.abs(wanted[i]!));
  }
  return greatest === 0 ? farthest : farthest / greatest;
}
