import type { Observable } from 'rxjs';
import { mapTensorAsync, type Tensor3D } from 'rxtensor';
import { detector, overlay, rates, specs, type Detection, type Rates } from 'rxtensor/vision';
import type { Models } from '../../page/public-models';
import { drawThings } from '../views/draw-things';
import type { Stage } from './scene';

/** A picture, and the things on it. */
interface Seen {
  readonly picture: Tensor3D;
  readonly things: readonly Detection[];
}

/** 80 kinds of things, each with its box. */
export function objects(
  frames$: Observable<Tensor3D>,
  { canvas, dropped }: Stage,
  { centernet }: Models<'centernet'>,
): Observable<Rates<Seen>> {
  const find = detector(centernet, specs.centernet);
  return frames$.pipe(
    mapTensorAsync(async (picture) => ({ picture, things: await find(picture) })),
    overlay(canvas, drawThings),
    rates({ dropped }),
  );
}
