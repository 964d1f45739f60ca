import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as dl from 'rxtensor';
import 'rxtensor/webgpu';
import type { Prepared } from '../cases';
import { difference } from '../difference';
import type { Library } from '../library';
import type { CaseResult } from '../result';
import type { SuiteOptions } from '../suite';
import { cases } from '../webgl/cases';
import { kernelCases } from '../webgl/kernels';
import { measureWaiting, type Contestant } from './measure';

/** What both suites of GPUs time: the cases of the WebGL page, and its case for each kernel. */
interface DeviceCase {
  readonly name: string;
  readonly tolerance?: number;
  /** Why TensorFlow.js is not timed. */
  readonly alone?: string;
  readonly prepare: (lib: Library) => Prepared;
}

const all: readonly DeviceCase[] = [
  ...cases.filter(({ isSubmission }) => !isSubmission),
  ...Object.entries(kernelCases).map(([kernel, { what, ...rest }]) => ({
    ...rest,
    name: `${kernel}: ${what}`,
  })),
];

const DEFAULT_TOLERANCE = 5e-5;

function contestant(lib: Library, { run }: Prepared, seed: dl.Tensor): Contestant {
  return {
    run,
    // A small result of its own: the timed one would have to be copied.
    finish: async () => {
      const small = lib.neg(seed);
      await small.data();
      small.dispose();
    },
  };
}

async function valuesOf({ result }: Prepared): Promise<ArrayLike<number>> {
  if (!result) return [0];
  const tensor = result();
  const values = (await tensor.data()) as ArrayLike<number>;
  tensor.dispose();
  return values;
}

const theirsUntyped = tf as unknown as Library;

/** Runs a case of both libraries; a kernel that TensorFlow.js does not have stands beside itself. */
async function runCase(c: DeviceCase, rounds: number): Promise<CaseResult> {
  const row = {
    name: c.name,
    peer: c.alone === undefined ? 'tfjs-webgpu' : `– (${c.alone})`,
    must: c.alone === undefined ? 1 : 0,
    aim: 1,
  };
  const libraries = c.alone === undefined ? [dl as Library, theirsUntyped] : [dl as Library];
  // Tensors of a case are never asked for again; the page ends with the suite, and its memory with it.
  try {
    const sides = libraries.map((lib) => c.prepare(lib));
    const [ours, theirs] = [sides[0]!, sides.at(-1)!];
    const problem = difference(
      await valuesOf(ours),
      await valuesOf(theirs),
      c.tolerance ?? DEFAULT_TOLERANCE,
    );
    if (problem && c.alone === undefined) return { ...row, problem };
    const [own, other] = sides.map((side, i) =>
      contestant(libraries[i]!, side, libraries[i]!.tensor1d([1, 2, 3, 4])),
    );
    const times = await measureWaiting([own!, other ?? own!], rounds);
    return {
      ...row,
      ours: times.ours.median,
      ...(other && {
        theirs: times.theirs.median,
        ratio: times.ratio,
        ratioOfMinima: times.theirs.minimum / times.ours.minimum,
      }),
    };
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Every case on WebGPU, ours and TensorFlow.js's in turn. */
export async function runWebGPUSuite(
  { rounds, only = '' }: SuiteOptions,
  report: (result: CaseResult) => void,
): Promise<void> {
  tf.env().set('PROD', true);
  // TensorFlow.js computes small tensors on the CPU unless told not to.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  await tf.setBackend('webgpu');
  await tf.ready();
  await dl.setBackend('webgpu');
  for (const c of all) {
    if (!only.split('|').some((text) => c.name.includes(text))) continue;
    report(await runCase(c, rounds));
  }
}
