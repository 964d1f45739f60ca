import { map, scan, type Observable } from 'rxjs';
import { batch, download, examples, predict } from 'rxtensor';
import { probabilities, type DigitBatch, type DigitModel } from '../../mnist-model';
import type { Digits } from './digits';
import type { Guess } from './run-event';

/** The batch size of the test. */
const BATCH = 250;
const CLASSES = 10;

/** Applies the network to the digits; emits the guesses so far after each batch. */
export function readDigits(model: DigitModel, { xs, ys }: Digits): Observable<Guess[]> {
  return examples({ xs, ys }).pipe(
    batch(BATCH),
    predict((digits) => probabilities(model, (digits as DigitBatch).xs)),
    download(),
    map(mostProbable),
    scan((all, guesses) => [...all, ...guesses], new Array<Guess>()),
  );
}

/** The fraction of right guesses. */
export function accuracyOf(guesses: readonly Guess[], { ys }: Digits): number {
  return guesses.filter(({ digit }, index) => digit === ys[index]).length / guesses.length;
}

/** The greatest of the ten probabilities in each row, and its digit. */
function mostProbable(table: ArrayLike<number>): Guess[] {
  return Array.from({ length: table.length / CLASSES }, (_, row) => {
    let digit = 0;
    const at = (candidate: number): number => table[row * CLASSES + candidate] ?? 0;
    for (let candidate = 1; candidate < CLASSES; candidate++)
      if (at(candidate) > at(digit)) digit = candidate;
    return { digit, sureness: at(digit) };
  });
}
