import { filter, firstValueFrom, tap, type BehaviorSubject, type MonoTypeOperatorFunction } from 'rxjs';
import { waitUntil } from 'rxtensor';

/**
 * A pause is back-pressure: while `paused$` holds true, no emission is finished, so the source above makes no further
 * ones. What is on its way arrives.
 */
export function pauseWhile<T>(paused$: BehaviorSubject<boolean>): MonoTypeOperatorFunction<T> {
  return tap(() => {
    if (paused$.value) waitUntil(firstValueFrom(paused$.pipe(filter((paused) => !paused))));
  });
}
