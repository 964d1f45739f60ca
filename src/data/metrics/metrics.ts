import { described } from '../../tensor/argument';
import { isPlainObject } from '../../tensor/container';
import type { Metric } from './metric';
import { assertMetric } from './arguments';

/** A metric of any values. */
export interface AnyMetric {
  /** Its name, for error messages. */
  readonly name: string;
  /** The state of no values. */
  readonly start: () => unknown;
  /** The state with one more value. */
  readonly add: (state: never, value: never) => unknown;
  /** The state of the values of both. */
  readonly merge: (a: never, b: never) => unknown;
  /** What a state amounts to. */
  readonly result: (state: never) => unknown;
}

/** The results of metrics, by name. */
export type ResultsOf<M extends Readonly<Record<string, AnyMetric>>> = {
  readonly [K in keyof M]: ReturnType<M[K]['result']>;
};
/** The states of metrics, by name. */
export type StatesOf<M extends Readonly<Record<string, AnyMetric>>> = {
  readonly [K in keyof M]: ReturnType<M[K]['start']>;
};
/** The value that all of some metrics take. */
export type ValueOf<M extends Readonly<Record<string, AnyMetric>>> = {
  [K in keyof M]: (value: Parameters<M[K]['add']>[1]) => void;
}[keyof M] extends (value: infer T) => void
  ? T
  : never;

/**
 * Several metrics of the same values, as one.
 *
 * @example
 * ```ts
 * import { calibration, measure, metrics, rocAuc } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1], scores: [0.2, 0.9] })
 *   .pipe(measure(metrics({ auc: rocAuc(), calibration: calibration() })))
 *   .subscribe(({ auc, calibration: { brier } }) => console.log(auc.value, brier)); // 1 0.025
 * ```
 */
export function metrics<M extends Readonly<Record<string, AnyMetric>>>(
  byName: M,
): Metric<ValueOf<M>, StatesOf<M>, ResultsOf<M>> {
  const name = 'metrics';
  if (!isPlainObject(byName))
    throw new Error(`${name}: argument 'byName' is ${described(byName)}; wanted an object of metrics`);
  for (const each of Object.values(byName)) assertMetric(name, each);
  type Any = Metric<unknown, unknown, unknown>;
  const entries = Object.entries(byName) as unknown as [string, Any][];
  const each = (f: (metric: Any, key: string) => unknown): object =>
    Object.fromEntries(entries.map(([key, metric]) => [key, f(metric, key)]));
  type States = Readonly<Record<string, unknown>>;
  const stateOf = (states: unknown, key: string): unknown => {
    if (isPlainObject(states) && Object.hasOwn(states, key)) return states[key];
    throw new Error(
      `${name}: a state to merge has no '${key}'; wanted one of the metrics ${entries.map(([each]) => each).join(', ')}`,
    );
  };
  return {
    name,
    start: () => each(({ start }) => start()) as StatesOf<M>,
    add: (states, value) => each(({ add }, key) => add((states as States)[key], value)) as StatesOf<M>,
    merge: (a, b) => each(({ merge }, key) => merge(stateOf(a, key), stateOf(b, key))) as StatesOf<M>,
    result: (states) => each(({ result }, key) => result((states as States)[key])) as ResultsOf<M>,
  };
}
