import type { Kernel } from '../kernel-table';
import { binaryFunctions, type BinaryName, type BinaryRow } from '../binary-functions';
import { broadcastStrides, mergeAxes } from '../strides';
import { valuesOf, type CpuBackend } from './backend';
import { walkOuterAxes } from './walk';

type Values = Float32Array | Int32Array;

/** y[k] = f(a[i], b[j]) from k to `end`. i and j advance by di and dj: 1 along an operand, 0 where it is broadcast. */
type BinaryLoop = (
  a: Values,
  i: number,
  di: number,
  b: Values,
  j: number,
  dj: number,
  y: Values,
  k: number,
  end: number,
) => void;

/** The functions that training runs most have a separate loop each, so that V8 inlines them: see unary.ts. */
const ownLoops: Readonly<Partial<Record<BinaryName, BinaryLoop>>> = {
  add: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.add.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  sub: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.sub.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  mul: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.mul.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  div: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.div.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  maximum: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.maximum.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  minimum: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.minimum.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  squaredDifference: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.squaredDifference.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
  greater: (a, i, di, b, j, dj, y, k, end) => {
    const f = binaryFunctions.greater.js;
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  },
};

function sharedLoop(f: BinaryRow['js']): BinaryLoop {
  return (a, i, di, b, j, dj, y, k, end) => {
    for (; k < end; k++, i += di, j += dj) y[k] = f(a[i]!, b[j]!);
  };
}

export const binary: Kernel<CpuBackend, 'binary'> = (backend, [left, right], [output], { name }) => {
  const a = valuesOf(backend, left!);
  const b = valuesOf(backend, right!);
  const y = valuesOf(backend, output!);
  if (y.length === 0) return;
  const row = binaryFunctions[name];
  const loop =
    left!.dtype !== 'float32' && row.int ? sharedLoop(row.int.js) : (ownLoops[name] ?? sharedLoop(row.js));
  const { shape } = output!;
  const nest = mergeAxes(shape, [
    broadcastStrides(left!.shape, shape),
    broadcastStrides(right!.shape, shape),
  ]);
  const last = nest.shape.length - 1;
  const length = nest.shape[last]!;
  const da = nest.strides[0]![last]!;
  const db = nest.strides[1]![last]!;
  walkOuterAxes(nest, 1, [0, 0], (offsets, run) => {
    loop(a, offsets[0]!, da, b, offsets[1]!, db, y, run * length, (run + 1) * length);
  });
};
