import { filter, fromEvent, map, Observable } from 'rxjs';
import type { FrameMessage } from '../../frame/messages';

/** Runs an example in a frame inside of `place`. Unsubscribing removes the frame, and with it all that the example holds. */
export function runExample(address: string, place: HTMLElement): Observable<FrameMessage> {
  return new Observable((subscriber) => {
    const frame = document.createElement('iframe');
    frame.title = 'The running example';
    frame.allow = 'camera';
    const messages = fromEvent<MessageEvent<FrameMessage>>(window, 'message')
      .pipe(
        filter(({ source }) => source === frame.contentWindow),
        map(({ data }) => data),
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
