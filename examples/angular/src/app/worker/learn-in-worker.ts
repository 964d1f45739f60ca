import { inWorker } from 'rxtensor/workers';
import { of, type Observable } from 'rxjs';
import type { Progress } from '../training/progress';

const makeWorker = (): Worker =>
  new Worker(new URL('./learn-curve.worker', import.meta.url), { type: 'module' });

/** Each subscription has a worker of its own, which ends with it. */
export function learnInWorker(rate$: Observable<number>): Observable<Progress> {
  return of('begin').pipe(
    inWorker<string, Progress>(makeWorker, { parameters: { rate: rate$ }, name: 'curve' }),
  );
}
