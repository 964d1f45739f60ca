import {
  auditTime,
  bufferCount,
  concatMap,
  debounceTime,
  delay,
  observeOn,
  of,
  pairwise,
  sampleTime,
  throttleTime,
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
  if (step.by === 'pairwise') return pairwise<T>();
  if (step.by === 'bufferCount') return bufferCount<T>(step.size, step.every);
  const time = timing.exact(step, 'time');
  switch (step.by) {
    case 'delay':
      return delay(time, scheduler);
    case 'observeOn':
      return observeOn(scheduler, time);
    case 'concatMap':
      return concatMap((x) => of(x).pipe(delay(time, scheduler)));
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

/** How many values it has to hold. */
export function carriedValues(step: Carrying): number | 'all' {
  switch (step.by) {
    case 'delay':
    case 'observeOn':
    case 'concatMap':
      return 'all';
    case 'bufferCount':
      return step.size;
    case 'pairwise':
      return 2;
    default:
      return 1;
  }
}
