import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as dl from 'rxtensor';
import type { Prepared } from '../cases';
import type { Library } from '../library';
import type { CaseResult } from '../result';
import { difference } from '../difference';
import type { SuiteOptions } from '../suite';
import { cases, type DeviceCase } from './cases';
import { kernelCases, type KernelCase } from './kernels';
import { finisher, measureOnDevice } from './measure';

const ours = dl as Library;
const theirs = tf as unknown as Library;

const DEFAULT_TOLERANCE = 5e-5;

/** Runs a case of both libraries, whose tensors are freed when it ends. */
function runCase(c: DeviceCase, rounds: number): CaseResult {
  const { name, must, aim, limitMs } = c;
  const row = { name, peer: 'tfjs-webgl', must, aim, ...(limitMs ? { limitMs } : {}) };
  return bothTidy(row, () => {
    const sides = [ours, theirs].map((lib): Prepared & { finish: () => void } => ({
      ...c.prepare(lib),
      finish: finisher(lib),
    })) as [Prepared & { finish: () => void }, Prepared & { finish: () => void }];
    const problem = difference(sides[0].check(), sides[1].check(), c.tolerance ?? DEFAULT_TOLERANCE);
    if (problem) return { ...row, problem };
    const times = measureOnDevice(sides, rounds, c.isSubmission);
    return {
      ...row,
      ours: times.ours.median,
      theirs: times.theirs.median,
      ratio: times.ratio,
      ratioOfMinima: times.theirs.minimum / times.ours.minimum,
    };
  });
}

/** A kernel that TensorFlow.js does not have: ours beside itself. */
function runAlone(name: string, c: KernelCase, rounds: number): CaseResult {
  const row = { name, peer: `– (${c.alone})`, must: 0, aim: 0 };
  return bothTidy(row, () => {
    const side = { ...c.prepare(ours), finish: finisher(ours) };
    const times = measureOnDevice([side, side], rounds);
    return { ...row, ours: times.ours.median };
  });
}

function bothTidy(row: CaseResult, run: () => CaseResult): CaseResult {
  let result: CaseResult = row;
  try {
    dl.tidy(() => {
      theirs.tidy(() => {
        result = run();
      });
    });
    return result;
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Every case on WebGL, ours and TensorFlow.js's in turn, then one case for each kernel. */
export async function runWebGLSuite(
  { rounds, only = '' }: SuiteOptions,
  report: (result: CaseResult) => void,
): Promise<void> {
  tf.env().set('PROD', true);
  // TensorFlow.js computes small tensors on the CPU unless told not to; the reads that end a timing must wait for the device.
  tf.env().set('WEBGL_CPU_FORWARD', false);
  await tf.setBackend('webgl');
  await tf.ready();
  await dl.setBackend('webgl');
  const isWanted = (name: string): boolean => only.split('|').some((text) => name.includes(text));
  for (const c of cases) if (isWanted(c.name)) report(runCase(c, rounds));
  for (const [kernel, c] of Object.entries(kernelCases)) {
    const name = `${kernel}: ${c.what}`;
    if (!isWanted(name)) continue;
    report(c.alone ? runAlone(name, c, rounds) : runCase({ ...c, name, must: 1, aim: 1 }, rounds));
  }
}
