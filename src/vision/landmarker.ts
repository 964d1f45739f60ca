import { assertModel } from '../models/given-model';
import type { WaitingModel } from '../streams/operators/predict';
import { wrongArgument } from '../tensor/argument';
import type { Tensor3D } from '../tensor/tensor';
import { assertRegion } from './arguments';
import { assertKeypointOptions, keypointsIn } from './decode-keypoints';
import type { Detection } from './decode-boxes';
import { mapPoints, regionToPicture, type Keypoint, type Region } from './geometry';
import { wholeRegion } from './letterbox';
import { sizeOfPicture, type Picture } from './picture';
import { activated } from './read-values';
import { regionOfBox, regionOfPoints } from './region-rule';
import { runModel } from './run-model';
import { assertSpec, landmarkerForm } from './spec-checks';
import { waiting, type LandmarkerSpec, type VisionModel } from './spec';

/** The points of one thing, such as a face. */
export interface Landmarks {
  /** The points, in pixels of the picture. */
  readonly points: readonly Keypoint[];
  /** How sure the model is that it has seen such a thing, from 0 to 1. */
  readonly score: number;
  /** Where it has looked. */
  readonly region: Region;
  /** Where to look on the next frame; null where the model looks at whole pictures. */
  readonly next: Region | null;
}

/** What {@link landmarker} gives; a function of your own may take tensors alone. */
export interface Landmarker<P extends Picture = Tensor3D> {
  /** Finds the points of what is in the region; in the whole picture when it is left out. */
  (picture: P, region?: Region): Promise<Landmarks>;
  /** The region for a detection of that thing; null where the model looks at whole pictures. */
  readonly regionOf: (detection: Pick<Detection, 'box' | 'keypoints'>) => Region | null;
}

/**
 * A landmark model: a function from a picture, and the region of one thing on it, to the points of that thing in pixels of the picture. It cuts the region
 * out upright, by one warp. It never blocks: use it in `predict`, or as `landmarks` of {@link track}.
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param spec what the model takes and gives: one of {@link specs}, or your own
 * @throws when the model or the spec is none
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel } from 'rxtensor/models';
 * import { landmarker } from 'rxtensor/vision';
 * // A model that finds one point, in the middle of each picture: x, y.
 * const node = [{ name: 'image', op: 'Placeholder' }, { name: 'point', op: 'Const' }];
 * const weights = [{ name: 'point', shape: [1, 2], dtype: 'float32' }];
 * const files = [
 *   new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [{ paths: ['w'], weights }] })], 'model.json'),
 *   new File([Float32Array.of(4, 4)], 'w'),
 * ];
 * const model = await loadGraphModel(files);
 * const find = landmarker(model, {
 *   input: { size: [8, 8], range: '0..1' },
 *   points: 'point',
 *   decoding: { columns: ['x', 'y'] },
 * });
 * const picture = dl.zeros([80, 80, 3]);
 * const region = { centerX: 20, centerY: 30, width: 16, height: 16 };
 * console.log((await find(picture, region)).points); // [{ x: 20, y: 30 }]
 * picture.dispose();
 * model.dispose();
 * ```
 */
export function landmarker(
  model: VisionModel,
  spec: LandmarkerSpec,
): Landmarker<Picture> & WaitingModel<Picture, Landmarks> {
  const name = 'landmarker';
  assertModel(name, model);
  assertSpec(name, spec, landmarkerForm);
  assertKeypointOptions(`${name}: 'decoding' of the spec`, spec.decoding);
  const { input, points, decoding, count, score, scoreActivation = 'none', fromDetection } = spec;
  const { fromLandmarks = fromDetection } = spec;
  const find = async (picture: Picture, region?: Region): Promise<Landmarks> => {
    const where = region ?? wholeRegion(sizeOfPicture(name, picture), input.size);
    assertRegion(name, where);
    const toPicture = regionToPicture(where, input.size);
    const names = score === undefined ? [points] : [points, score];
    const read = await runModel(model, picture, toPicture, input, names, (outputs) =>
      Promise.all(outputs.map((output) => output.data())),
    );
    const [numbers, sure] = [read[0]!, read[1]];
    const what = `${name}: the model's output '${points}'`;
    const found = mapPoints(keypointsIn(what, numbers, decoding), toPicture);
    const shown = found.slice(0, count);
    return {
      points: shown,
      score: sure ? activated(sure[0]!, scoreActivation) : meanScore(shown),
      region: where,
      next: fromLandmarks ? regionOfPoints(found, fromLandmarks) : null,
    };
  };
  find.regionOf = (detection: Pick<Detection, 'box' | 'keypoints'>): Region | null => {
    if (!Array.isArray(detection?.keypoints))
      throw wrongArgument('regionOf', 'detection', detection, 'a detection, as detector() gives');
    return fromDetection ? regionOfBox(detection.box, detection.keypoints, fromDetection) : null;
  };
  return waiting(find);
}

/** 1 where the points have no scores. */
function meanScore(points: readonly Keypoint[]): number {
  const sum = points.reduce((total, { score = 1 }) => total + score, 0);
  return points.length > 0 ? sum / points.length : 0;
}
