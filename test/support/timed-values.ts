import { Observable } from 'rxjs';
import { emission } from '../../src/streams/emission';
import { noTrail } from '../../src/streams/trail';

/** A source of values that come at once, each with its time in seconds; null for none. */
export const atTimes = <T>(values: readonly (readonly [seconds: number | null, value: T])[]): Observable<T> =>
  new Observable<T>((subscriber) => {
    for (const [seconds, value] of values) {
      const time =
        seconds === null ? null : { media: Math.round(1e6 * seconds) / 1e6, capture: 1000 * seconds };
      emission('atTimes', () => subscriber.next(value), { ...noTrail, time });
    }
    subscriber.complete();
  });

/** The same, with values that come after each other. */
export const withTimes = <T>(values: readonly T[], seconds: number): Observable<T> =>
  atTimes(values.map((value, i) => [i * seconds, value] as const));
