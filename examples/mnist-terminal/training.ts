import { defer, finalize, map, share, type Observable } from 'rxjs';
import { batch, download, examples, train, trainStep } from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { crossEntropy, type DigitModel } from '../mnist-model';
import type { Digits } from './digits';
import type { Options } from './options';

/** How many steps a training takes: a batch runs on into the next epoch. */
export function stepsOf(digits: Digits, { epochs, batch: size }: Options): number {
  return Math.ceil(((digits.ys.shape[0] ?? 0) * epochs) / size);
}

/** One training: each subscription draws the digits, makes steps of Adam with them, and emits the loss of each step. */
export function training(model: DigitModel, digits: Digits, options: Options): Observable<number> {
  const { epochs, seed, learningRate } = options;
  const steps = stepsOf(digits, options);
  return defer(() => {
    const adam = train.adam();
    const batches = examples(digits, { epochs, shuffle: true, seed }).pipe(batch(options.batch), share());
    const falling = batches.pipe(map((_, step) => learningRate * (1 - step / steps)));
    return batches.pipe(
      trainStep(adam, (each) => crossEntropy(model, each), { learningRate: falling, recorded }),
      download(),
      finalize(() => adam.dispose()),
    );
  });
}
