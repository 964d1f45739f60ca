import { filter, firstValueFrom, tap, type BehaviorSubject, type MonoTypeOperatorFunction } from 'rxjs';
import { waitUntil } from 'rxtensor';

/**
 * Pauses by back-pressure: while `paused$` is true, emissions stay unfinished, so the source above emits no more values. Values that
 * it has already emitted still arrive.
 */
export function pauseWhile<T>(paused$: BehaviorSubject<boolean>): MonoTypeOperatorFunction<T> {
  return tap(() => {
    if (paused$.value) waitUntil(firstValueFrom(paused$.pipe(filter((paused) => !paused))));
  });
}
