import { catchError, concat, defer, of, switchMap, type Observable } from 'rxjs';

/** What every run with pictures begins with. */
export type BeginningEvent =
  | { readonly kind: 'opening' }
  /** The models come: from 0 to 1. */
  | { readonly kind: 'loading'; readonly share: number | null };

/** What happens around the runs while a page is open. */
export type SessionEvent =
  { readonly kind: 'idle' | 'stopped' } | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs while `wanted$` is true, anew for each source. A failed run emits its error, and can be started again; so does one whose source
 * has ended.
 */
export function session<Source, RunEvent>(
  wanted$: Observable<boolean>,
  source$: Observable<Source>,
  start: (source: Source) => Observable<RunEvent>,
): Observable<RunEvent | SessionEvent> {
  const running$ = source$.pipe(
    switchMap((source) =>
      concat(
        defer(() => start(source)),
        of<SessionEvent>({ kind: 'stopped' }),
      ).pipe(catchError((error: unknown) => of<SessionEvent>({ kind: 'failed', message: messageOf(error) }))),
    ),
  );
  return wanted$.pipe(
    switchMap((isWanted, index) =>
      isWanted ? running$ : of<SessionEvent>({ kind: index === 0 ? 'idle' : 'stopped' }),
    ),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
