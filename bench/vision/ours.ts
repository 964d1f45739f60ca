// Ours, as docs/vision.md has it.
import * as dl from 'rxtensor';
import { loadGraphModel } from 'rxtensor/models';
import {
  camera,
  detector,
  drawFaces,
  landmarker,
  overlay,
  rates,
  smooth,
  specs,
  track,
  type UnreadFrame,
} from 'rxtensor/vision';
import { CAMERA, EVERY, type Contestant } from './case';
import { counting } from './counting';

/** What finds and follows faces. */
export async function faces() {
  const [face, mesh] = await Promise.all([
    loadGraphModel('/models/blazeface.json'),
    loadGraphModel('/models/facemesh.json'),
  ]);
  return track<UnreadFrame>({
    detect: detector(face, specs.blazeface),
    landmarks: landmarker(mesh, specs.facemesh),
    every: EVERY,
  });
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
      const running = camera(CAMERA, { read: false })
        .pipe(followed, smooth({ minCutoff: 1, beta: 0.02 }), overlay(canvas, drawFaces), rates())
        .subscribe(({ value: { tracks } }) => count(tracks));
      return { progress, stop: () => running.unsubscribe() };
    };
  };
