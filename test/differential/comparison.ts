// Calls an op of both libraries with the same arguments, and says where the results differ.
import * as moreOps from 'rxtensor/ops';
import * as dl from 'rxtensor/tensor';
import { difference } from '../support/close';
import { operandsOf, withTensors, type Argument, type Operand } from './operand';
import { tf } from './oracle';
import type { Call, Row } from './row';

type AnyCall = (...args: unknown[]) => unknown;

/** What a comparison needs of a library. */
interface Library<T> {
  readonly isTensor: (value: unknown) => value is T;
  readonly make: (operand: Operand) => T;
  readonly read: (tensor: T) => Operand;
  readonly tidy: <R>(work: () => R) => R;
  /** The gradients of Σ w·y, over all results y, by each x. */
  readonly gradients: (f: (...xs: T[]) => T[], xs: T[], weights: (y: T) => T) => T[];
}

export const ours: Library<dl.Tensor> = {
  isTensor: (value) => value instanceof dl.Tensor,
  make: ({ dtype, shape, values }) => dl.tensor(Float32Array.from(values), [...shape], dtype),
  read: (y) => ({ dtype: y.dtype, shape: y.shape, values: Array.from(y.dataSync()) }),
  tidy: (work) => dl.tidy(work as () => dl.TensorContainer) as ReturnType<typeof work>,
  gradients: (f, xs, weights) =>
    dl.grads((...each) => {
      const parts = f(...each).map((y) => dl.sum(dl.mul(y, weights(y))));
      return dl.addN([...parts, ...each.map((x) => dl.mul(dl.sum(x), 0))]);
    })(xs),
};

const theirs: Library<tf.Tensor> = {
  isTensor: (value) => value instanceof tf.Tensor,
  make: ({ dtype, shape, values }) =>
    tf.tensor(dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values), [...shape], dtype),
  read: (y) => ({ dtype: y.dtype as dl.DataType, shape: y.shape, values: Array.from(y.dataSync()) }),
  tidy: (work) => tf.tidy(work as () => tf.TensorContainer) as ReturnType<typeof work>,
  gradients: (f, xs, weights) =>
    tf.grads((...each) => {
      const parts = f(...each).map((y) => tf.sum(tf.mul(y, weights(y))));
      return tf.addN([...parts, ...each.map((x) => tf.mul(tf.sum(x), 0))]);
    })(xs),
};

/** The tensors of a result: itself, or those it lists or names, by name. */
function tensorsOf<T>({ isTensor }: Library<T>, result: unknown): T[] {
  if (isTensor(result)) return [result];
  if (Array.isArray(result)) return result.flatMap((each) => tensorsOf({ isTensor } as Library<T>, each));
  const named = result as Readonly<Record<string, unknown>>;
  return Object.keys(named)
    .sort()
    .flatMap((name) => tensorsOf({ isTensor } as Library<T>, named[name]));
}

export function forward<T>(library: Library<T>, call: Call, args: readonly Argument[]): Operand[] {
  return library.tidy(() => {
    const result = (call as AnyCall)(...(withTensors(args, library.make) as unknown[]));
    return tensorsOf(library, result).map(library.read);
  });
}

/** Some numbers between −1 and 1, no two neighbours alike. */
const weightsOf = ({ shape, values }: Operand): Operand => ({
  dtype: 'float32',
  shape,
  values: values.map((_, i) => (((i * 37) % 17) - 8) / 8 || 0.75),
});

export function backward<T>(
  library: Library<T>,
  call: Call,
  args: readonly Argument[],
  by?: readonly number[],
): Operand[] {
  const all = operandsOf(args);
  const variable = by ? by.map((i) => all[i]!) : all.filter(({ dtype }) => dtype === 'float32');
  return library.tidy(() =>
    library
      .gradients(
        (...xs) => {
          const tensors = withTensors(args, (each) => {
            const place = variable.indexOf(each);
            return place < 0 ? library.make(each) : xs[place];
          });
          return tensorsOf(library, (call as AnyCall)(...(tensors as unknown[])));
        },
        variable.map(library.make),
        (y) => library.make(weightsOf(library.read(y))),
      )
      .map(library.read),
  );
}

/** @throws where results are not close to the wanted ones */
export function expectSame(found: readonly Operand[], wanted: readonly Operand[], tolerance: number): void {
  if (found.length !== wanted.length)
    throw new Error(`found ${found.length} tensors; wanted ${wanted.length}`);
  wanted.forEach((each, i) => {
    const label = wanted.length === 1 ? '' : `tensor ${i}: `;
    const result = found[i]!;
    if (result.dtype !== each.dtype) throw new Error(`${label}found ${result.dtype}; wanted ${each.dtype}`);
    const wrong = difference(result, each, tolerance);
    if (wrong !== null) throw new Error(label + wrong);
  });
}

function named(exports: unknown, path: string): Call {
  const found = path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], exports);
  if (typeof found !== 'function') throw new Error(`there is no '${path}'`);
  return found as Call;
}

export const ourCall = (name: string, row: Row): Call =>
  row.ours ?? named({ ...moreOps, ...dl }, row.op ?? name);
const theirCall = (name: string, row: Row): Call => row.oracle ?? named(tf, row.op ?? name);

/** @throws where the results of an op differ */
export function compareResults(name: string, row: Row, args: readonly Argument[], tolerance: number): void {
  const wanted = row.definition
    ? (row.definition as (...given: readonly Argument[]) => readonly Operand[])(...args)
    : forward(theirs, theirCall(name, row), args);
  expectSame(forward(ours, ourCall(name, row), args), wanted, tolerance);
}

/** @throws where the gradients of an op differ */
export function compareGradients(name: string, row: Row, args: readonly Argument[], tolerance: number): void {
  const wanted = backward(theirs, theirCall(name, row), args, row.by);
  expectSame(backward(ours, ourCall(name, row), args, row.by), wanted, tolerance);
}
