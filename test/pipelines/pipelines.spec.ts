// Random pipelines of tensors, against the same pipelines of numbers. What a failure prints repeats it:
//   npm run test:pipelines -- --seed SEED --flags path=PATH
import * as fc from 'fast-check';
import { scenario } from './arbitraries';
import { peakBound } from './bound';
import type { Scenario } from './description';
import { runPlain, runTensors } from './runs';

const { backend, seed, pipelines, path } = (
  globalThis as unknown as {
    __RXTENSOR_TEST__: { backend: string; seed?: number; pipelines?: number; path?: string };
  }
).__RXTENSOR_TEST__;

/** A kernel on software WebGL takes a hundred times that of the CPU. */
const numRuns = pipelines ?? (backend === 'webgl' ? 60 : 500);

async function check(drawn: Scenario): Promise<void> {
  // A copy, in which no two parts are the same object.
  const copy = JSON.parse(JSON.stringify(drawn)) as Scenario;
  const plain = await runPlain(copy);
  fc.pre(plain !== null);
  const tensors = await runTensors(copy);
  const wrong = [
    ...tensors.leaks.map((leak) => `left behind: ${leak}`),
    ...tensors.freedEarly.map((tensor) => `freed early: ${tensor}`),
    ...tensors.unhandled.map((error) => `nobody heard: ${error}`),
  ];
  const [found, wanted] = [tensors.seen, plain.seen].map((seen) => JSON.stringify(seen));
  if (found !== wanted) wrong.push(`tensors gave ${found}`, `numbers gave ${wanted}`);
  if (tensors.heldTensors > plain.heldTensors) {
    wrong.push(
      `${tensors.heldTensors} tensors were alive between emissions; the operators hold ${plain.heldTensors} at most`,
    );
  }
  const bound = peakBound(copy, plain);
  if (tensors.peakTensors > bound)
    wrong.push(`${tensors.peakTensors} tensors were alive at once; the bound is ${bound}`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

describe('random pipelines', () => {
  it(`of tensors give what those of numbers do, hold what they say and leave nothing (${numRuns} of them)`, async () => {
    await fc.assert(fc.asyncProperty(scenario, check), {
      numRuns,
      ...(seed === undefined ? {} : { seed }),
      ...(path === undefined ? {} : { path, endOnFailure: true }),
      includeErrorInReport: true,
    });
    expect().nothing();
  });
});
