// Every op against TensorFlow.js, with arguments that fast-check draws. A row for each is in ./rows.
import * as fc from 'fast-check';
import * as moreOps from 'rxtensor/ops';
import { toleranceHere, TOLERANCE } from '../support/close';
import { opNames } from '../support/op-names';
import { compareGradients, compareResults } from './comparison';
import type { Argument } from './operand';
import { rows, withoutOracle } from './rows';
import { GRADIENT_TOLERANCE } from './tolerance';

const { backend, seed, runs } = (
  globalThis as unknown as { __RXTENSOR_TEST__: { backend: string; seed?: number; runs?: number } }
).__RXTENSOR_TEST__;

/** A kernel on software WebGL takes a hundred times that of the CPU. */
const numRuns = runs ?? (backend === 'webgl' ? 10 : 30);

/** A page that gives no sign for longer than this is taken for dead by what runs the specs in it. */
const LONGEST_SILENCE_MS = 1000;
let lastTurn = performance.now();

async function giveTurn(): Promise<void> {
  if (performance.now() - lastTurn < LONGEST_SILENCE_MS) return;
  await new Promise((resolve) => setTimeout(resolve));
  lastTurn = performance.now();
}

/** Draws arguments; a failure is shrunk, and reported with the seed and path that repeat it. */
async function check(
  args: fc.Arbitrary<readonly Argument[]>,
  compare: (args: readonly Argument[]) => void,
): Promise<void> {
  const property = fc.asyncProperty(args, async (drawn) => {
    await giveTurn();
    compare(drawn);
  });
  await fc.assert(property, {
    numRuns,
    includeErrorInReport: true,
    ...(seed === undefined ? {} : { seed }),
  });
  expect().nothing();
}

describe('the differential table', () => {
  it('has a row or a reason for every op there is', () => {
    const known = new Set([
      ...Object.entries(rows).map(([name, { op }]) => op ?? name),
      ...Object.keys(withoutOracle),
    ]);
    const all = [...opNames, ...Object.keys(moreOps)];
    expect(all.filter((name) => !known.has(name)).join(' ')).toBe('');
    expect([...known].filter((name) => !all.includes(name)).join(' ')).toBe('');
  });
});

describe('as TensorFlow.js,', () => {
  for (const [name, row] of Object.entries(rows)) {
    it(`${name} computes`, () =>
      check(row.args, (args) => compareResults(name, row, args, toleranceHere(row.tolerance ?? TOLERANCE))));
    if ('none' in row.gradient) continue;
    const { gradient } = row;
    it(`${name} is differentiated`, () =>
      check(gradient, (args) =>
        compareGradients(name, row, args, toleranceHere(row.gradientTolerance ?? GRADIENT_TOLERANCE)),
      ));
  }
});
