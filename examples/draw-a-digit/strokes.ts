import {
  animationFrameScheduler,
  auditTime,
  fromEvent,
  map,
  merge,
  shareReplay,
  startWith,
  switchMap,
  takeUntil,
  tap,
  type Observable,
} from 'rxjs';
import { inkOf } from './ink';

/** How wide a stroke is, in pixels of the canvas: as the pens of MNIST's writers, when the digit fills the canvas. */
const WIDTH = 22;

/** What is drawn on the canvas after each stroke, as the network wants it; null where it is empty. The reader draws, and clears it by the button. */
export function strokesOn(
  canvas: HTMLCanvasElement,
  clear: HTMLButtonElement,
): Observable<Float32Array | null> {
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  pen.lineWidth = WIDTH;
  pen.lineCap = pen.lineJoin = 'round';
  const pointer = (name: string): Observable<PointerEvent> => fromEvent<PointerEvent>(canvas, name);
  const drawn$ = pointer('pointerdown').pipe(
    tap((down) => {
      canvas.setPointerCapture(down.pointerId);
      pen.beginPath();
      pen.moveTo(...placeOf(down, canvas));
    }),
    switchMap((down) =>
      pointer('pointermove').pipe(
        startWith(down),
        takeUntil(merge(pointer('pointerup'), pointer('pointercancel'))),
      ),
    ),
    tap((move) => {
      pen.lineTo(...placeOf(move, canvas));
      pen.stroke();
    }),
  );
  const cleared$ = fromEvent(clear, 'click').pipe(
    tap(() => pen.clearRect(0, 0, canvas.width, canvas.height)),
  );
  return merge(drawn$, cleared$).pipe(
    auditTime(0, animationFrameScheduler),
    map(() => inkOf(canvas)),
    startWith(null),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
}

/** Where a pointer is, in pixels of the canvas. */
function placeOf({ clientX, clientY }: PointerEvent, canvas: HTMLCanvasElement): [x: number, y: number] {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [((clientX - left) * canvas.width) / width, ((clientY - top) * canvas.height) / height];
}
