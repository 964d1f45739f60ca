/** Random access to examples: row i of an array, of a tensor, or of a table of those. */
import type { DataType } from '../../tensor';
import { kindOf } from '../../tensor/argument';
import { forEachTensor, isPlainObject, isTensor, mapContainer } from '../../tensor/container';
import { withNumberTypes } from '../../tensor/number-types';
import { reshape } from '../../tensor/ops/reshape';
import { slice } from '../../tensor/ops/slice';
import { setOwn } from '../../tensor/own-property';
import { formatShape, sizeOf } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import type { TypedArrayLike } from '../../tensor/tensor-like';
import { numberTypesFor } from '../blocks/row-objects';
import { elementTypeOf } from './element-type';
import { isHostArray, type HostArray } from './host-array';

export interface Rows {
  readonly length: number;
  /** The data type of the rows, if they are numbers. */
  readonly numbers?: DataType | undefined;
  /** Row `index`; the innermost scope owns the tensors in it. */
  readonly at: (index: number) => unknown;
}

/**
 * The rows of a column, or of a table of columns.
 *
 * @param path the path to the data, for messages
 * @throws when the data has no rows, or its columns differ in length
 */
export function rowsOf(data: unknown, path = ''): Rows {
  if (isTensor(data)) return tensorRows(data, path);
  if (isHostArray(data)) return hostRows(data, path);
  if (Array.isArray(data)) return { length: data.length, at: (index) => lent(data[index]) };
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) {
    const values = data as TypedArrayLike;
    return {
      length: values.length,
      numbers: elementTypeOf(values) ?? undefined,
      at: (index) => values[index],
    };
  }
  if (isTable(data)) return tableRows(data, path);
  throw new Error(
    `examples: ${described(path)} is ${typeof data === 'object' && data !== null ? kindOf(data) : data === null ? 'null' : typeof data}; wanted arrays, tensors, objects of them, or an iterable`,
  );
}

function described(path: string): string {
  return path === '' ? "argument 'data'" : `column '${path}' of argument 'data'`;
}

function isTable(data: unknown): data is Record<string, unknown> {
  return isPlainObject(data);
}

/** A value whose tensors stay the caller's: the emission gets handles of its own on them. */
function lent(value: unknown): unknown {
  let hasTensors = false;
  forEachTensor(value, () => (hasTensors = true));
  if (!hasTensors) return value;
  return mapContainer(value, (tensor) => {
    tensor.assertUsable('examples', 'data');
    return tensor.clone();
  });
}

function hostRows({ values, shape }: HostArray, path: string): Rows {
  const [length, ...rest] = shape;
  if (length === undefined)
    throw new Error(`examples: ${described(path)} is an array of shape []; wanted at least one axis`);
  if (values.length !== sizeOf(shape)) {
    throw new Error(
      `examples: ${described(path)} has ${values.length} values and the shape ${formatShape(shape)}; wanted ${sizeOf(shape)} values`,
    );
  }
  if (rest.length === 0)
    return { length, numbers: elementTypeOf(values) ?? undefined, at: (index) => values[index] };
  const size = sizeOf(rest);
  return {
    length,
    at: (index) => ({ values: values.subarray(index * size, (index + 1) * size), shape: rest }),
  };
}

function tensorRows(tensor: Tensor, path: string): Rows {
  tensor.assertUsable('examples', path === '' ? 'data' : path);
  const [length, ...rest] = tensor.shape as number[];
  if (length === undefined)
    throw new Error(`examples: ${described(path)} is a scalar tensor; wanted at least one axis`);
  const origin = rest.map(() => 0);
  return {
    length,
    at: (index) => {
      tensor.assertUsable('examples', path === '' ? 'data' : path);
      return reshape(slice(tensor, [index, ...origin], [1, ...rest]), rest);
    },
  };
}

function tableRows(table: Record<string, unknown>, path: string): Rows {
  const columns = Object.entries(table).map(([key, column]) => {
    const name = path === '' ? key : `${path}.${key}`;
    return { key, name, rows: rowsOf(column, name) };
  });
  const [first] = columns;
  if (!first)
    throw new Error(`examples: ${described(path)} is an object without columns; wanted at least one`);
  for (const { name, rows } of columns) {
    if (rows.length !== first.rows.length) {
      throw new Error(
        `examples: argument 'data' has ${rows.length} rows in '${name}' and ${first.rows.length} in '${first.name}'; wanted as many in each`,
      );
    }
  }
  const types = numberTypesFor(
    columns.map(({ key }) => key),
    columns.map(({ rows }) => rows.numbers ?? null),
  );
  return {
    length: first.rows.length,
    at: (index) => {
      const row: Record<string, unknown> = {};
      for (const { key, rows } of columns) setOwn(row, key, rows.at(index));
      return types ? withNumberTypes(row, types) : row;
    },
  };
}
