import type { Backend, TensorInfo } from '../backend';
import { sizeOf, type Shape } from '../strides';
import type { WebGLBackend } from './backend';

/** The n numbers 0, 1, 2, … */
const counting = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A kernel on inputs for which the result is known, to a relative error of 1e-4. */
interface Case {
  readonly what: string;
  readonly inputs: readonly (readonly [Shape, readonly number[]])[];
  readonly shape: Shape;
  readonly run: (
    backend: WebGLBackend,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
  ) => void;
  readonly wanted: readonly number[];
}

/** A number that half precision rounds to 1. */
const FINE = 1 + 2 ** -12;

/**
 * What graphics processors get wrong: functions and stored numbers of half precision, layers of a target, coordinates of texels, and sums. Kernels
 * that most models use, so that their programs serve again.
 */
const CASES: readonly Case[] = [
  {
    what: 'exp',
    inputs: [[[4], [FINE, -3.5, 1e-4, 20]]],
    shape: [4],
    run: (backend, inputs, outputs) => backend.run('unary', inputs, outputs, { name: 'exp', p: 0, q: 0 }),
    wanted: [FINE, -3.5, 1e-4, 20].map(Math.exp),
  },
  {
    // Large enough for a target of several layers.
    what: 'matMul',
    inputs: [
      [[1, 64, 16], counting(1024).map((i) => (i % 17) * FINE)],
      [[1, 16, 64], counting(1024).map((i) => (i % 13) + FINE)],
    ],
    shape: [1, 64, 64],
    run: (backend, inputs, outputs) =>
      backend.run('matMul', inputs, outputs, {
        transposeA: false,
        transposeB: false,
        activation: 'linear',
        alpha: 0,
      }),
    wanted: counting(4096).map((i) =>
      counting(16).reduce((sum, k) => {
        const [a, b] = [16 * (i >> 6) + k, 64 * k + (i & 63)];
        return sum + (a % 17) * FINE * ((b % 13) + FINE);
      }, 0),
    ),
  },
  {
    what: 'sum',
    inputs: [[[4096], counting(4096)]],
    shape: [],
    run: (backend, inputs, outputs) =>
      backend.run('reduce', inputs, outputs, { name: 'sum', outer: 1, extent: 4096, inner: 1 }),
    wanted: [(4096 * 4095) / 2],
  },
];

/**
 * Computes what is known: there are graphics processors and drivers that draw everything, and compute wrongly. Programs are compiled
 * without blocking the page.
 *
 * @param read reads a tensor's values, unchecked
 * @returns (as a promise) what was found to be wrong, or null
 */
export async function selfCheck(backend: WebGLBackend, read: Backend['read']): Promise<string | null> {
  const made: TensorInfo[] = [];
  const tensor = (shape: Shape): TensorInfo => {
    const size = sizeOf(shape);
    const info: TensorInfo = { shape, dtype: 'float32', size, handle: backend.allocate(size, 'float32') };
    made.push(info);
    return info;
  };
  try {
    const runs = CASES.map(({ inputs, shape }) => ({
      inputs: inputs.map(([extents, values]) => {
        const input = tensor(extents);
        backend.write(input.handle, Float32Array.from(values));
        return input;
      }),
      output: tensor(shape),
    }));
    const runAll = (): void => {
      CASES.forEach(({ run }, i) => run(backend, runs[i]!.inputs, [runs[i]!.output]));
    };
    await backend.prepare(runAll);
    runAll();
    for (const [i, { output }] of runs.entries()) {
      const { what, wanted } = CASES[i]!;
      const found = await read(output.handle, output.size, 'float32');
      const at = wanted.findIndex((value, j) => !(Math.abs(found[j]! - value) <= 1e-4 * value));
      if (at >= 0)
        return `its device computes wrongly: a test of ${what} gives ${found[at]}; wanted ${wanted[at]}`;
    }
    return null;
  } catch (error) {
    return backend.isLost() ? null : `its device cannot compute: ${(error as Error).message}`;
  } finally {
    for (const { handle } of made) backend.free(handle);
  }
}
