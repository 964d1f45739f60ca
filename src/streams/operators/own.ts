import type { MonoTypeOperatorFunction } from 'rxjs';
import { detachedContainer } from '../../tensor/detached';
import { forEachTensor } from '../../tensor/container';
import { operator } from '../operator';

/**
 * At the end of a pipe: hands the tensors of each value to the subscriber, to keep as long as it likes and to dispose. They are constants.
 * It must dispose the tensors of every value: above `lastValueFrom`, which sees the last one only, {@link ownLast} is right.
 *
 * ```text
 *  source    --a----b----c--|
 *  own()     --a'---b'---c'-|     a', b', c' are the subscriber's
 * ```
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { firstValueFrom } from 'rxjs';
 * const y = await firstValueFrom(dl.examples([3]).pipe(dl.mapTensor((x) => dl.scalar(x).square()), dl.own()));
 * y.print(); // 9
 * y.dispose();
 * ```
 */
export function own<T>(): MonoTypeOperatorFunction<T> {
  return operator<T, T>('own', (output) => ({
    next: (value) => {
      output.emit(() => {
        forEachTensor(value, (tensor) => tensor.assertUsable('own', 'value'));
        return detachedContainer(value);
      });
    },
  }));
}
