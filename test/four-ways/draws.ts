import * as fc from 'fast-check';

const { seed, runs } = (globalThis as unknown as { __RXTENSOR_TEST__: { seed?: number; runs?: number } })
  .__RXTENSOR_TEST__;

/** A kernel on software WebGL takes a hundred times that of the CPU. */
const numRuns = runs ?? (typeof document === 'undefined' ? 20 : 3);

/** A page that gives no sign for longer than this is taken for dead by what runs the specs in it. */
const LONGEST_SILENCE_MS = 1000;
let lastTurn = performance.now();

async function giveTurn(): Promise<void> {
  if (performance.now() - lastTurn < LONGEST_SILENCE_MS) return;
  await new Promise((resolve) => setTimeout(resolve));
  lastTurn = performance.now();
}

/** Draws as many as this run asks for; a failure is shrunk, and reported with the seed and path that repeat it; some are drawn several times as often. */
export async function checkDraws<T>(
  cases: fc.Arbitrary<T>,
  compare: (drawn: T) => void | Promise<void>,
  times = 1,
): Promise<void> {
  const property = fc.asyncProperty(cases, async (drawn) => {
    await giveTurn();
    await compare(drawn);
  });
  await fc.assert(property, {
    numRuns: numRuns * times,
    includeErrorInReport: true,
    ...(seed === undefined ? {} : { seed }),
  });
  expect().nothing();
}
