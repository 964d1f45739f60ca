import { filter, fromEvent, map, merge, type Observable } from 'rxjs';

/** What the reader asks for. */
export type Command = 'start' | 'pause' | 'resume' | 'stop';

/** The buttons' clicks: the run button's value says what it does at the time, if anything. */
export function commandsOf(run: HTMLButtonElement, stop: HTMLButtonElement): Observable<Command> {
  return merge(
    fromEvent(run, 'click').pipe(
      filter(() => run.ariaDisabled !== 'true'),
      map(() => run.value as Command),
    ),
    fromEvent(stop, 'click').pipe(map((): Command => 'stop')),
  );
}
