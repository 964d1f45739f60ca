// The suite of programs on WebGL in a page: main.ts calls `runBenchmarks`, and gives the page `reportResult`.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as dl from 'rxtensor';
import type { Prepared } from '../cases/case';
import { difference } from '../difference';
import type { Library } from '../library';
import { milliseconds } from '../milliseconds';
import type { SuiteOptions } from '../suite';
import { finisher, measureOnDevice, type Contestant } from '../webgl/measure';
import { verdictOf, type Against, type ProgramCase, type ProgramResult } from './case';
import { bothWays, plain } from './contestants';
import { elementwise } from './elementwise';
import { training } from './training';

const TOLERANCE = 1e-3;
/** Adam divides gradients by their own size, so that the rounding errors of small ones become steps: losses of a few steps differ by up to a percent. */
const PEER_TOLERANCE = 2e-2;

const ours = dl as unknown as Library;
const theirs = tf as unknown as Library;

/** Whom a case is held against here. */
const against: Readonly<Record<string, readonly Against[]>> = {
  'MLP 784-128-10, batch 64: one Adam step': [
    { contestant: 'unrecorded', must: 1.2, aim: 1.6 },
    { contestant: 'tfjs-webgl', must: 3, aim: 4 },
  ],
  'CNN of the main job, batch 64: one Adam step': [
    { contestant: 'unrecorded', must: 1.2, aim: 1.6 },
    { contestant: 'tfjs-webgl', must: 8, aim: 10 },
  ],
  'five elementwise ops in a row, 1M': [
    { contestant: 'unrecorded', must: 3, aim: 5 },
    { contestant: 'tfjs-webgl', must: 3, aim: 4 },
  ],
};

function runLine(c: ProgramCase, { contestant, must, aim }: Against, rounds: number): ProgramResult {
  const row = { name: `${c.name}, WebGL`, against: contestant, must: `×${must}`, aim: `×${aim}` };
  try {
    const { recorded, unrecorded } = bothWays(c);
    const isPeer = contestant !== 'unrecorded';
    const other = isPeer ? plain(c, theirs) : unrecorded;
    const problem = difference(recorded.check(), other.check(), isPeer ? PEER_TOLERANCE : TOLERANCE);
    if (problem) return { ...row, problem };
    const on = ({ run }: Prepared, lib: Library): Contestant => ({ run, finish: finisher(lib) });
    const times = measureOnDevice([on(recorded, ours), on(other, isPeer ? theirs : ours)], rounds);
    return {
      ...row,
      found: `×${times.ratio.toFixed(2)}`,
      ours: `${milliseconds(times.ours.median)} ms`,
      theirs: `${milliseconds(times.theirs.median)} ms`,
      verdict: verdictOf(times.ratio, must, aim),
    };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The draws of one run. */
function drawsOf(run: () => void): number {
  const { prototype } = WebGL2RenderingContext;
  const draw = prototype.drawArrays;
  let draws = 0;
  prototype.drawArrays = function (...args) {
    draws++;
    draw.apply(this, args);
  };
  run();
  prototype.drawArrays = draw;
  return draws;
}

/** What JavaScript does for a replayed draw: a run only submits its draws. */
function submission(c: ProgramCase, rounds: number): ProgramResult {
  const { recorded } = bothWays(c);
  for (let call = 0; call < 4; call++) recorded.run();
  const side = { run: recorded.run, finish: finisher(ours) };
  const draws = drawsOf(recorded.run);
  const { ours: time } = measureOnDevice([side, side], rounds, true);
  const perDraw = (time.median * 1000) / draws;
  return {
    name: `${SUBMISSION} (${c.name})`,
    against: 'number',
    must: '≤ 1 µs',
    aim: '≤ 1 µs',
    found: `${perDraw.toFixed(2)} µs`,
    ours: `${draws} draws, ${milliseconds(time.median)} ms`,
    verdict: perDraw <= 1 ? 'aim' : 'missed',
  };
}

const SUBMISSION = 'JavaScript of a replayed draw, WebGL';

async function runSuite(
  { rounds, only = '' }: SuiteOptions,
  report: (result: ProgramResult) => void,
): Promise<void> {
  tf.env().set('PROD', true);
  tf.env().set('WEBGL_CPU_FORWARD', false);
  await tf.setBackend('webgl');
  await tf.ready();
  await dl.setBackend('webgl');
  const isWanted = (text: string): boolean => only.split('|').some((part) => text.includes(part));
  const cases = [...training, ...elementwise].filter(({ name }) => against[name]);
  for (const c of cases) {
    for (const each of against[c.name]!) {
      if (isWanted(`${c.name}, WebGL ${each.contestant}`)) report(runLine(c, each, rounds));
    }
  }
  if (isWanted(SUBMISSION)) report(submission(cases[0]!, rounds));
}

window.runBenchmarks = (options) => runSuite(options, (result) => window.reportResult(result));
