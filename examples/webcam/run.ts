import {
  ignoreElements,
  merge,
  share,
  tap,
  timer,
  withLatestFrom,
  firstValueFrom,
  type Observable,
} from 'rxjs';
import { download, mapTensor, paint, slidingWindow, waitUntil, webcam } from 'rxtensor';
import type { Settings } from './controls';
import { filters, gray } from './filters';
import { counted, measure, type Reading } from './readings';

/** The canvases that a run paints. */
export interface Screens {
  readonly camera: HTMLCanvasElement;
  readonly filtered: HTMLCanvasElement;
}

/**
 * One camera whose frames are painted, filtered and measured. Nothing here frees a tensor. Unsubscribing ends everything and releases the
 * camera.
 *
 * @param onDrop called with the number of dropped frames
 */
export function run(
  { camera, filtered }: Screens,
  settings$: Observable<Settings>,
  onDrop: (dropped: number) => void,
): Observable<Reading> {
  const frames$ = webcam({ width: 320, height: 240, facingMode: 'user' }, { normalize: '0..1', onDrop }).pipe(
    withLatestFrom(settings$),
    share(),
  );
  const painted$ = frames$.pipe(
    mapTensor(([frame]) => frame),
    paint(camera),
  );
  const filtered$ = frames$.pipe(
    mapTensor(([frame, { filter, threshold }]) => filters[filter]!(frame, threshold)),
    paint(filtered),
  );
  const slowed$ = frames$.pipe(tap(([, { work }]) => waitUntil(firstValueFrom(timer(work)))));
  const readings$ = frames$.pipe(
    mapTensor(([frame]) => gray(frame)),
    slidingWindow(2),
    mapTensor(measure),
    download(),
    counted(),
  );
  return merge(merge(painted$, filtered$, slowed$).pipe(ignoreElements()), readings$);
}
