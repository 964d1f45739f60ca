import { mergeMap, type Observable } from 'rxjs';
import { batch, download, examples, predict } from 'rxtensor';
import { probabilities, type DigitModel } from '../mnist-model';
import type { Digits } from './digits';

/** What the model takes a digit for. */
export interface Reading {
  readonly digit: number;
  /** The probability that it gives to that, 0 to 1. */
  readonly sureness: number;
}

/** How many digits are read at a time. */
const AT_ONCE = 250;

/** What the model reads in the digits, in their order. */
export function readings(model: DigitModel, { xs }: Digits): Observable<Reading> {
  return examples({ xs }).pipe(
    batch(AT_ONCE),
    predict((images) => {
      const each = probabilities(model, images.xs);
      return { digits: each.argMax(1), surenesses: each.max(1) };
    }),
    download(),
    mergeMap(({ digits, surenesses }) => pairs(digits as ArrayLike<number>, surenesses as ArrayLike<number>)),
  );
}

function pairs(digits: ArrayLike<number>, surenesses: ArrayLike<number>): Reading[] {
  return Array.from(digits, (digit, i) => ({ digit, sureness: surenesses[i] ?? 0 }));
}
