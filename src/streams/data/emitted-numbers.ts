/**
 * The data type of numbers that a source emits by themselves: a number cannot carry its type, so the observable does. An operator of ours
 * knows the type when it is applied to the source directly; below other operators numbers are float32, since those may compute new ones.
 */
import type { Observable } from 'rxjs';
import type { DataType } from '../../tensor';

const TYPE = Symbol('type of numbers');

interface Marked {
  [TYPE]?: () => DataType;
}

const float32 = (): DataType => 'float32';

/** A function that returns the data type of the numbers in a stream; valid once the stream has emitted one. */
export function emittedNumbersOf(stream: Observable<unknown>): () => DataType {
  return (stream as Marked)[TYPE] ?? float32;
}

/** Marks a stream with the data type of its numbers. */
export function withEmittedNumbers<T>(stream: Observable<T>, type: () => DataType): Observable<T> {
  (stream as Marked)[TYPE] = type;
  return stream;
}
