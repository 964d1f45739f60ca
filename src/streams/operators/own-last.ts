import type { MonoTypeOperatorFunction } from 'rxjs';
import { hold, type Held } from '../ownership/held-values';
import { operator } from '../operator';

/**
 * At the end of a pipe: when the source completes, hands the tensors of its last value to the subscriber, to keep as long as it likes and
 * to dispose. They are constants. The values before are freed, which suits `lastValueFrom`; `own()` would hand over every value.
 *
 * ```text
 *  source       --a----b----c--|
 *  ownLast()    ---------------(c'|)     c' is the subscriber's
 * ```
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { lastValueFrom } from 'rxjs';
 * const y = await lastValueFrom(dl.examples([1, 2, 3]).pipe(dl.mapTensor((x) => dl.scalar(x).square()), dl.ownLast()));
 * y.print(); // 9
 * y.dispose();
 * ```
 */
export function ownLast<T>(): MonoTypeOperatorFunction<T> {
  return operator<T, T>('ownLast', (output) => {
    let last: Held<T> | null = null;
    return {
      next: (value) => {
        const before = last;
        last = hold('ownLast', value, 'cut off');
        before?.release();
      },
      complete: () => {
        const found = last;
        if (found && output.isOpen()) {
          last = null;
          output.emit(() => found.value, found.trail);
        }
        output.complete();
      },
      teardown: () => last?.release(),
    };
  });
}
