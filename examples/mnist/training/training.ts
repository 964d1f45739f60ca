import {
  concat,
  connect,
  EMPTY,
  exhaustMap,
  filter,
  last,
  map,
  merge,
  of,
  share,
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
import { crossEntropy, disposeModel, models, type DigitBatch, type DigitModel } from '../../mnist-model';
import type { Settings } from '../controls/settings';
import { firstDigits, type Mnist } from './digits';
import { pauseWhile } from './pause-while';
import { accuracyOf, readDigits } from './reading';
import type { RunEvent } from './run-event';

/** While training, the network is tested on so many of the test digits, every so many steps … */
const SAMPLE = 500;
const STEPS_BETWEEN_READINGS = 25;
/** … and more often among the first ones, which change it most. Before them it would read the same digit everywhere. */
const FIRST_READINGS: readonly number[] = [6, 12, 18];

const isRead = (step: number): boolean =>
  FIRST_READINGS.includes(step) || step % STEPS_BETWEEN_READINGS === 0;

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

/** What else a page does with a network that learns: events of its own, with each step. While it does not complete, the final test waits. */
export type Beside = (model: DigitModel, steps$: Observable<RunEvent>) => Observable<RunEvent>;

/**
 * One run: makes a network and trains it, tests it now and then on some test digits, and on all of them at the end. Unsubscribing frees
 * everything.
 */
export function training(
  mnist: Mnist,
  { batchSize, epochs }: Settings,
  rate$: Observable<number>,
  paused$: BehaviorSubject<boolean>,
  beside: Beside = () => EMPTY,
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
      filter((_, index) => isRead(index + 1)),
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
    return concat(of(started), merge(readings$, beside(model, steps$), steps$), test$);
  });
}
