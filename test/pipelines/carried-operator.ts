import {
  audit,
  auditTime,
  bufferCount,
  bufferTime,
  concatMap,
  debounce,
  debounceTime,
  delay,
  delayWhen,
  exhaustMap,
  filter,
  mergeAll,
  mergeMap,
  observeOn,
  of,
  pairwise,
  pipe,
  sampleTime,
  skipLast,
  switchMap,
  takeLast,
  throttleTime,
  timer,
  toArray,
  windowTime,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { Carrying } from './description';
import type { Timing } from './timing';

/** The operator of RxJS that a description puts into `across`. */
export function carriedOperator<T>(
  step: Carrying,
  timing: Timing,
  scheduler: SchedulerLike,
): OperatorFunction<T, T | T[]> {
  if (!('time' in step)) return countedOperator<T>(step);
  const time = timing.exact(step, 'time');
  const later = (x: T): Observable<T> => of(x).pipe(delay(time, scheduler));
  switch (step.by) {
    case 'delay':
      return delay(time, scheduler);
    case 'observeOn':
      return observeOn(scheduler, time);
    case 'concatMap':
      return concatMap(later);
    case 'mergeMap':
      return mergeMap((x) => later(x));
    case 'switchMap':
      return switchMap(later);
    case 'exhaustMap':
      return exhaustMap(later);
    case 'delayWhen':
      return delayWhen(() => timer(time, scheduler));
    case 'debounce':
      return debounce(() => timer(time, scheduler));
    case 'audit':
      return audit(() => timer(time, scheduler));
    case 'leading throttleTime':
      return throttleTime(time, scheduler);
    case 'bufferTime':
      return pipe(
        bufferTime<T>(time, scheduler),
        filter((values) => isNotEmpty(values)),
      );
    case 'windowTime':
      return pipe(windowTime<T>(time, scheduler), mergeAll());
    case 'debounceTime':
      return debounceTime(time, scheduler);
    case 'auditTime':
      return auditTime(time, scheduler);
    case 'sampleTime':
      return sampleTime(time, scheduler);
    case 'throttleTime':
      return throttleTime(time, scheduler, { leading: true, trailing: true });
  }
}

function countedOperator<T>(step: Exclude<Carrying, { time: number }>): OperatorFunction<T, T | T[]> {
  switch (step.by) {
    case 'pairwise':
      return pairwise<T>();
    case 'bufferCount':
      return bufferCount<T>(step.size, step.every);
    case 'takeLast':
      return takeLast<T>(step.count);
    case 'skipLast':
      return skipLast<T>(step.count);
    case 'toArray':
      return pipe(
        toArray<T>(),
        filter((values) => isNotEmpty(values)),
      );
  }
}

function isNotEmpty<T>(values: T[]): boolean {
  return values.length > 0;
}

/** How many values it has to hold. */
export function carriedValues(step: Carrying): number | 'all' {
  switch (step.by) {
    case 'delay':
    case 'delayWhen':
    case 'observeOn':
    case 'concatMap':
    case 'mergeMap':
    case 'windowTime':
      return 'all';
    case 'bufferCount':
      return step.size;
    case 'takeLast':
      return step.count;
    case 'skipLast':
      return step.count + 1;
    case 'pairwise':
      return 2;
    case 'exhaustMap':
    case 'bufferTime':
    case 'toArray':
      return Infinity;
    default:
      return 1;
  }
}
