import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as dl from 'rxtensor';
import type { Prepared } from '../cases/case';
import { difference } from '../difference';
import type { Library } from '../library';
import { measurePairs } from '../measure';
import { milliseconds } from '../milliseconds';
import type { SuiteOptions } from '../suite';
import { verdictOf, type Against, type ProgramCase, type ProgramResult } from './case';
import { bothWays, plain } from './contestants';
import { elementwise } from './elementwise';
import { figures } from './figures';
import { passEffects, type PassEffect } from './passes';
import { training } from './training';

const DEFAULT_TOLERANCE = 2e-5;

export const cases: readonly ProgramCase[] = [...training, ...elementwise];

async function preparePeer(c: ProgramCase, { contestant, prepare }: Against): Promise<Prepared> {
  if (prepare) return prepare();
  await tf.setBackend(contestant === 'tfjs-wasm' ? 'wasm' : 'cpu');
  await tf.ready();
  return plain(c, tf as unknown as Library);
}

/** The results of a peer that calls once, beside the first of ours. */
function differenceOf(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  tolerance: number,
): string | undefined {
  return difference(Array.from(ours).slice(0, theirs.length), theirs, tolerance);
}

/** What {@link runLine} found, and the ratio itself, for the mean of several lines. */
interface Line {
  readonly result: ProgramResult;
  readonly ratio: number | null;
}

/** The geometric mean of the chains that were drawn, of which something is asked, not of each. */
function meanOfDrawn(ratios: readonly number[], { contestant, must, aim }: Against): ProgramResult {
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  return {
    name: `the ${ratios.length} drawn chains, geometric mean`,
    against: contestant,
    must: `×${must}`,
    aim: `×${aim}`,
    found: `×${mean.toFixed(2)}`,
    verdict: verdictOf(mean, must, aim),
  };
}

async function runLine(c: ProgramCase, against: Against, rounds: number): Promise<Line> {
  const { must, aim, contestant } = against;
  const asked = c.isDrawn ? { must: '', aim: '' } : { must: `×${must}`, aim: `×${aim}` };
  const row = { name: c.name, against: contestant, ...asked };
  try {
    const { recorded, unrecorded } = bothWays(c);
    const theirs = contestant === 'unrecorded' ? unrecorded : await preparePeer(c, against);
    const problem = differenceOf(recorded.check(), theirs.check(), c.tolerance ?? DEFAULT_TOLERANCE);
    if (problem) return { result: { ...row, problem }, ratio: null };
    const pairs = await measurePairs(recorded.run, theirs.run, rounds);
    const ratio = pairs.paired((a, b) => b / a);
    const result = {
      ...row,
      found: `×${ratio.toFixed(2)}`,
      ours: `${milliseconds(pairs.ours)} ms`,
      theirs: `${milliseconds(pairs.theirs)} ms`,
      ...(c.isDrawn ? {} : { verdict: verdictOf(ratio, must, aim) }),
    };
    return { result, ratio };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { result: { ...row, problem }, ratio: null };
  }
}

/** Whether the effects of passes on a case are asked for: all by `passes`, those on one by `passes: ` and its name. */
function wantsPasses(only: string, name: string): boolean {
  const parts = only.split('|').filter((part) => part === '' || part.startsWith('passes'));
  return parts.some((part) => `passes: ${name}`.includes(part));
}

/** Every case on the CPU, ours recorded and the other in turn, and what else is asked of replays. */
export async function runProgramSuite(
  { rounds, only = '', wasmPath }: SuiteOptions,
  report: (result: ProgramResult | PassEffect) => void,
): Promise<void> {
  if (wasmPath) setWasmPaths(wasmPath);
  setThreadsCount(1);
  tf.env().set('PROD', true);
  await dl.setBackend('cpu');
  const isWanted = (text: string): boolean => only.split('|').some((part) => text.includes(part));
  const drawn = new Map<Against, number[]>();
  for (const c of cases) {
    for (const against of c.against) {
      if (!isWanted(`${c.name} ${against.contestant}`)) continue;
      const { result, ratio } = await runLine(c, against, rounds);
      report(result);
      if (c.isDrawn && ratio !== null) drawn.set(against, [...(drawn.get(against) ?? []), ratio]);
    }
  }
  for (const [against, ratios] of drawn) report(meanOfDrawn(ratios, against));
  for (const c of cases.filter(({ isDrawn }) => !isDrawn)) {
    if (wantsPasses(only, c.name)) for (const effect of await passEffects(c, rounds)) report(effect);
  }
  for (const { name, measure } of figures) if (isWanted(name)) report(await measure());
}
