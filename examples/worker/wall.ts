import {
  animationFrames,
  EMPTY,
  fromEvent,
  map,
  pairwise,
  startWith,
  switchMap,
  type Observable,
} from 'rxjs';
import type { Digits } from '../mnist/training/digits';
import { digitDrawing, SIDE } from '../mnist/views/digit-drawing';

/** Digits in a row of the sheet, and rows. */
const COLUMNS = 8;
const ROWS = 100;
/** Space around a digit, in pixels of the sheet. */
const MARGIN = 4;
/** Pixels a second. */
const SPEED = 60;

/** Draws digits on one sheet that is long enough to scroll. */
export function drawSheet(sheet: HTMLCanvasElement, { xs }: Digits): void {
  const pitch = SIDE + 2 * MARGIN;
  sheet.width = COLUMNS * pitch;
  sheet.height = ROWS * pitch;
  const pen = sheet.getContext('2d');
  for (let i = 0; i < COLUMNS * ROWS; i++) {
    const drawing = digitDrawing(xs.values.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
    pen?.drawImage(drawing, (i % COLUMNS) * pitch + MARGIN, Math.floor(i / COLUMNS) * pitch + MARGIN);
  }
}

/** Emits the scroll position for each frame while the box is checked; it starts at the top again after the end. */
export function scrollOf(wall: HTMLElement, byItself: HTMLInputElement): Observable<number> {
  return fromEvent(byItself, 'change').pipe(
    startWith(undefined),
    switchMap(() => (byItself.checked ? animationFrames().pipe(pairwise()) : EMPTY)),
    map(([before, now]) => {
      const isAtEnd = wall.scrollTop >= wall.scrollHeight - wall.clientHeight - 1;
      // A browser may round to whole pixels: less than one would be lost.
      return isAtEnd ? 0 : wall.scrollTop + Math.max(1, (SPEED * (now.elapsed - before.elapsed)) / 1000);
    }),
  );
}
