import type { OperatorFunction } from 'rxjs';
import { described } from '../../tensor/argument';
import { isPlainObject, isTensor } from '../../tensor/container';
import { tensor1d } from '../../tensor/ops/creation';
import { assertOptions } from '../../tensor/options';
import { cast } from '../../tensor/ops/cast';
import { concat } from '../../tensor/ops/concat';
import { reshape } from '../../tensor/ops/reshape';
import type { Tensor, Tensor1D } from '../../tensor/tensor';
import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import { operator } from '../../streams/operator';
import { forJson, fromJson } from '../json-values';
import { batchMark } from './batch-mark';
import { metrics, type AnyMetric, type ResultsOf } from './metrics';

/** Over which steps {@link stepMetrics} measures. */
export interface StepMetricsOptions {
  /** The newest so many steps; all when left out. */
  readonly window?: number;
  /** What `toJSON()` of one with the same metrics and options gave. */
  readonly state?: unknown;
}

/** What a step with {@link StepMetrics.tensors} gives when it has come down. */
export interface MeasuredStep {
  /** What {@link stepMetrics} has measured in the step, packed for reading. */
  readonly metrics: { readonly measured: ArrayLike<number> };
}

/** The same with results of metrics beside its other ones. */
export type WithResults<T extends MeasuredStep, R> = Omit<T, 'metrics'> & {
  readonly metrics: Omit<T['metrics'], 'measured'> & R;
};

/** Metrics of what a model says in its training steps. */
export interface StepMetrics<O, B, R> {
  /** For the option `metrics` of {@link trainStep}: one tensor, which comes down with the loss. */
  readonly tensors: { readonly measured: (outputs: O, batch: B) => Tensor1D };
  /** Adds what has come down of a step. Returns what the metrics amount to. */
  readonly update: (measured: ArrayLike<number>) => R;
  /** An operator below {@link download}: it puts what the metrics amount to in the place of that tensor. */
  readonly results: <T extends MeasuredStep>() => OperatorFunction<T, WithResults<T, R>>;
  /** The state as plain data, for `JSON.stringify`. */
  readonly toJSON: () => unknown;
}

/**
 * Metrics for {@link trainStep} and {@link testThenTrain}: of what the model says of each batch before its step. The labels and predictions go through the device once, as one
 * tensor, and nothing waits for them.
 *
 * Its state goes on with the next subscription; a checkpoint can keep it.
 *
 * @param byName the metrics
 * @param outputsOf gives tensors by the names that the metrics take, as `{labels, scores, predictions}`, of what the loss function gave and the batch
 * @throws when an option is wrong; as error notifications, what a metric throws, when `outputsOf` gives no tensors, and for means over several batches, of which no metric can be
 *   computed: those of `trainStep` with `accumulate`, or with steps that other members of a run share
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { regression, stepMetrics } from 'rxtensor/data';
 * const slope = dl.variable(0);
 * type Batch = Record<'x' | 'y', dl.Tensor>;
 * const measured = stepMetrics({ errors: regression() }, ({ guess }: { guess: dl.Tensor }, { y }: Batch) => ({ labels: y, predictions: guess }));
 * dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] })
 *   .pipe(
 *     dl.batch(2),
 *     dl.trainStep(
 *       dl.train.sgd(0.01),
 *       ({ x, y }: Batch) => {
 *         const guess = slope.mul(x);
 *         return { loss: dl.losses.meanSquaredError(y, guess), guess };
 *       },
 *       { metrics: measured.tensors },
 *     ),
 *     dl.download(),
 *     measured.results(),
 *   )
 *   .subscribe({
 *     next: ({ step, metrics: { errors } }) => console.log(step, errors.mae),
 *     complete: () => dl.dispose(slope),
 *   });
 * ```
 */
export function stepMetrics<O, B, M extends Readonly<Record<string, AnyMetric>>>(
  byName: M,
  outputsOf: (outputs: O, batch: B) => Readonly<Record<string, Tensor>>,
  options: StepMetricsOptions = {},
): StepMetrics<O, B, ResultsOf<M>> {
  const name = 'stepMetrics';
  const all = metrics(byName);
  type State = Parameters<typeof all.result>[0];
  type Value = Parameters<typeof all.add>[1];
  if (typeof outputsOf !== 'function')
    throw wrongGiven(name, "argument 'outputsOf'", outputsOf, 'a function');
  assertOptions<StepMetricsOptions>(name, options, { window: 1, state: 1 });
  const { window, state } = options;
  if (window !== undefined) assertPositiveInteger(name, "option 'window'", window);
  if (state !== undefined && !Array.isArray(state))
    throw wrongGiven(name, "option 'state'", state, 'what toJSON() gave');
  /** One of each step in the window; one of all steps without a window. */
  const states = (fromJson(state ?? []) as State[]).map((each) => all.merge(all.start(), each));
  /** What the tensor has, in order. It is known when the function was called, which no program that is replayed does again. */
  let names: readonly string[] = [];
  const mark = batchMark(Math.random());

  const packed = (outputs: O, batch: B): Tensor1D => {
    const tensors: unknown = outputsOf(outputs, batch);
    if (!isPlainObject(tensors) || !Object.values(tensors).every(isTensor))
      throw new Error(
        `${name}: argument 'outputsOf' gave ${described(tensors)}; wanted tensors by their names, as {labels, scores}`,
      );
    names = Object.keys(tensors);
    const flat = (Object.values(tensors) as Tensor[]).map((each) => reshape(cast(each, 'float32'), [-1]));
    return concat([tensor1d([mark.number(), ...flat.map(({ size }) => size)]), ...flat]);
  };
  const unpacked = (measured: ArrayLike<number>): Value => {
    if (typeof (measured as Partial<typeof measured> | undefined)?.length !== 'number')
      throw new Error(
        `${name}: metrics.measured is ${described(measured)}; wanted trainStep() with 'tensors' among its metrics, and download()`,
      );
    const [first, ...values] = Array.from(measured);
    if (!mark.isIn(first))
      throw new Error(
        `${name}: what came down has means over several batches; wanted those of trainStep() without 'accumulate' and shared steps of 'peers'`,
      );
    let at = names.length;
    const parts = names.map((key, i) => [key, values.slice(at, (at += values[i] ?? NaN))] as const);
    // Where floats are half floats, sizes above 2048 are rounded.
    if (at !== values.length)
      throw new Error(`${name}: what came down has ${values.length} numbers; wanted ${at}`);
    return Object.fromEntries(parts) as Value;
  };
  const update = (measured: ArrayLike<number>): ResultsOf<M> => {
    const value = unpacked(measured);
    if (window === undefined) states[0] = all.add(states[0] ?? all.start(), value);
    else {
      states.push(all.add(all.start(), value));
      while (states.length > window) states.shift();
    }
    return all.result(states.reduce(all.merge));
  };
  return {
    tensors: { measured: packed },
    update,
    results: <T extends MeasuredStep>() =>
      operator<T, WithResults<T, ResultsOf<M>>>(name, (output) => ({
        next: (value) => {
          const { measured, ...others } = (value as Partial<T>).metrics ?? ({} as T['metrics']);
          const found = update(measured);
          const reported = { ...value, metrics: { ...others, ...found } };
          output.emit(() => reported);
        },
      })),
    toJSON: () => forJson(name, states),
  };
}
