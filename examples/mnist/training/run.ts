import { catchError, concat, defer, of, switchMap, type BehaviorSubject, type Observable } from 'rxjs';
import { setBackend } from 'rxtensor';
import { loadMnist } from './digits';
import { describeFailure } from './failure';
import type { RunEvent } from './run-event';
import type { Settings } from '../controls/settings';
import { training, type Beside } from './training';

/** A run from the press of the button: the digits are loaded first. It never fails: an error is its last event. */
export function run(
  settings: Settings,
  rate$: Observable<number>,
  paused$: BehaviorSubject<boolean>,
  beside?: Beside,
): Observable<RunEvent> {
  const trained$ = defer(() => loadMnist()).pipe(
    switchMap((mnist) => {
      setBackend(settings.backend);
      return training(mnist, settings, rate$, paused$, beside);
    }),
  );
  return concat(of<RunEvent>({ kind: 'loading', settings }), trained$).pipe(
    catchError((error: unknown) => of(describeFailure(error))),
  );
}
