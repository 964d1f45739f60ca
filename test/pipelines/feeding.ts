import { merge, tap, type Observable, type Subject } from 'rxjs';
import type { Algebra } from './algebra';
import type { Pipeline, Source } from './description';

/** A stream, and the same with what comes from a subject above all of it; the subject ends with the source. */
export type Fed<V> = (back: Subject<number> | null) => Observable<V>;

/** The stream of a pipeline that whoever subscribes may feed. */
export function fed<V>(
  { projecting, make, steps }: Algebra<V>,
  { source, steps: below }: Pipeline,
  streamOf: (source: Source) => Observable<V>,
): Fed<V> {
  // Made once: what it counts, it counts over all subscriptions.
  const source$ = streamOf(source);
  const operator = steps(below);
  return (back) => {
    if (!back) return source$.pipe(operator);
    const ending = source$.pipe(tap({ complete: () => back.complete() }));
    return merge(ending, back.pipe(projecting(make))).pipe(operator);
  };
}
