import {
  firstValueFrom,
  ignoreElements,
  merge,
  share,
  tap,
  timer,
  withLatestFrom,
  type Observable,
} from 'rxjs';
import { download, mapTensor, paint, slidingWindow, waitUntil, type Tensor3D } from 'rxtensor';
import { rates, type Rates } from 'rxtensor/vision';
import { measure, type Reading } from '../readings';
import { filters, gray } from './pixel-filters';
import type { Stage } from './scene';

/** Convolutions without a model; brightness and motion are measured beside them, and the work can be made slow. */
export function filtered(
  frames$: Observable<Tensor3D>,
  { canvas, inset, settings$, dropped }: Stage,
): Observable<Rates<Reading>> {
  const all$ = frames$.pipe(
    withLatestFrom(settings$),
    share(), // one camera for all
  );
  const shown$ = merge(
    all$.pipe(
      mapTensor(([frame]) => frame),
      paint(inset),
    ),
    all$.pipe(
      mapTensor(([frame, { filter, threshold }]) => filters[filter]!(frame, threshold)),
      paint(canvas),
    ),
    all$.pipe(tap(([, { work }]) => waitUntil(firstValueFrom(timer(work))))),
  );
  const measured$ = all$.pipe(
    mapTensor(([frame]) => gray(frame)),
    slidingWindow(2),
    mapTensor(measure),
    download(),
    rates({ dropped }),
  );
  return merge(shown$.pipe(ignoreElements()), measured$);
}
