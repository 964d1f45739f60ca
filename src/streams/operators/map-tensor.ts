import type { OperatorFunction } from 'rxjs';
import { assertOptions } from '../../tensor/options';
import { isPromise } from '../../tensor/container';
import { tidy } from '../../tensor/scope';
import { operator } from '../operator';
import { assertWarmUp, warming, warmUpOptions, type WarmUpOptions } from './parts/warming';

/**
 * Projects each value, as RxJS's `map`, in an emission: the tensors that the projection returns (one, or any nesting of arrays and
 * objects) live until everyone below has seen them, and all others that it makes are freed at once. What it computes from
 * trainable variables is taped, so that a `trainStep` below can differentiate it.
 *
 * ```text
 *  source          --a-------b-------c--|
 *  mapTensor(f)    --f(a)----f(b)----f(c)|     f(a) is freed when everyone has seen it
 * ```
 *
 * The projection gets the value alone, never an index: `mapTensor(softmax)` is right.
 *
 * With the option `warmUp` it compiles what the projection needs before the first value comes.
 *
 * @throws (as error notifications) what the projection throws, and an error for a projection that returns a promise
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from } from 'rxjs';
 * from([1, 2, 3])
 *   .pipe(dl.mapTensor((x) => dl.scalar(x).square()), dl.download())
 *   .subscribe((y) => console.log(y)); // 1, 4, 9
 * ```
 */
export function mapTensor<T, R>(
  project: (value: T) => R,
  options: WarmUpOptions<T> = {},
): OperatorFunction<T, R> {
  return mapping('mapTensor', project, options);
}

/** `mapTensor` under another name in messages: other operators are made of it. */
export function mapping<T, R>(
  name: string,
  project: (value: T) => R,
  options: WarmUpOptions<T> = {},
): OperatorFunction<T, R> {
  if (typeof project !== 'function') {
    throw new Error(`${name}: argument 'project' is ${typeof project}; wanted a function`);
  }
  assertOptions<WarmUpOptions<T>>(name, options, warmUpOptions);
  assertWarmUp(name, options);
  const projected = (value: T): R => tidy(name, () => refusePromise(name, project(value)));
  return operator<T, R>(name, (output) => {
    const answering = warming(options, output, projected);
    return {
      next: (value) => {
        answering.emit(() => projected(value));
      },
    };
  });
}

/**
 * @param what gave the result, for messages
 * @throws when the result is a promise: the emission would end before it settles
 */
export function refusePromise<R>(name: string, result: R, what = 'the projection'): R {
  if (!isPromise(result)) return result;
  result.then(undefined, () => undefined); // the error below is the one to see
  throw new Error(
    `${name}: ${what} returned a promise; wanted tensors or plain values. An emission ends before an asynchronous function has done ` +
      'its work: await in mapTensorAsync, above',
  );
}
