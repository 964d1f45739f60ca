import { BehaviorSubject, switchMap, using, type Observable } from 'rxjs';
import { serve } from 'rxtensor/workers';
import type { Settings } from '../mnist/controls/settings';
import { run } from '../mnist/training/run';
import type { RunEvent } from '../mnist/training/run-event';

interface Parameters {
  readonly rate: number;
  readonly paused: boolean;
}

/** The newest value of an observable, to be looked at whenever it is needed. */
function followed<R>(
  source$: Observable<boolean>,
  use: (latest$: BehaviorSubject<boolean>) => Observable<R>,
): Observable<R> {
  const latest$ = new BehaviorSubject(false);
  return using(
    () => source$.subscribe(latest$),
    () => use(latest$),
  );
}

// The page sends the settings of a run; the digits are loaded, and the network lives, here.
serve<Settings, RunEvent, Parameters>((settings$, { rate, paused }) =>
  settings$.pipe(switchMap((settings) => followed(paused, (paused$) => run(settings, rate, paused$)))),
);
