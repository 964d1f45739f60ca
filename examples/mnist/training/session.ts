import {
  BehaviorSubject,
  filter,
  map,
  merge,
  of,
  share,
  switchMap,
  tap,
  withLatestFrom,
  type Observable,
} from 'rxjs';
import type { Command } from '../controls/commands';
import { run } from './run';
import type { RunEvent } from './run-event';
import type { Settings } from '../controls/settings';

/** The whole page: commands in, events out. A start ends the run before it, as does a stop. */
export function session<S extends Settings>(
  commands$: Observable<Command>,
  settings$: Observable<S>,
  rate$: Observable<number>,
  start: (
    settings: S,
    rate$: Observable<number>,
    paused$: BehaviorSubject<boolean>,
  ) => Observable<RunEvent> = run,
): Observable<RunEvent> {
  const paused$ = new BehaviorSubject(false);
  const command$ = commands$.pipe(
    tap((command) => paused$.next(command === 'pause')),
    share(),
  );
  const runs$ = command$.pipe(
    filter((command) => command === 'start' || command === 'stop'),
    withLatestFrom(settings$),
    switchMap(([command, settings]) =>
      command === 'start' ? start(settings, rate$, paused$) : of<RunEvent>({ kind: 'stopped' }),
    ),
  );
  const pauses$ = command$.pipe(
    filter((command) => command === 'pause' || command === 'resume'),
    map((command): RunEvent => ({ kind: command === 'pause' ? 'paused' : 'resumed' })),
  );
  return merge(runs$, pauses$).pipe(share());
}
