import { isObservable, Subscription, type Observable, type OperatorFunction } from 'rxjs';
import { forEachTensor } from '../../tensor/container';
import { withoutTaping } from '../../tensor/extent';
import { getOwn } from '../../tensor/own-property';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { subscribing, trailNow, waitUntil } from '../emission';
import { assertPositiveInteger, wrongGiven } from '../checks/arguments';
import { inOrderFor } from './parts/in-order';
import { operator } from '../operator';
import { joinedTrails, noTrail } from '../trail';
import { parameters, RememberedVariables } from '../ownership/remembered-variables';
import { download } from './download';
import { mapping } from './map-tensor';

/** The result of a metric: a scalar, or several by name. */
export type Measures = Tensor | Readonly<Record<string, Tensor>>;

/** The type of {@link Measures} as numbers. */
export type Measured<M> = M extends Tensor ? number : { readonly [K in keyof M]: number };

/** A measure of all batches together; `evaluation` of `rxtensor/data` makes one of a metric. The state is this object's own. */
export interface Evaluation<B, R> {
  /** Applies the model to a batch: tensors, in any container. Nothing is taped. */
  readonly of: (batch: B) => unknown;
  /** The state before the first batch. */
  readonly start: () => unknown;
  /** Adds what `of` gave, as {@link download} gives it. */
  readonly add: (state: unknown, outputs: unknown) => unknown;
  /** What a state amounts to. */
  readonly result: (state: unknown) => R;
}

/** A value, and what was measured with it. */
export interface Validated<T, M> {
  /** The value, unchanged. */
  readonly value: T;
  /** The mean of the metric over all batches; null when nothing was measured at this value. */
  readonly validation: Measured<M> | null;
}

/**
 * Measures the model on other data at regular intervals: the mean of `metric` over the batches of `source`. It emits all values, in order, as
 * `{value, validation}`. Values that come during a measurement wait, and so do sources with back-pressure.
 *
 * It measures the variables as they were when the value came, even if steps are taken meanwhile. Nothing is taped, and changes that the metric
 * makes to variables (such as a moving average) are undone. Put it directly below {@link trainStep}: below `download` the variables may
 * already be those of a later step.
 *
 * ```text
 *  losses                          --1--2------3--|
 *  source                               a-b|
 *  validate(2, source, metric)     --{1}------{2,v}-{3}|     v: the mean of metric(a) and metric(b)
 * ```
 *
 * @param every after how many steps of the optimizer it measures each time; after how many values, when there is no step above
 * @param source is subscribed to anew for each measurement
 * @param metric applies the model to a batch; returns a scalar, or several by name. All batches have the same weight in the mean: use one size. Or an
 *   {@link Evaluation}, for what is no mean
 * @throws (as error notifications) what the source and the metric throw, when the source has no batch, and for a value on the tape that would have to wait
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const slope = dl.variable(0);
 * const loss = ({ x, y }: { x: dl.Tensor; y: dl.Tensor }) => dl.losses.meanSquaredError(y, slope.mul(x));
 * const test = dl.examples({ x: [5, 6], y: [10, 12] }).pipe(dl.batch(2));
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, { epochs: 50 })
 *   .pipe(
 *     dl.batch(2),
 *     dl.trainStep(dl.train.sgd(0.01), loss),
 *     dl.validate(10, test, loss),
 *     dl.earlyStop({ patience: 2, minDelta: 0.001 }),
 *     dl.download(),
 *   )
 *   .subscribe({
 *     next: ({ value, validation }) => console.log(value, validation),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 */
