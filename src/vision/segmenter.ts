import { assertModel } from '../models/given-model';
import type { WaitingModel } from '../streams/operators/predict';
import type { Tensor2D } from '../tensor/tensor';
import { regionToPicture } from './geometry';
import { wholeRegion } from './letterbox';
import { sizeOfPicture, type Picture } from './picture';
import { runModel } from './run-model';
import { segmentationMask } from './segmentation-mask';
import { assertSpec, segmenterForm } from './spec-checks';
import { waiting, type SegmenterSpec, type VisionModel } from './spec';

/**
 * A segmentation model: a function from a picture to its mask, [height, width] from 0 to 1, such as how likely each pixel shows a person. Nothing is read from
 * the device. It never blocks: use it in {@link segment}, or in `predict`.
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param spec what the model takes and gives: one of {@link specs}, or your own
 * @returns the mask is the caller's to free, outside of streams
 * @throws when the model or the spec is none
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel } from 'rxtensor/models';
 * import { segmenter } from 'rxtensor/vision';
 * // A model that takes what is bright for a person.
 * const node = [
 *   { name: 'image', op: 'Placeholder' },
 *   { name: 'mask', op: 'Relu', input: ['image'] },
 * ];
 * const file = new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [] })], 'model.json');
 * const model = await loadGraphModel([file]);
 * const mask = segmenter(model, { input: { size: [4, 4], range: '0..1' }, output: 'mask', decoding: {} });
 * const picture = dl.ones([8, 8, 1]);
 * const found = await mask(picture);
 * console.log(found.shape); // [8, 8]
 * dl.dispose([picture, found]);
 * model.dispose();
 * ```
 */
export function segmenter(model: VisionModel, spec: SegmenterSpec): WaitingModel<Picture, Tensor2D> {
  const name = 'segmenter';
  assertModel(name, model);
  assertSpec(name, spec, segmenterForm);
  const { input, output, decoding } = spec;
  return waiting(async (picture: Picture) => {
    const size = sizeOfPicture(name, picture);
    const toPicture = regionToPicture(wholeRegion(size, input.size), input.size);
    return runModel(model, picture, toPicture, input, [output], ([found]) =>
      segmentationMask(found!, size, { ...decoding, toPicture, inputSize: input.size }),
    );
  });
}
