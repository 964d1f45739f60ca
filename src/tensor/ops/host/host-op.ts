/**
 * Host ops: ops whose result shape depends on values. They read their inputs from the device and compute on the host. They are never
 * taped, so their results are constants. The synchronous form blocks until the device is done; debug mode warns of it.
 */
import { activeBackend, type DataType, type Shape, type TypedArray } from '../../../kernels';
import { warn } from '../../debug';
import { readValues, readValuesNow } from '../../device';
import { op } from '../../op';
import { tidy } from '../../scope';
import type { Tensor } from '../../tensor';
import { makeTensor } from '../../tensor-like';

/** The values of a tensor on the host: read from one, or to be made into one. */
export interface HostArray {
  readonly shape: Shape;
  readonly dtype: DataType;
  readonly values: TypedArray;
}

/** A host op in its synchronous and its asynchronous form. Both take the same arguments. */
export interface HostOp<A extends unknown[]> {
  /** Blocks until the inputs are read. */
  readonly now: (...args: A) => Tensor[];
  readonly later: (...args: A) => Promise<Tensor[]>;
}

/** The tensors that a host op reads, and the function that computes its results from their values. */
export interface HostWork {
  readonly inputs: readonly Tensor[];
  readonly compute: (...inputs: HostArray[]) => readonly HostArray[];
}

/** The cure that an error names if the device can only be read asynchronously. */
const instead = "the form that ends in Async where there is one, or tensors made on the backend 'cpu'";

const names: string[] = [];

/** The names of all host ops. */
export const hostOps: readonly string[] = names;

/** Makes a host op. @param prepare checks and converts the arguments */
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
          `${name} reads its inputs, and blocks until the device is done; a form whose name ends in Async, where there is one, does not block`,
        );
      }
      return finish(
        compute(
          ...inputs.map((x) => ({ shape: x.shape, dtype: x.dtype, values: readValuesNow(name, x, instead) })),
        ),
      );
    }),
    later: async (...args: A): Promise<Tensor[]> => {
      // A read takes its snapshot when it is called, so the tidy may free converted inputs before the values arrive.
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
