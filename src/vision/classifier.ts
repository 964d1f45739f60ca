import { assertModel } from '../models/given-model';
import type { WaitingModel } from '../streams/operators/predict';
import { regionToPicture } from './geometry';
import { sizeOfPicture, type Picture } from './picture';
import { runModel } from './run-model';
import { assertSpec, classifierForm } from './spec-checks';
import { waiting, type ClassifierSpec, type VisionModel } from './spec';
import { topLabels, type Labelled } from '../streams/data/top-labels';

/**
 * A classifier: a function from a picture to the most likely names of what it shows, best first. The whole picture is resized to what the model takes, whatever the
 * ratio of its sides, as classifiers are trained. It never blocks: use it in `predict`.
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param spec what the model takes and gives: one of {@link specs}, or your own
 * @returns takes a picture as {@link detector}; it rejects when the model gives another number of classes than there are labels
 * @throws when the model or the spec is none
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel } from 'rxtensor/models';
 * import { classifier } from 'rxtensor/vision';
 * // A model that compares the mean of two colours.
 * const node = [
 *   { name: 'image', op: 'Placeholder' },
 *   { name: 'axes', op: 'Const' },
 *   { name: 'colours', op: 'Mean', input: ['image', 'axes'] },
 * ];
 * const weights = [{ name: 'axes', shape: [2], dtype: 'int32' }];
 * const files = [
 *   new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [{ paths: ['w'], weights }] })], 'model.json'),
 *   new File([Int32Array.of(1, 2)], 'w'),
 * ];
 * const model = await loadGraphModel(files);
 * const input = { size: [4, 4], range: '0..1' } as const;
 * const name = classifier(model, { input, output: 'colours', labels: ['red', 'green'], decoding: { count: 1 } });
 * const picture = dl.tidy(() => dl.fill([8, 8, 2], 0.5).mul<dl.Tensor3D>(dl.tensor1d([0.2, 1])));
 * console.log(await name(picture)); // [{ label: 'green', index: 1, score: 0.5 }]
 * picture.dispose();
 * model.dispose();
 * ```
 */
export function classifier(model: VisionModel, spec: ClassifierSpec): WaitingModel<Picture, Labelled[]> {
  const name = 'classifier';
  assertModel(name, model);
  assertSpec(name, spec, classifierForm);
  const { input, output, labels, decoding } = spec;
  return waiting(async (picture: Picture) => {
    const [height, width] = sizeOfPicture(name, picture);
    const whole = { centerX: width / 2, centerY: height / 2, width, height };
    const toPicture = regionToPicture(whole, input.size);
    return runModel(model, picture, toPicture, input, [output], ([scores]) =>
      topLabels(scores!, labels, decoding),
    );
  });
}
