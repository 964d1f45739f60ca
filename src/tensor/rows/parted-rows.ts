/** Parts the result of a batch into those of its requests. What holds for a row of its own goes to who asked with that row, and nobody else. */
import type { Shape } from '../../kernels';
import { kindOf } from '../argument';
import { isPlainObject, mapMatching } from '../container';
import { setOwn } from '../own-property';
import { formatShape } from '../shape';

/** The tensors of a result, and how one is cut. */
export interface Cutting<L extends { readonly shape: Shape }> {
  readonly isTensor: (value: object) => value is L;
  /** The rows of a request, by its number, from a row on; called once for each request and tensor. */
  readonly cut: (tensor: L, request: number, from: number, rows: number) => object;
}

/** Deeper results are refused, and those that hold themselves. */
const MOST_LEVELS = 64;

/**
 * Parts a result into so many rows each: tensors along their first axis, and arrays with an entry for each row. Anything else might tell one request what the others
 * asked.
 *
 * @throws when a part of the result is not made of rows
 */
export function partedRows<T, L extends { readonly shape: Shape }>(
  result: T,
  rows: readonly number[],
  { isTensor, cut }: Cutting<L>,
): T[] {
  const total = rows.reduce((sum, each) => sum + each, 0);
  let from = 0;
  return rows.map((count, request) => {
    const known = new Map<object, object>();
    const part = of(result, 'result', MOST_LEVELS);
    from += count;
    return part as T;

    function of(value: unknown, path: string, levels: number): unknown {
      if (typeof value !== 'object' || value === null || levels === 0)
        throw wrong(path, levels === 0 ? `more than ${MOST_LEVELS} levels` : kind(value));
      if (isTensor(value)) {
        if (value.shape[0] !== total) throw wrong(path, `a tensor of shape ${formatShape(value.shape)}`);
        const own = known.get(value) ?? cut(value, request, from, count);
        known.set(value, own);
        return own;
      }
      if (Array.isArray(value) && holdsTensor(value))
        return value.map((each, i) => of(each, `${path}[${i}]`, levels - 1));
      if (isArray(value)) {
        const { length } = value;
        if (length !== total) throw wrong(path, `an array of ${length}`);
        // A list of columns cannot be told from a list of rows, where there are as many of both.
        if (value.some((each) => Array.isArray(each) || ArrayBuffer.isView(each)))
          throw wrong(path, 'an array of arrays');
        return value.slice(from, from + count);
      }
      if (!isPlainObject(value)) throw wrong(path, kindOf(value));
      const object: Record<string, unknown> = {};
      for (const key of Object.keys(value)) setOwn(object, key, of(value[key], `${path}.${key}`, levels - 1));
      return object;
    }
  });

  // Say what it is, not what it holds: that may be another request's.
  function wrong(path: string, found: string): Error {
    return new Error(
      `the model gave ${found} as '${path}' for ${total} rows of ${rows.length} requests; wanted a tensor of ${total} rows, or an array of ${total} ` +
        "numbers, texts or objects; or no option 'maxBatch'",
    );
  }

  function holdsTensor(container: object): boolean {
    let found = false;
    mapMatching(container, isTensor, () => (found = true));
    return found;
  }
}

/** A typed array is one, too. */
const isArray = (value: object): value is readonly unknown[] =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const kind = (value: unknown): string => {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
};
