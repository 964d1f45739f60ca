import type { Kernel } from '../kernel-table';
import { unaryFunctions, type UnaryName, type UnaryRow } from '../unary-functions';
import { valuesOf, type CpuBackend } from './backend';

type Values = Float32Array | Int32Array;

/** y[i] = f(x[i], p, q) for from ≤ i < to; y may be x. */
export type UnaryLoop = (x: Values, y: Values, from: number, to: number, p: number, q: number) => void;

/**
 * V8 inlines a function into a loop only if the loop has never called another function. A loop shared by all rows costs
 * about 10 ns an element, a separate one a tenth of it. So the functions that training runs most have separate loops.
 */
const ownLoops: Readonly<Partial<Record<UnaryName, UnaryLoop>>> = {
  neg: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.neg.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  square: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.square.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  sqrt: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.sqrt.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  exp: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.exp.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  log: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.log.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  relu: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.relu.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  step: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.step.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  sigmoid: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.sigmoid.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
  tanh: (x, y, from, to, p, q) => {
    const f: UnaryRow['js'] = unaryFunctions.tanh.js;
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  },
};

function sharedLoop(f: UnaryRow['js']): UnaryLoop {
  return (x, y, from, to, p, q) => {
    for (let i = from; i < to; i++) y[i] = f(x[i]!, p, q);
  };
}

/** The loop for float32, which applies the function `name`. */
export function unaryLoop(name: UnaryName): UnaryLoop {
  return ownLoops[name] ?? sharedLoop(unaryFunctions[name].js);
}

export const unary: Kernel<CpuBackend, 'unary'> = (backend, [input], [output], { name, p, q }) => {
  const x = valuesOf(backend, input!);
  const y = valuesOf(backend, output!);
  const { int } = unaryFunctions[name];
  const loop = input!.dtype !== 'float32' && int ? sharedLoop(int.js) : unaryLoop(name);
  loop(x, y, 0, y.length, p, q);
};
