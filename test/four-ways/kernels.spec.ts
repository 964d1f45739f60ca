// Every kernel in all ways in which the library computes (plain TypeScript, SIMD, relaxed SIMD, WebGL), with extreme values and odd
// shapes that fast-check draws. A row for each is in ./rows.
import * as fc from 'fast-check';
import type { KernelName } from '../../src/kernels';
import type { Case, Row } from './case';
import { compareWays } from './comparison';
import { rows } from './rows';
import { backendOf } from './ways';

const { seed, runs } = (globalThis as unknown as { __RXTENSOR_TEST__: { seed?: number; runs?: number } })
  .__RXTENSOR_TEST__;

/** A kernel on software WebGL takes a hundred times that of the CPU. */
const numRuns = runs ?? (typeof document === 'undefined' ? 60 : 12);

/** A page that gives no sign for longer than this is taken for dead by what runs the specs in it. */
const LONGEST_SILENCE_MS = 1000;
let lastTurn = performance.now();

async function giveTurn(): Promise<void> {
  if (performance.now() - lastTurn < LONGEST_SILENCE_MS) return;
  await new Promise((resolve) => setTimeout(resolve));
  lastTurn = performance.now();
}

async function check<K extends KernelName>(kernel: K, row: Row<K>): Promise<void> {
  const property = fc.asyncProperty(row.cases, async (drawn: Case<K>) => {
    await giveTurn();
    compareWays(kernel, row, drawn);
  });
  await fc.assert(property, { numRuns, includeErrorInReport: true, ...(seed === undefined ? {} : { seed }) });
  expect().nothing();
}

describe('in all ways alike,', () => {
  it('where there are such ways', () => {
    expect(backendOf('plain')).not.toBeNull();
    expect(backendOf('simd')).not.toBeNull();
  });

  for (const kernel of Object.keys(rows).sort() as KernelName[]) {
    it(`${kernel} computes`, () => check(kernel, rows[kernel] as Row<KernelName>));
  }
});
