import { filter, fromEvent, map, Observable, skip, Subject, takeUntil } from 'rxjs';
import type { FrameMessage } from '../../frame/messages';

/** So many examples run at once. A browser gives a page some 16 WebGL contexts, and takes the oldest away for one more: its example would fail. */
const MOST_RUNNING = 8;
const begun = new Subject<void>();

/**
 * Runs an example in a frame inside of `place`. Unsubscribing removes the frame, and with it all that the example holds. It completes when
 * {@link MOST_RUNNING} others have begun after it.
 */
export function runExample(address: string, place: HTMLElement): Observable<FrameMessage> {
  return new Observable((subscriber) => {
    begun.next();
    const frame = document.createElement('iframe');
    frame.title = 'The running example';
    frame.allow = 'camera';
    const messages = fromEvent<MessageEvent<FrameMessage>>(window, 'message')
      .pipe(
        filter(({ source }) => source === frame.contentWindow),
        map(({ data }) => data),
        takeUntil(begun.pipe(skip(MOST_RUNNING - 1))),
      )
      .subscribe(subscriber);
    frame.src = address;
    place.append(frame);
    return () => {
      messages.unsubscribe();
      frame.remove();
    };
  });
}
