import { Observable } from 'rxjs';
import { emission } from '../../src/streams/emission';
import { noTrail } from '../../src/streams/trail';

/** A source of values that come at once, each with the time of its place. */
export const withTimes = <T>(values: readonly T[], seconds: number): Observable<T> =>
  new Observable<T>((subscriber) => {
    values.forEach((value, i) => {
      const time = { media: Math.round(1e6 * i * seconds) / 1e6, capture: 1000 * i * seconds };
      emission('withTimes', () => subscriber.next(value), { ...noTrail, time });
    });
    subscriber.complete();
  });
