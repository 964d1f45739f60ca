import { tensor, type Library, type Tensor } from '../library';
import type { Against, ProgramCase } from './case';

const MILLION = [1000, 1000];

const against = (must: number): Against[] => [
  { contestant: 'unrecorded', must, aim: Math.max(8, must) },
  { contestant: 'tfjs-wasm', must: 6, aim: 10 },
];

/** Five elementwise ops in a row on a million elements: an affine map, and a clamped square. */
export function fiveInARow(lib: Library): { f: (x: Tensor) => Tensor; args: Tensor[] } {
  const [scale, offset] = [tensor(lib, [1000], 6), tensor(lib, [1000], 7)];
  const f = (x: Tensor): Tensor =>
    lib.relu(lib.sub(lib.square(lib.add(lib.mul(x, scale), offset)), lib.scalar(0.5)));
  return { f, args: [tensor(lib, MILLION, 3, 4)] };
}

/** A batch normalisation with the batch's own moments given, and relu: per-channel vectors over many rows. */
function normalised(lib: Library): { f: (...args: Tensor[]) => Tensor; args: Tensor[] } {
  const row = (seed: number): Tensor => tensor(lib, [64], seed);
  const variance = lib.tidy(() => lib.add(lib.abs(row(3)), lib.scalar(0.5)));
  const [mean, offset, scale] = [row(2), row(4), row(5)] as const;
  return {
    f: (x, m, v) => lib.relu(lib.batchNorm(x!, m!, v!, offset, scale)),
    args: [tensor(lib, [16384, 64], 1), mean, variance],
  };
}

type Binary = (lib: Library, a: Tensor, b: Tensor) => Tensor;
type Unary = (lib: Library, a: Tensor) => Tensor;

/** The functions that chains are drawn from: those of our tables that TensorFlow.js has for WebAssembly too, finite for every x. */
const unary: Readonly<Record<string, Unary>> = {
  abs: (lib, x) => lib.abs(x),
  neg: (lib, x) => lib.neg(x),
  ceil: (lib, x) => lib.ceil(x),
  floor: (lib, x) => lib.floor(x),
  square: (lib, x) => lib.square(x),
  relu: (lib, x) => lib.relu(x),
  relu6: (lib, x) => lib.relu6(x),
  leakyRelu: (lib, x) => lib.leakyRelu(x, 0.2),
  sigmoid: (lib, x) => lib.sigmoid(x),
  tanh: (lib, x) => lib.tanh(x),
  elu: (lib, x) => lib.elu(x),
  sin: (lib, x) => lib.sin(x),
  cos: (lib, x) => lib.cos(x),
  clipByValue: (lib, x) => lib.clipByValue(x, -1, 1),
};
const binary: Readonly<Record<string, Binary>> = {
  add: (lib, a, b) => lib.add(a, b),
  sub: (lib, a, b) => lib.sub(a, b),
  mul: (lib, a, b) => lib.mul(a, b),
  maximum: (lib, a, b) => lib.maximum(a, b),
  minimum: (lib, a, b) => lib.minimum(a, b),
};

/** Park and Miller's minimal standard generator. */
function draws(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const LENGTH = 6;

const ofDrawn = against(3);

/** A chain of six steps, each a function of one or two arguments as a coin decides; the second is x, a row or a column. */
function drawnChain(seed: number): ProgramCase {
  const draw = draws(seed);
  const from = <T>(table: Readonly<Record<string, T>>): [string, T] => {
    const rows = Object.entries(table);
    return rows[draw(rows.length)]!;
  };
  const steps = Array.from({ length: LENGTH }, () => {
    if (draw(2) === 0) {
      const [name, f] = from(unary);
      return { name, apply: (lib: Library, y: Tensor, _: readonly Tensor[]) => f(lib, y) };
    }
    const [name, f] = from(binary);
    const other = draw(3);
    const apply = (lib: Library, y: Tensor, others: readonly Tensor[]): Tensor => f(lib, y, others[other]!);
    return { name: `${name} ${['x', 'row', 'column'][other]}`, apply };
  });
  return {
    name: `chain drawn by ${seed}: ${steps.map(({ name }) => name).join(', ')}; 1M`,
    against: ofDrawn,
    isDrawn: true,
    prepare: (lib) => ({
      f: (...given) => steps.reduce((y, { apply }) => apply(lib, y, given), given[0]!),
      args: [tensor(lib, MILLION, 3, 4), tensor(lib, [1000], 6), tensor(lib, [1000, 1], 7)],
    }),
  };
}

/** Tensors of 16 × 16: what an op costs besides its work. */
function tinyOps(lib: Library): { f: (...args: Tensor[]) => Tensor; args: Tensor[] } {
  const shape = [16, 16];
  const f = (x: Tensor, w: Tensor, b: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 25; i++)
      y = lib.tanh(lib.mul(lib.add(lib.matMul(y as never, w as never), b), lib.scalar(0.5)));
    return y;
  };
  return { f: f as never, args: [tensor(lib, shape, 1), tensor(lib, shape, 2), tensor(lib, [16], 3)] };
}

export const elementwise: readonly ProgramCase[] = [
  {
    name: 'five elementwise ops in a row, 1M',
    against: against(5),
    prepare: fiveInARow as ProgramCase['prepare'],
  },
  { name: 'batch norm and relu of [16384, 64]', against: against(2.5), prepare: normalised },
  ...[1, 2, 3].map(drawnChain),
  {
    name: '100 tiny ops (16 × 16)',
    against: [{ contestant: 'unrecorded', must: 5, aim: 10 }],
    prepare: tinyOps,
  },
];
