import { distinctUntilChanged, fromEvent, map, startWith, type Observable } from 'rxjs';

/** Whether the reader wants to see. A click does what the button says. */
export function wantedOf(button: HTMLButtonElement): Observable<boolean> {
  return fromEvent(button, 'click').pipe(
    map(() => button.value === 'start'),
    startWith(false),
    distinctUntilChanged((before, now) => before === now && !now),
  );
}
