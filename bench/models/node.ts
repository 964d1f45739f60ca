// The suite of models in Node, run by main.ts as a process of its own from the project's folder: results go to the parent one by one.
import * as dl from 'rxtensor';
import { difference } from '../difference';
import { measurePairs } from '../measure';
import { isChosen, type ModelResult, type ModelSuiteOptions, type OnceResult } from './case';
import { runPackage } from './run-package';
import { graphCase, modelCases, tensorFlowWasm, type ModelCase } from './contestants';

/** As the specs of the models compare them. */
const TOLERANCE = 1e-2;
/** Runs behind the first, in which a program is recorded and compiled. */
const RUNS = 6;
/** A model is timed for so long at most. */
const MOST_MS = 1000;

async function runCase(c: ModelCase, rounds: number): Promise<ModelResult> {
  const { name, peer } = c;
  const row = { kind: 'a run', name, peer } as const;
  try {
    const [ours, theirs] = [await c.ours(), await c.theirs()];
    const wanted = await theirs.outputs();
    for (let run = 0; run < RUNS; run++) {
      // The last of them as a program.
      const found = await ours.outputs();
      const problem = found
        .map((values, i) => difference(values, wanted[i]!, TOLERANCE))
        .find((each) => each !== undefined);
      if (problem) return { ...row, problem };
      await ours.run();
      await theirs.run();
    }
    const timed = await measurePairs(ours.run, theirs.run, rounds, MOST_MS);
    return { ...row, ours: timed.ours, theirs: timed.theirs, ratio: timed.paired((a, b) => b / a) };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Loads one side of a model, runs it some times, and tells of memory. */
async function runOnce({ name, side }: NonNullable<ModelSuiteOptions['once']>): Promise<OnceResult> {
  // The only one that is read: others would leave memory in which this one could live.
  const c = graphCase(name);
  // Of neither library the code counts: ours is ready, too.
  if (side === 'theirs') await tensorFlowWasm();
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  const start = performance.now();
  const loaded = await c[side]();
  await loaded.first();
  const first = performance.now() - start;
  for (let run = 0; run < RUNS; run++) await loaded.run();
  return { first, bytes: 1024 * process.resourceUsage().maxRSS - rss };
}

const { rounds, only = '', once, package: one } = JSON.parse(process.argv[2] ?? '{}') as ModelSuiteOptions;

async function runModels(): Promise<void> {
  dl.setBackend('cpu');
  if (once) {
    process.send?.(await runOnce(once));
    return;
  }
  if (one) {
    process.send?.(await runPackage(one));
    return;
  }
  const chosen = modelCases().filter(({ name, peer }) => isChosen(only, `${name} ${peer}`));
  for (const each of chosen) process.send?.(await runCase(each, rounds));
}

void runModels().then(() => process.exit(0));
