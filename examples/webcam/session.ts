import { catchError, concat, defer, map, of, startWith, switchMap, type Observable } from 'rxjs';
import type { Reading } from './readings';

/** What happens while the page is open. */
export type CameraEvent =
  | { readonly kind: 'idle' | 'opening' | 'stopped' }
  | { readonly kind: 'seen'; readonly reading: Reading }
  | { readonly kind: 'failed'; readonly message: string };

/** Runs while `wanted$` is true. A failed run emits its error, and can be started again. */
export function session(
  wanted$: Observable<boolean>,
  start: () => Observable<Reading>,
): Observable<CameraEvent> {
  const running$ = defer(start).pipe(
    map((reading): CameraEvent => ({ kind: 'seen', reading })),
    startWith<CameraEvent>({ kind: 'opening' }),
    catchError((error: unknown) => of<CameraEvent>({ kind: 'failed', message: messageOf(error) })),
  );
  return wanted$.pipe(
    switchMap((isWanted, index) =>
      isWanted ? running$ : concat(of<CameraEvent>({ kind: index === 0 ? 'idle' : 'stopped' })),
    ),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
