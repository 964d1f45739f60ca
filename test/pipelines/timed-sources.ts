/** Sources of RxJS on virtual time, the same numbers for both interpreters. */
import {
  concat,
  EMPTY,
  from,
  map,
  mergeMap,
  NEVER,
  Subject,
  take,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { DRAWN_ERROR } from './algebra';
import type { Source } from './description';
import type { Timing } from './timing';

type Of<Name extends Source['source']> = Extract<Source, { source: Name }>;

const ends: Record<Source['ending'], Observable<never>> = {
  complete: EMPTY,
  error: throwError(() => new Error(DRAWN_ERROR)),
  never: NEVER,
};

/** All values at once, and the end. */
export function atOnce({ values, ending }: Source): Observable<number> {
  return concat(from(values), ends[ending]);
}

/** A value every period, and the end right after the last. */
export function ticking(
  source: Of<'hot' | 'cold'>,
  timing: Timing,
  scheduler: SchedulerLike,
): Observable<number> {
  const { values, ending } = source;
  const start = timing.exact(source, 'start');
  if (values.length === 0) return timer(start, scheduler).pipe(mergeMap(() => ends[ending]));
  const ticks = timer(start, timing.exact(source, 'period'), scheduler);
  const numbers = ticks.pipe(
    take(values.length),
    map((i) => values[i]!),
  );
  return concat(numbers, ends[ending]);
}

/** Subjects that are fed from the beginning of virtual time, by their places in the description. */
export class HotSources {
  private readonly subjects = new Map<object, Subject<number>>();

  constructor(
    description: object,
    private readonly timing: Timing,
    private readonly scheduler: SchedulerLike,
  ) {
    this.visit(description);
  }

  at(place: Of<'hot'>): Observable<number> {
    return this.subjects.get(place)!;
  }

  private visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if ('source' in value && value.source === 'hot') {
      const subject = new Subject<number>();
      this.subjects.set(value, subject);
      ticking(value as Of<'hot'>, this.timing, this.scheduler).subscribe(subject);
      // Nobody may be listening when it fails.
      subject.subscribe({ error: () => undefined });
    }
    for (const each of Object.values(value)) this.visit(each);
  }
}
