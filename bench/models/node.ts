// The suite of models in Node, run by main.ts as a process of its own from the project's folder: results go to the parent one by one.
import * as dl from 'rxtensor';
import { measurePairs } from '../measure';
import type { CaseResult } from '../result';
import { difference } from '../difference';
import type { SuiteOptions } from '../suite';
import { modelCases, type ModelCase } from './contestants';

/** What is asked for, against each peer. */
const asked: Readonly<Record<string, { readonly must: number; readonly aim: number }>> = {
  'tfjs-wasm': { must: 0.95, aim: 1.7 },
  'onnxruntime-web': { must: 0.95, aim: 1.3 },
};

/** As the specs of the models compare them. */
const TOLERANCE = 1e-2;

async function runCase(c: ModelCase, rounds: number): Promise<CaseResult> {
  const { name, peer } = c;
  const row = { name, peer, ...asked[peer]! };
  try {
    const [ours, theirs] = [await c.ours(), await c.theirs()];
    const [ourOutputs, theirOutputs] = [await ours.outputs(), await theirs.outputs()];
    const problem = ourOutputs
      .map((values, i) => difference(values, theirOutputs[i]!, TOLERANCE))
      .find((each) => each !== undefined);
    if (problem) return { ...row, problem };
    const timed = await measurePairs(ours.run, theirs.run, rounds);
    const ratio = timed.paired((a, b) => b / a);
    return { ...row, ours: timed.ours, theirs: timed.theirs, ratio, ratioOfMinima: ratio };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

const { rounds, only = '' } = JSON.parse(process.argv[2] ?? '{}') as SuiteOptions;

async function runModels(): Promise<void> {
  dl.setBackend('cpu');
  const chosen = modelCases().filter(({ name, peer }) => `${name} ${peer}`.includes(only));
  for (const each of chosen) process.send?.(await runCase(each, rounds));
}

void runModels().then(() => process.exit(0));
