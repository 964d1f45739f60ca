import { catchError, concat, defer, of, switchMap, type Observable } from 'rxjs';
import type { PictureSource } from '../page/pictures';
import type { RunEvent } from './run';

/** What happens while the page is open. */
export type CameraEvent =
  RunEvent | { readonly kind: 'idle' | 'stopped' } | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs while `wanted$` is true, anew for each source of pictures. A failed run emits its error, and can be started again; so does one whose pictures
 * have ended.
 */
export function session(
  wanted$: Observable<boolean>,
  source$: Observable<PictureSource>,
  start: (source: PictureSource) => Observable<RunEvent>,
): Observable<CameraEvent> {
  const running$ = source$.pipe(
    switchMap((source) =>
      concat(
        defer(() => start(source)),
        of<CameraEvent>({ kind: 'stopped' }),
      ).pipe(catchError((error: unknown) => of<CameraEvent>({ kind: 'failed', message: messageOf(error) }))),
    ),
  );
  return wanted$.pipe(
    switchMap((isWanted, index) =>
      isWanted ? running$ : of<CameraEvent>({ kind: index === 0 ? 'idle' : 'stopped' }),
    ),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