export function validate<T, B, M extends Measures>(
  every: number,
  source: Observable<B>,
  metric: (batch: B) => M,
): OperatorFunction<T, Validated<T, M>>;
export function validate<T, B, R>(
  every: number,
  source: Observable<B>,
  metric: Evaluation<B, R>,
): OperatorFunction<T, { readonly value: T; readonly validation: R | null }>;
export function validate<T, B>(
  every: number,
  source: Observable<B>,
  metric: ((batch: B) => Measures) | Evaluation<B, unknown>,
): OperatorFunction<T, { readonly value: T; readonly validation: unknown }> {
  const name = 'validate';
  assertPositiveInteger(name, "argument 'every'", every);
  if (!isObservable(source)) throw wrongGiven(name, "argument 'source'", source, 'an observable of batches');
  if (typeof metric !== 'function' && typeof metric?.of !== 'function') {
    throw new Error(`${name}: argument 'metric' is ${typeof metric}; wanted a function`);
  }
  const evaluation = typeof metric === 'function' ? meanOf(name, metric) : metric;
  return operator<T, { value: T; validation: unknown }>(name, (output) => {
    const measurements = new Subscription();
    let count = 0;
    const inOrder = inOrderFor(output);
    /** Ends the stream after the measurements under way; at once when there are none. */
    const end = (notify: () => void): void => {
      if (inOrder.isIdle()) notify();
      else void inOrder.add(notify);
    };

    const emitLater = (value: T, variables: RememberedVariables | null): void => {
      const held = output.hold(value);
      const free = new Subscription(() => {
        held.release();
        variables?.release();
      });
      measurements.add(free);
      let finished: Promise<void> | null = null;
      const turn = inOrder.add(async () => {
        try {
          const validation = variables && (await evaluate(name, source, evaluation, variables, measurements));
          if (!output.isOpen()) return;
          const trail = joinedTrails({ ...noTrail, measured: variables }, held.trail);
          finished = output.emitTracked(() => ({ value: held.handOver(), validation }), trail);
        } finally {
          // Operators below may use the variables until the emission is finished.
          void Promise.resolve(finished).then(() => free.unsubscribe());
        }
      });
      waitUntil(turn.then(() => finished));
    };

    return {
      next: (value) => {
        const isDue = (trailNow().steps[0]?.step ?? ++count) % every === 0;
        if (isDue) emitLater(value, RememberedVariables.of(parameters()));
        else if (inOrder.isIdle()) output.emit(() => ({ value, validation: null }));
        else emitLater(value, null);
      },
      error: (error) => end(() => output.error(error)),
      complete: () => end(output.complete),
      teardown: () => measurements.unsubscribe(),
    };
  });
}

/** The mean of a metric over batches. */
function meanOf<B>(name: string, metric: (batch: B) => Measures): Evaluation<B, Numbers> {
  type Sum = readonly [batches: number, sum: Numbers];
  return {
    of: (batch) => assertScalars(name, metric(batch)),
    start: () => [0, 0],
    add: (state, measured) => {
      const [batches, sum] = state as Sum;
      return [batches + 1, batches === 0 ? (measured as Numbers) : sumOf(sum, measured as Numbers)];
    },
    result: (state) => mapNumbers((state as Sum)[1], (each) => each / (state as Sum)[0]),
  };
}

/** The result of all batches, with the remembered variables. */
function evaluate<B, R>(
  name: string,
  source: Observable<B>,
  { of, start, add, result }: Evaluation<B, R>,
  variables: RememberedVariables,
  subscriptions: Subscription,
): Promise<R> {
  const measure = (batch: B): unknown => variables.during(() => withoutTaping(() => of(batch)));
  let batches = 0;
  let state = start();
  return new Promise((resolve, reject) => {
    const failed: (error: unknown) => void = reject;
    const subscription = subscribing(() =>
      source.pipe(mapping(name, measure), download()).subscribe({
        next: (measured) => {
          batches++;
          try {
            state = add(state, measured);
          } catch (error) {
            failed(error);
          }
        },
        error: reject,
        complete: () => {
          if (batches > 0) resolve(Promise.resolve(state).then(result));
          else reject(new Error(`${name}: argument 'source' completed without a batch; wanted at least one`));
        },
      }),
    );
    subscriptions.add(subscription);
  });
}

type Numbers = number | Record<string, number>;

function assertScalars<M extends Measures>(name: string, measures: M): M {
  forEachTensor(measures, ({ rank, shape }) => {
    if (rank === 0) return;
    throw new Error(
      `${name}: argument 'metric' gave a tensor of shape ${formatShape(shape)}; wanted a scalar, or several by name`,
    );
  });
  return measures;
}

function mapNumbers(numbers: Numbers, project: (each: number, key: string) => number): Numbers {
  if (typeof numbers === 'number') return project(numbers, '');
  return Object.fromEntries(Object.entries(numbers).map(([key, each]) => [key, project(each, key)]));
}

function sumOf(a: Numbers, b: Numbers): Numbers {
  return mapNumbers(b, (each, key) => each + (typeof a === 'number' ? a : (getOwn(a, key) ?? 0)));
}
