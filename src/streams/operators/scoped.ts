import type { MonoTypeOperatorFunction } from 'rxjs';
import { operator } from '../operator';

/**
 * Opens an emission around each value of a stock source, so that what operators below make of it (a plain `map(t => t.mul(2))` too)
 * is freed when everyone has seen it. Sources and operators of this library do so by themselves.
 *
 * ```text
 *  source      --a----b----c--|
 *  scoped()    --a----b----c--|
 * ```
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { from, map } from 'rxjs';
 * from([1, 2])
 *   .pipe(dl.scoped(), map((x) => dl.scalar(x)), map((x) => x.square()))
 *   .subscribe((y) => y.print()); // nothing is left
 * ```
 */
export function scoped<T>(): MonoTypeOperatorFunction<T> {
  return operator<T, T>('scoped', (output) => ({ next: (value) => output.emit(() => value) }));
}
