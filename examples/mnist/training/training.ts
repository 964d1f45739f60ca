import {
  concat,
  connect,
  exhaustMap,
  filter,
  last,
  map,
  merge,
  of,
  share,
  startWith,
  using,
  zip,
  type BehaviorSubject,
  type Observable,
} from 'rxjs';
import {
  batch,
  download,
  examples,
  exponentialMean,
  getBackend,
  mapTensor,
  train,
  trainStep,
} from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { crossEntropy, disposeModel, models, type DigitBatch } from '../../mnist-model';
import type { Settings } from '../controls/settings';
import { firstDigits, type Mnist } from './digits';
import { pauseWhile } from './pause-while';
import { accuracyOf, readDigits } from './reading';
import type { RunEvent } from './run-event';

/** While training, the network is tested on so many of the test digits, every so many steps. */
const SAMPLE = 500;
const STEPS_BETWEEN_READINGS = 25;

/** The inertia of the mean of the losses: about the last 16 count. */
const INERTIA = 0.94;

/** The resources of a run, which it frees however it ends. */
function newLearner() {
  const model = models.cnn();
  const optimizer = train.adam();
  return {
    model,
    optimizer,
    unsubscribe: () => {
      optimizer.dispose();
      disposeModel(model);
    },
  };
}

/**
 * One run: makes a network and trains it, tests it now and then on some test digits, and on all of them at the end. Unsubscribing frees
 * everything.
 */
export function training(
  mnist: Mnist,
  { batchSize, epochs }: Settings,
  rate$: Observable<number>,
  paused$: BehaviorSubject<boolean>,
): Observable<RunEvent> {
  return using(newLearner, (resource) => {
    const { model, optimizer } = resource as ReturnType<typeof newLearner>;
    const sample = firstDigits(mnist.test, SAMPLE);
    const { xs, ys } = mnist.train;
    const stepsPerEpoch = Math.ceil(ys.length / batchSize);

    const steps$ = examples({ xs, ys }, { epochs, shuffle: true, seed: Date.now() % 65_536 }).pipe(
      pauseWhile(paused$),
      batch(batchSize),
      trainStep(optimizer, (digits) => crossEntropy(model, digits as DigitBatch), {
        learningRate: rate$,
        recorded,
      }),
      mapTensor((loss) => ({ loss, rate: optimizer.learningRate })),
      download(),
      connect((taken$) =>
        zip(
          taken$,
          taken$.pipe(
            map(({ loss }) => loss),
            exponentialMean(INERTIA),
          ),
        ),
      ),
      map(([{ loss, rate }, meanLoss], index): RunEvent => ({
        kind: 'step',
        step: index + 1,
        loss,
        meanLoss,
        rate,
        time: performance.now(),
      })),
      share(),
    );

    const readings$ = steps$.pipe(
      filter((_, index) => index % STEPS_BETWEEN_READINGS === STEPS_BETWEEN_READINGS - 1),
      startWith(undefined),
      exhaustMap(() => readDigits(model, sample).pipe(last())),
      map((guesses): RunEvent => ({ kind: 'reading', guesses, accuracy: accuracyOf(guesses, sample) })),
    );

    const test$ = readDigits(model, mnist.test).pipe(
      connect((guesses$) =>
        merge(
          guesses$.pipe(
            map((guesses): RunEvent => ({
              kind: 'testing',
              done: guesses.length,
              of: mnist.test.ys.length,
            })),
          ),
          // As the test completes, so that everything is freed when the end is seen.
          guesses$.pipe(
            last(),
            map((guesses): RunEvent => ({
              kind: 'finished',
              guesses,
              accuracy: accuracyOf(guesses, mnist.test),
            })),
          ),
        ),
      ),
    );

    const started: RunEvent = { kind: 'started', backend: getBackend(), stepsPerEpoch };
    return concat(of(started), merge(readings$, steps$), test$);
  });
}
