/** Which public models a run compares, and how far their values may be from those of their own runtime. */

interface ModelRun {
  /** How many models are compared; all if left out. */
  readonly models?: number;
  /** The day that chooses them, counted from 1970. */
  readonly day?: number;
}

/** Some of the models, which change from day to day: --flags models=N,day=D repeats a choice. All unless a number is given. */
export function chosen(what: string, all: readonly string[]): readonly string[] {
  const { models, day = Math.floor(Date.now() / 86_400_000) } = (
    globalThis as unknown as { __RXTENSOR_TEST__: ModelRun }
  ).__RXTENSOR_TEST__;
  const count = Math.min(models ?? all.length, all.length);
  const names = Array.from({ length: count }, (_, i) => all[(day * count + i) % all.length]!);
  console.log(
    `${count} of ${all.length} ${what}, chosen by --flags models=${count},day=${day}: ${names.join(', ')}`,
  );
  return names;
}

/** How far a value may be from the other runtime's, relative to the greatest of its output. */
export const TOLERANCE = 1e-3;

/** The greatest difference, relative to the greatest value that is wanted. */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  let [greatest, farthest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i]! - wanted[i]!);
    if (!(off <= farthest)) farthest = off;
    greatest = Math.max(greatest, Math.abs(wanted[i]!));
  }
  return greatest === 0 ? farthest : farthest / greatest;
}
