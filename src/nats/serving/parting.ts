/** Parts the result of a batch into those of its requests. What holds for a row of its own goes to who asked with that row, and nobody else. */
import { kindOf } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import { setOwn } from '../../tensor/own-property';
import { formatShape } from '../../tensor/shape';
import type { TypedArray } from '../../tensor';
import type { HostTensor } from '../../streams/data/host-array';
import { classOf, MOST_LEVELS, step, type Decoded } from '../codec';

/**
 * Parts a result into so many rows each: tensors along their first axis, and arrays with an entry for each row. Anything else might tell one request what the others
 * asked.
 *
 * @throws when a part of the result is not made of rows
 */
export function parted(result: Decoded, rows: readonly number[]): Decoded[] {
  if (rows.length === 1) return [result];
  const total = rows.reduce((sum, each) => sum + each, 0);
  const hosts = new Set<object>(result.tensors);
  let from = 0;
  return rows.map((count) => {
    const tensors = new Map<object, HostTensor>();
    const value = cut(result.value, 'result', MOST_LEVELS);
    from += count;
    return { value, tensors: [...tensors.values()] };

    function cut(value: unknown, path: string, levels: number): unknown {
      if (typeof value !== 'object' || value === null || levels === 0)
        throw wrong(path, levels === 0 ? `${MOST_LEVELS} levels deep` : kind(value));
      if (hosts.has(value)) return cutTensor(value as HostTensor, path);
      if (classOf(value) !== null) {
        const array = value as TypedArray;
        if (array.length !== total) throw wrong(path, `an array of ${array.length}`);
        return array.slice(from, from + count);
      }
      if (Array.isArray(value)) {
        if (holdsTensor(value, hosts)) return value.map((each, i) => cut(each, step(path, i), levels - 1));
        if (value.length !== total) throw wrong(path, `an array of ${value.length}`);
        // A list of columns cannot be told from a list of rows, where there are as many of both.
        if (value.some((each) => Array.isArray(each) || ArrayBuffer.isView(each)))
          throw wrong(path, 'an array of arrays');
        return value.slice(from, from + count);
      }
      if (!isPlainObject(value)) throw wrong(path, kindOf(value));
      const object: Record<string, unknown> = {};
      for (const key of Object.keys(value)) setOwn(object, key, cut(value[key], step(path, key), levels - 1));
      return object;
    }

    function cutTensor(whole: HostTensor, path: string): HostTensor {
      const { values, shape, dtype } = whole;
      if (shape[0] !== total) throw wrong(path, `a tensor of shape ${formatShape(shape)}`);
      const row = values.length / Math.max(total, 1);
      const part = tensors.get(whole) ?? {
        values: values.subarray(from * row, (from + count) * row),
        shape: [count, ...shape.slice(1)],
        dtype,
      };
      tensors.set(whole, part);
      return part;
    }
  });

  // Say what it is, not what it holds: that may be another request's.
  function wrong(path: string, found: string): Error {
    return new Error(
      `the model gave ${found} as '${path}' for ${total} rows of ${rows.length} requests; wanted a tensor of ${total} rows, or an array of ${total} ` +
        "numbers, texts or objects; or no option 'maxBatch'",
    );
  }
}

const kind = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
};

function holdsTensor(container: object, hosts: ReadonlySet<object>): boolean {
  const seen = new Set<unknown>();
  const search = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return false;
    seen.add(value);
    if (hosts.has(value)) return true;
    return (Array.isArray(value) || isPlainObject(value)) && Object.values(value).some(search);
  };
  return search(container);
}
