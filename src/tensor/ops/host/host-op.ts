/**
 * Host ops: those whose result's shape depends on values. They read their inputs, compute on the host, and are never taped: their
 * results are constants. The form that returns at once blocks until the device is done, which debug mode says.
 */
import { activeBackend, type DataType, type Shape, type TypedArray } from '../../../kernels';
import { warn } from '../../debug';
import { readValues, readValuesNow } from '../../device';
import { op } from '../../op';
import { tidy } from '../../scope';
import type { Tensor } from '../../tensor';
import { makeTensor } from '../../tensor-like';

/** A tensor's values, read, or to be made into one. */
export interface HostArray {
  readonly shape: Shape;
  readonly dtype: DataType;
  readonly values: TypedArray;
}

/** A host op in two forms, of the same arguments. */
export interface HostOp<A extends unknown[]> {
  /** Blocks. */
  readonly now: (...args: A) => Tensor[];
  readonly later: (...args: A) => Promise<Tensor[]>;
}

/** What a host op is to do: the tensors to read, and how to go on with their values. */
export interface HostWork {
  readonly inputs: readonly Tensor[];
  readonly compute: (...inputs: HostArray[]) => readonly HostArray[];
}

/** What to write instead where the device reads asynchronously only. */
const instead = "the form that ends in Async where there is one, or tensors made on the backend 'cpu'";

const names: string[] = [];

/** The names of all host ops: what is never differentiated, and why. */
export const hostOps: readonly string[] = names;

/** @param prepare checks and converts the arguments */
export function hostOp<A extends unknown[]>(
  name: string,
  prepare: (name: string, ...args: A) => HostWork,
): HostOp<A> {
  names.push(name);
  const finish = (arrays: readonly HostArray[]): Tensor[] =>
    arrays.map(({ values, shape, dtype }) => makeTensor(name, values, shape, dtype));
  return {
    now: op(name, (...args: A): Tensor[] => {
      const { inputs, compute } = prepare(name, ...args);
      if (activeBackend().name !== 'cpu') {
        warn(
          `${name} reads its inputs, and blocks until the device is done; where there is a form that ends in Async, that one does not`,
        );
      }
      return finish(
        compute(
          ...inputs.map((x) => ({ shape: x.shape, dtype: x.dtype, values: readValuesNow(name, x, instead) })),
        ),
      );
    }),
    later: async (...args: A): Promise<Tensor[]> => {
      // A read takes its snapshot when it is called: what was made of plain values may go at once.
      const { compute, reads } = tidy(name, () => {
        const work = prepare(name.endsWith('Async') ? name : `${name}Async`, ...args);
        return {
          compute: work.compute,
          reads: work.inputs.map((x) => ({
            shape: x.shape as Shape,
            dtype: x.dtype,
            values: readValues(name, x),
          })),
        };
      });
      const arrays = await Promise.all(reads.map(async (read) => ({ ...read, values: await read.values })));
      return finish(compute(...arrays));
    },
  };
}
