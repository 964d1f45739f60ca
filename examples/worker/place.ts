import { catchError, fromEvent, map, of, startWith, type BehaviorSubject, type Observable } from 'rxjs';
import { inWorker } from 'rxtensor/workers';
import type { Settings } from '../mnist/controls/settings';
import { describeFailure } from '../mnist/training/failure';
import { run } from '../mnist/training/run';
import type { RunEvent } from '../mnist/training/run-event';

/** The thread that trains. */
export type Place = 'worker' | 'page';

export type PlacedSettings = Settings & { readonly place: Place };

/** The place that the form shows, now and whenever the reader changes it. */
export function placeOf(form: HTMLFormElement): Observable<Place> {
  return fromEvent(form, 'change').pipe(
    startWith(undefined),
    map(() => (form.querySelector(`input[value='worker']:checked`) ? 'worker' : 'page')),
  );
}

function makeWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

/** Runs a training in the chosen thread. Both emit the same events. */
export function runInPlace(
  { place, ...settings }: PlacedSettings,
  rate$: Observable<number>,
  paused$: BehaviorSubject<boolean>,
): Observable<RunEvent> {
  if (place === 'page') return run(settings, rate$, paused$);
  const parameters = { rate: rate$, paused: paused$ };
  return of(settings).pipe(
    inWorker<Settings, RunEvent>(makeWorker, { parameters, name: 'digits' }),
    catchError((error: unknown) => of(describeFailure(error))),
    // The worker reports this as well, once it has loaded.
    startWith<RunEvent>({ kind: 'loading', settings }),
  );
}
