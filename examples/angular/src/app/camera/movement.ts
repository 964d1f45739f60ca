import * as dl from 'rxtensor';
import { ignoreElements, map, merge, share, type Observable } from 'rxjs';

/** The size of a picture, in pixels. */
export const WIDTH = 320;
export const HEIGHT = 240;
/** A pixel moves if its brightness, from 0 to 1, changes by more. */
const CHANGE = 0.08;

/** Pixels from the left and from the top; `right` and `bottom` are included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What was seen: the number of pictures so far, and the box around all that moved since the one before; null where nothing did. */
export interface Sight {
  readonly frames: number;
  readonly box: Box | null;
}

/** The rows and columns of a picture [height, width] in which something changed from the one before, as bools. */
export function changed(pair: dl.Tensor): { rows: dl.Tensor1D; columns: dl.Tensor1D } {
  const [before, now] = [pair.slice(0, 1).squeeze([0]), pair.slice(1, 1).squeeze([0])];
  const moves = now.sub(before).abs().greater(CHANGE);
  return { rows: moves.any(1).flatten(), columns: moves.any(0).flatten() };
}

/** The box around rows and columns that are not 0. */
export function boxAround(rows: ArrayLike<number>, columns: ArrayLike<number>): Box | null {
  const [top, left] = [Array.from(rows).findIndex(Boolean), Array.from(columns).findIndex(Boolean)];
  if (top < 0 || left < 0) return null;
  return {
    left,
    top,
    right: Array.from(columns).lastIndexOf(1),
    bottom: Array.from(rows).lastIndexOf(1),
  };
}

/** Opens the camera, paints it on a canvas, and says where something moves. Unsubscribing switches it off. */
export function watchMovement(canvas: HTMLCanvasElement): Observable<Sight> {
  const frames$ = dl
    .webcam(
      { width: WIDTH, height: HEIGHT, facingMode: 'user' },
      { size: [HEIGHT, WIDTH], normalize: '0..1', mirror: true },
    )
    .pipe(share());
  const painted$ = frames$.pipe(dl.paint(canvas), ignoreElements());
  const sights$ = frames$.pipe(
    dl.mapTensor((frame) => frame.mean(2)),
    dl.slidingWindow(2),
    dl.predict(changed),
    dl.download(),
    map(({ rows, columns }, i) => ({ frames: i + 2, box: boxAround(rows, columns) })),
  );
  return merge(painted$, sights$);
}
