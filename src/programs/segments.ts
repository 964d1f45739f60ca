import { assertFunction } from '../tensor/argument';
import { tensorsIn } from '../tensor/container';
import { detachedContainer } from '../tensor/detached';
import { openScope } from '../tensor/extent';
import { closeScope, tidy } from '../tensor/scope';
import type { Tensor } from '../tensor/tensor';
import { Variable } from '../tensor/variable';
import { assertRecordedOptions, recorded, type RecordedOptions } from './recorded';

const NAME = 'inSegments';

/** A function that {@link inSegments} has made. */
export type InSegments<A extends unknown[], R> = ((...args: A) => Promise<R>) & {
  /** Frees the programs. Nobody has to call it, as with {@link recorded}. */
  readonly dispose: () => void;
};

/**
 * Records a function in which a part depends on values, as the boxes that are left over or the places of a condition do: what comes before that
 * part is one program, what comes behind it another. The part itself is called in each run, and awaited.
 *
 * Several calls may be in flight: each program has its arena only while it runs. The result has no owner, as that of any asynchronous function:
 * `mapTensorAsync` takes it over, others dispose it. No gradient flows through it.
 *
 * @param before gets the arguments, and gives what the other parts read: tensors and plain values, in arrays and plain objects
 * @param host gets what `before` gave, and gives tensors and plain values, or a promise of them. These, and what it makes before its first `await`,
 *   are freed at the end of the call, as what `before` gave. There is one program of `after` for each of their shapes: pad what varies to a fixed size
 * @param after gets what `before` and `host` gave, and gives the result
 * @param options those of {@link recorded}, for both programs
 * @throws (rejects the promise) what the parts throw, and what {@link recorded} does for `before` and `after`
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { inSegments } from 'rxtensor/programs';
 * const found = inSegments(
 *   (x: dl.Tensor) => x.square().add(1),
 *   (y) => dl.whereAsync(y.greater(5)),
 *   (y, places) => dl.gatherND(y, places),
 * );
 * dl.examples([[1, 2, 3], [3, 0, 2]])
 *   .pipe(dl.mapTensor((row) => dl.tensor1d(row)), dl.mapTensorAsync(found))
 *   .subscribe((large) => large.print()); // [10], [10]
 * ```
 */
export function inSegments<A extends unknown[], B, H, R>(
  before: (...args: A) => B,
  host: (made: B) => H | PromiseLike<H>,
  after: (made: B, found: H) => R,
  options?: RecordedOptions | null,
): InSegments<A, R> {
  assertFunction(NAME, 'before', before);
  assertFunction(NAME, 'host', host);
  assertFunction(NAME, 'after', after);
  assertRecordedOptions(NAME, options ?? {});
  const [first, last] = [recorded(before, options), recorded(after, options)];
  const run = async (...args: A): Promise<R> => {
    const made = tidy(NAME, () => detachedContainer(first(...args)));
    const own: Tensor[] = tensorsIn(made);
    try {
      const found = await begun(() => host(made), own);
      own.push(...tensorsIn(found));
      return tidy(NAME, () => detachedContainer(last(made, found)));
    } finally {
      for (const tensor of own) if (!tensor.isDisposed && !isOthers(tensor)) tensor.dispose();
    }
  };
  const segmented = run as typeof run & { dispose: () => void };
  segmented.dispose = () => {
    first.dispose();
    last.dispose();
  };
  return segmented;
}

/** Calls a function, and notes the tensors that it makes until it returns, or first waits: they live on. */
function begun<T>(work: () => T, made: Tensor[]): T {
  const scope = openScope('tidy', NAME);
  try {
    return work();
  } finally {
    const tensors = scope.tensors.slice();
    made.push(...tensors);
    closeScope(scope, tensors);
  }
}

/** Whether somebody else frees a tensor: a scope, or who has kept it. */
function isOthers(tensor: Tensor): boolean {
  return tensor.isScoped || tensor.isKept || tensor instanceof Variable;
}
