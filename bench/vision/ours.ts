// Ours, as docs/vision.md has it: the pipeline is that of the webcam page.
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import { camera, type OverlayCanvas, type Rates, type Tracked, type UnreadFrame } from 'rxtensor/vision';
import type { Observable } from 'rxjs';
import { faces as facesOf } from '../../examples/webcam/scenes/faces';
import { CAMERA, type Contestant } from './case';
import { counting } from './counting';

/** Finds faces on frames, follows and shows them. */
type Following = (
  frames$: Observable<UnreadFrame>,
  canvas: OverlayCanvas,
) => Observable<Rates<Tracked<UnreadFrame>>>;

/** Loads what finds and follows faces. */
export async function faces(): Promise<Following> {
  const [blazeface, facemesh] = await Promise.all([
    loadGraphModel('/models/blazeface.json'),
    loadGraphModel('/models/facemesh.json'),
  ]);
  return (frames$, canvas) => facesOf(frames$, { canvas, dropped: () => 0 }, { blazeface, facemesh });
}

/** On a backend, in the page. */
export const ours =
  (backend: 'cpu' | 'webgl'): Contestant =>
  async () => {
    await dl.setBackend(backend);
    const followed = await faces();
    return async (canvas) => {
      await dl.setBackend(backend);
      const { count, progress } = counting();
      const running = followed(camera(CAMERA, { read: false }), canvas).subscribe(({ value: { tracks } }) =>
        count(tracks),
      );
      return { progress, stop: () => running.unsubscribe() };
    };
  };
