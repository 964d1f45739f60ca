/**
 * A measure of a model, as a table of functions over a state. The state is plain data (numbers, arrays and typed arrays in objects): it can be cloned,
 * posted to another thread, and written down. Parts of the data may be measured apart: `merge` makes one state of two, in any order.
 *
 * @template T what is measured, as {labels, predictions}
 * @template S the state
 * @template R the result
 */
export interface Metric<T, S, R> {
  /** For messages. */
  readonly name: string;
  /** Makes the state before the first value. */
  readonly start: () => S;
  /** Adds a value. May change the state that it is given; returns the state that takes its place. */
  readonly add: (state: S, value: T) => S;
  /** Makes the state of both parts, as if their values had been added to one. Changes neither. */
  readonly merge: (a: S, b: S) => S;
  /** What the values so far amount to. */
  readonly result: (state: S) => R;
}
