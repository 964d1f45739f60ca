/** The operators of RxJS, written once for both interpreters: that they work on tensors as they do on numbers is what is tested. */
import {
  catchError,
  concatMap,
  concatWith,
  defer,
  exhaustMap,
  filter,
  map,
  merge,
  mergeMap,
  mergeWith,
  pipe,
  range,
  repeat,
  retry,
  scan,
  share,
  skip,
  Subject,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { DRAWN_ERROR, modulo, type Algebra, type StepTable } from './algebra';
import type { StockStep } from './description';
import { plainOperator } from './plain-operator';

type Flatten = <T, R>(project: (value: T) => Observable<R>) => OperatorFunction<T, R>;

const flattening = {
  switchMap: (project) => switchMap((value) => project(value)),
  mergeMap: (project) => mergeMap((value) => project(value)),
  concatMap: (project) => concatMap((value) => project(value)),
  exhaustMap: (project) => exhaustMap((value) => project(value)),
} satisfies Record<string, Flatten>;

/** The table of stock steps for one kind of values. */
export function stockSteps<V>(): StepTable<StockStep, Algebra<V>, V> {
  return {
    map: (_step, { changed }) => map((x) => changed(x)),
    filter: ({ odd }, { read }) => filter((x) => (read(x) % 2 === 1) === odd),
    tap: (_step, { read }) => tap((x) => void read(x)),
    take: ({ count }) => take(count),
    skip: ({ count }) => skip(count),
    takeWhile: ({ below, inclusive }, { read }) => takeWhile((x) => read(x) < below, inclusive),
    takeUntil: (step, { scheduler, timing }) => takeUntil(timer(timing.exact(step, 'time'), scheduler)),
    'leave within': ({ count, where, steps: inner }, { steps }) => {
      const inside = steps(inner);
      return (source) =>
        defer(() => {
          const left = new Subject<void>();
          let seen = 0;
          const leaving = tap<V>(() => {
            if (++seen === count) left.next();
          });
          const streams: Record<typeof where, () => Observable<V>> = {
            above: () => source.pipe(leaving, inside, takeUntil(left)),
            below: () => source.pipe(inside, leaving, takeUntil(left)),
            'from above': () => source.pipe(takeUntil(left), inside, leaving),
          };
          return streams[where]();
        });
    },
    scan: (_step, { read, projecting, make }) =>
      pipe(
        map((x) => read(x)),
        scan((sum, x) => modulo(sum + x)),
        projecting(make),
      ),
    share: ({ left, right }, { steps }) => {
      const [first, second] = [steps(left), steps(right)];
      return (source) => {
        const shared = source.pipe(share());
        return merge(shared.pipe(first), shared.pipe(second));
      };
    },
    flatten: ({ by, inner }, { read, sum, projecting, pipeline }) => {
      const inner$ = pipeline(inner);
      return pipe(
        map((x) => read(x)),
        flattening[by]((outer) => inner$.pipe(projecting((x) => sum(x, outer)))),
      );
    },
    'flatten at once': ({ by, count, steps: inner }, { sum, projecting, steps }) => {
      const inside = steps(inner);
      return flattening[by]((outer) =>
        range(0, count).pipe(
          projecting((i) => sum(outer, i)),
          inside,
        ),
      );
    },
    merge: ({ other }, { pipeline }) => mergeWith(pipeline(other)),
    concat: ({ other }, { pipeline }) => concatWith(pipeline(other)),
    catchError: ({ other }, { pipeline }) => {
      const other$ = pipeline(other);
      return catchError(() => other$);
    },
    retry: ({ count }) => retry(count),
    repeat: ({ count }) => repeat(count),
    defer: () => (source) => defer(() => source),
    fail: ({ at, within }, { projecting }) => {
      let seen = 0;
      const pass = (x: V): V => {
        if (++seen === at) throw new Error(DRAWN_ERROR);
        return x;
      };
      const operators: Record<typeof within, MonoTypeOperatorFunction<V>> = {
        mapTensor: projecting(pass),
        map: map(pass),
        tap: tap(pass),
      };
      return operators[within];
    },
    feedback: ({ times, by, steps: inner }, { read, projecting, adding, make, steps }) => {
      const inside = steps(inner);
      return (source) =>
        defer(() => {
          const back = new Subject<number>();
          let left = times;
          const feed = (number: number): void => {
            if (left-- > 0) back.next(modulo(number + 1));
          };
          const operators: Record<typeof by, () => MonoTypeOperatorFunction<V>> = {
            tap: () => tap((x) => feed(read(x))),
            after: () => afterwards(read, feed),
            projection: () =>
              projecting((x) => {
                feed(read(x));
                return x;
              }),
            accumulate: () => adding((x) => feed(read(x))),
          };
          return merge(
            source.pipe(tap({ complete: () => back.complete() })),
            back.pipe(projecting(make)),
          ).pipe(inside, operators[by]());
        });
    },
  };
}

/** Tells of a value when whoever is below has seen it. */
function afterwards<V>(
  read: (value: V) => number,
  tell: (number: number) => void,
): MonoTypeOperatorFunction<V> {
  return plainOperator((subscriber) => ({
    next: (value) => {
      const number = read(value);
      subscriber.next(value);
      tell(number);
    },
  }));
}
