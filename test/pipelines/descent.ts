import type { MonoTypeOperatorFunction } from 'rxjs';
import { plainOperator } from './plain-operator';

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/**
 * `trainStep` on plain numbers: gradient descent by one variable w, which is 1 at first, on the loss w·x in steps of 1. The gradient is x.
 *
 * @param accumulate of how many values a step takes the mean
 */
export function descent(accumulate: number): MonoTypeOperatorFunction<number> {
  let weight = 1;
  return plainOperator((subscriber) => {
    let losses: number[] = [];
    let gradients: number[] = [];
    const step = (): void => {
      const loss = mean(losses);
      weight -= mean(gradients);
      losses = [];
      gradients = [];
      subscriber.next(loss);
    };
    return {
      next: (x) => {
        losses.push(weight * x);
        gradients.push(x);
        if (losses.length === accumulate) step();
      },
      complete: () => {
        if (losses.length > 0) step();
        subscriber.complete();
      },
    };
  });
}
