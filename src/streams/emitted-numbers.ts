/**
 * The data type of numbers that a source emits alone: a number cannot remember what it is, so the observable does. It is known where an
 * operator of ours is applied to the source directly; behind other operators numbers are float32, since those may compute new ones.
 */
import type { Observable } from 'rxjs';
import type { DataType } from '../tensor';

const TYPE = Symbol('type of numbers');

interface Marked {
  [TYPE]?: () => DataType;
}

const float32 = (): DataType => 'float32';

/** What the numbers are that a stream emits; to be asked when there is one. */
export function emittedNumbersOf(stream: Observable<unknown>): () => DataType {
  return (stream as Marked)[TYPE] ?? float32;
}

/** Notes what the numbers are that a stream emits. */
export function withEmittedNumbers<T>(stream: Observable<T>, type: () => DataType): Observable<T> {
  (stream as Marked)[TYPE] = type;
  return stream;
}
