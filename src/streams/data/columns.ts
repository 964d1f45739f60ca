/**
 * Stacks examples into batches: a column collects one leaf of the examples' structure (an image, a label) and stacks its values along a
 * new first axis. Numbers and arrays are copied into one array as they come; tensors are held until the batch is full.
 */
import type { DataType } from '../../tensor';
import { kindOf } from '../../tensor/argument';
import { isPlainObject, isTensor } from '../../tensor/container';
import { numberTypesOf } from '../../tensor/number-types';
import { stack } from '../../tensor/ops/slice';
import { sameShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { makeTensor, type TypedArrayLike } from '../../tensor/tensor-like';
import { hold, type Held } from '../ownership/held-values';
import { elementTypeOf } from './element-type';
import { isHostArray, type HostArray } from './host-array';

/** Collects the values of one leaf of the examples. */
export interface Column {
  /**
   * @param numberType the data type of the value, if it is a number and the type is known
   * @throws when the value does not fit the first one of the batch
   */
  readonly add: (value: unknown, numberType?: DataType) => void;
  /** Stacks the values that were added and empties the column. The innermost scope owns the result. */
  readonly take: () => unknown;
  /** Frees the tensors that it holds. */
  readonly release: () => void;
}

/** What messages call a column. */
export interface ColumnName {
  readonly operator: string;
  readonly path: string;
}

/**
 * A column for values like `example`.
 *
 * @param operator for messages
 * @param size the greatest number of values
 * @param numberType the data type of the example, if it is a number
 * @param holdTensor holds a tensor until the batch is full
 */
export function columnFor(
  operator: string,
  example: unknown,
  size: number,
  numberType: DataType = 'float32',
  path = '',
  holdTensor: (tensor: Tensor) => Held<Tensor> = (tensor) => hold(operator, tensor),
): Column {
  const columnName = { operator, path };
  if (isTensor(example)) return tensorColumn(columnName, holdTensor);
  if (typeof example === 'boolean') return scalarColumn('boolean', 'bool', size, columnName);
  if (typeof example === 'number') return scalarColumn('number', numberType, size, columnName);
  if (isTypedArray(example) || isHostArray(example))
    return arrayColumn(asHostArray(example), size, columnName);
  if (Array.isArray(example) && isNumeric(example)) return nestedColumn(columnName);
  if (Array.isArray(example) || isPlainObject(example))
    return structureColumn(example, size, columnName, holdTensor);
  throw wrongExample(columnName, example);
}

/** The error for an example that cannot be stacked. */
export function wrongExample(columnName: ColumnName, example: unknown): Error {
  const found = ArrayBuffer.isView(example) ? kindOf(example) : example === null ? 'null' : typeof example;
  return new Error(
    `${described(columnName)} is ${found}; wanted a number, a typed array, a tensor, or objects of those`,
  );
}

/**
 * A text that is the same for examples that need the same columns.
 *
 * @param numberType the data type of the value, if it is a number
 */
export function describeExample(value: unknown, numberType: DataType = 'float32'): string {
  if (typeof value === 'number') return numberType;
  if (typeof value !== 'object' || value === null) return typeof value;
  if (isTensor(value)) return 'tensor';
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${value.byteLength}]`;
  if (isHostArray(value)) return `${value.values.constructor.name}[${String(value.shape)}]`;
  const types = numberTypesOf(value);
  const parts = Object.entries(value).map(
    ([key, each]) => `${JSON.stringify(key)}:${describeExample(each, types?.get(key))}`,
  );
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`;
}

function described({ operator, path }: ColumnName): string {
  return `${operator}: ${path === '' ? 'the example' : `'${path}' of the example`}`;
}

function isTypedArray(value: unknown): value is TypedArrayLike {
  return ArrayBuffer.isView(value) && elementTypeOf(value) !== null;
}

function isNumeric(value: unknown): boolean {
  return Array.isArray(value)
    ? value.every(isNumeric)
    : typeof value === 'number' || typeof value === 'boolean';
}

function asHostArray(value: TypedArrayLike | HostArray): HostArray {
  return isHostArray(value) ? value : { values: value as HostArray['values'], shape: [value.length] };
}

function mismatch(columnName: ColumnName, found: string, wanted: string): Error {
  return new Error(
    `${described(columnName)} is ${found}; wanted ${wanted}, as in the first example of the batch`,
  );
}

function scalarColumn(
  wanted: 'number' | 'boolean',
  dtype: DataType,
  size: number,
  columnName: ColumnName,
): Column {
  const values = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  let count = 0;
  return {
    add: (value, numberType) => {
      if (typeof value !== wanted) throw mismatch(columnName, typeof value, `a ${wanted}`);
      const number = Number(value);
      values[count] = number;
      // A row of another source must not silently change the value.
      if (values[count] !== number && (dtype === 'int32' || numberType === 'int32'))
        throw mismatch(columnName, `${number} (${numberType ?? 'float32'})`, dtype);
      count++;
    },
    take: () => {
      const taken = values.subarray(0, count);
      count = 0;
      return makeTensor(columnName.operator, taken, undefined, dtype);
    },
    release: () => undefined,
  };
}

/** Rows are copied into one array as they come; the array is used again for each batch. */
function arrayColumn(first: HostArray, size: number, columnName: ColumnName): Column {
  const dtype = elementTypeOf(first.values);
  if (!dtype) throw wrongExample(columnName, first.values);
  const row = first.values.length;
  const values = dtype === 'float32' ? new Float32Array(size * row) : new Int32Array(size * row);
  let count = 0;
  return {
    add: (value) => {
      if (!isTypedArray(value) && !isHostArray(value)) throw mismatch(columnName, typeof value, 'an array');
      const { values: added, shape } = asHostArray(value);
      if (!sameShape(shape, first.shape)) {
        throw mismatch(columnName, `of shape [${shape.join(',')}]`, `shape [${first.shape.join(',')}]`);
      }
      if (elementTypeOf(added) !== dtype) {
        throw mismatch(columnName, `a ${added.constructor.name}`, `a ${first.values.constructor.name}`);
      }
      values.set(added, row * count++);
    },
    take: () => {
      const taken = values.subarray(0, count * row);
      const shape = [count, ...first.shape];
      count = 0;
      return makeTensor(columnName.operator, taken, shape, dtype);
    },
    release: () => undefined,
  };
}

function nestedColumn(columnName: ColumnName): Column {
  let rows: unknown[] = [];
  return {
    add: (value) => {
      if (!Array.isArray(value) || !isNumeric(value))
        throw mismatch(columnName, typeof value, 'an array of numbers');
      rows.push(value);
    },
    take: () => {
      const taken = rows;
      rows = [];
      return makeTensor(columnName.operator, taken as number[][]);
    },
    release: () => undefined,
  };
}

function tensorColumn(columnName: ColumnName, holdTensor: (tensor: Tensor) => Held<Tensor>): Column {
  let held: Held<Tensor>[] = [];
  const release = (): void => {
    for (const each of held) each.release();
    held = [];
  };
  return {
    add: (value) => {
      if (!isTensor(value)) throw mismatch(columnName, typeof value, 'a tensor');
      const first = held[0]?.value;
      if (first && !sameShape(first.shape, value.shape)) {
        throw mismatch(columnName, `of shape [${value.shape.join(',')}]`, `shape [${first.shape.join(',')}]`);
      }
      held.push(holdTensor(value));
    },
    take: () => {
      try {
        return stack(held.map((each) => each.value));
      } finally {
        release();
      }
    },
    release,
  };
}

function structureColumn(
  first: object,
  size: number,
  columnName: ColumnName,
  holdTensor: (tensor: Tensor) => Held<Tensor>,
): Column {
  const keys = Object.keys(first);
  const hasKeys = (value: object): boolean => {
    const found = Object.keys(value);
    return found.length === keys.length && found.every((key, i) => key === keys[i]);
  };
  const { operator, path } = columnName;
  const firstTypes = numberTypesOf(first);
  const columns = keys.map((key) => {
    const part = (first as Record<string, unknown>)[key];
    const partPath = path === '' ? key : `${path}.${key}`;
    return columnFor(operator, part, size, firstTypes?.get(key), partPath, holdTensor);
  });
  return {
    add: (value) => {
      if (typeof value !== 'object' || value === null || !hasKeys(value)) {
        const found =
          typeof value === 'object' && value ? `an object of ${Object.keys(value).join(', ')}` : typeof value;
        throw mismatch(columnName, found, `an object of ${keys.join(', ')}`);
      }
      const types = numberTypesOf(value);
      keys.forEach((key, i) => columns[i]!.add((value as Record<string, unknown>)[key], types?.get(key)));
    },
    take: () => {
      const taken = columns.map((column) => column.take());
      return Array.isArray(first) ? taken : Object.fromEntries(keys.map((key, i) => [key, taken[i]]));
    },
    release: () => {
      for (const column of columns) column.release();
    },
  };
}
