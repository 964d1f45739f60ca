import type { Tensor, Tensor3D } from '../tensor/tensor';
import { assertPicture } from './arguments';
import { decoded, type Detection } from './decode-boxes';
import { boxAround, mapPoints, regionToPicture, type Affine } from './geometry';
import { wholeRegion } from './letterbox';
import { nonMaxSuppression } from './non-max-suppression';
import { readRows, type Rows } from './read-values';
import { runModel } from './run-model';
import {
  assertModel,
  assertSpec,
  type BoxListSpec,
  type DetectorSpec,
  type SsdSpec,
  type VisionModel,
} from './spec';
import { ssdAnchors } from './ssd-anchors';

const NAME = 'detector';

/**
 * A detector: a function from a picture to what a model finds on it, best first, in pixels of the picture. The picture is letterboxed, so that nothing is
 * distorted. It never blocks: use it in `mapTensorAsync`, or as `detect` of {@link track}.
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param spec what the model takes and gives: one of {@link specs}, or your own
 * @returns takes [height, width, channels], int32 from 0 to 255 or float32 from 0 to 1; the picture must live until the promise has settled. It rejects when the
 *   model has no such outputs, or they have other shapes
 * @throws when the model or the spec is none
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { loadGraphModel } from 'rxtensor/models';
 * import { detector, type BoxListSpec } from 'rxtensor/vision';
 * // A model that finds the same box on each picture: left, top, right, bottom, score, label.
 * const node = [
 *   { name: 'image', op: 'Placeholder' },
 *   { name: 'found', op: 'Const', attr: { value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } } },
 * ];
 * const weights = [{ name: 'found', shape: [1, 6], dtype: 'float32' }];
 * const files = [
 *   new File([JSON.stringify({ modelTopology: { node }, weightsManifest: [{ paths: ['w'], weights }] })], 'model.json'),
 *   new File([Float32Array.of(2, 2, 6, 4, 0.9, 7)], 'w'),
 * ];
 * const model = await loadGraphModel(files);
 * const spec: BoxListSpec = { kind: 'list', input: { size: [8, 8], range: '0..1' }, output: 'found' };
 * const picture = dl.zeros([80, 80, 3]);
 * console.log(await detector(model, spec)(picture)); // { x: 20, y: 20, width: 40, height: 20 }, label 7
 * picture.dispose();
 * model.dispose();
 * ```
 */
export function detector(
  model: VisionModel,
  spec: DetectorSpec,
): (picture: Tensor3D) => Promise<Detection[]> {
  assertModel(NAME, model);
  assertSpec(NAME, spec, ['kind', 'input'], 'specs.blazeface');
  const { size } = spec.input;
  const { names, detections } = spec.kind === 'ssd' ? ofSsd(spec) : ofList(spec);
  return async (picture) => {
    assertPicture(NAME, picture);
    const [height, width] = picture.shape;
    const toPicture = regionToPicture(wholeRegion([height, width], size), size);
    const found = await runModel(model, picture, toPicture, spec.input, names, detections);
    return nonMaxSuppression(found, spec.suppression).map((each) => onPicture(each, toPicture));
  };
}

interface Reading {
  /** The outputs that are read. */
  readonly names: readonly string[];
  /** What they tell, in pixels of the input. */
  readonly detections: (outputs: readonly Tensor[]) => Promise<Detection[]>;
}

function ofSsd({ input, anchors, boxes, scores, decoding }: SsdSpec): Reading {
  assertSpec(
    NAME,
    { anchors, boxes, scores, decoding },
    ['anchors', 'boxes', 'scores', 'decoding'],
    'specs.blazeface',
  );
  const all = ssdAnchors({ ...anchors, inputSize: input.size });
  const names = [...new Set([...boxes, ...scores])];
  const options = { ...decoding, inputSize: input.size };
  return {
    names,
    detections: async (outputs) => {
      const read = await Promise.all(
        outputs.map((each, i) => readRows(NAME, names[i]!, each, () => true, 'columns')),
      );
      const joined = (wanted: readonly string[]): Rows =>
        joinedRows(wanted.map((each) => read[names.indexOf(each)]!));
      const [rows, scored] = [joined(boxes), joined(scores)];
      const count = all.length / 4;
      if (rows.rows !== count || scored.rows !== count)
        throw new Error(
          `${NAME}: the model gives ${rows.rows} boxes and ${scored.rows} scores; wanted ${count}, one for each anchor of the spec`,
        );
      return decoded(rows, scored, all, options);
    },
  };
}

/** The rows of several outputs, one after the other. */
function joinedRows(parts: readonly Rows[]): Rows {
  if (parts.length === 1) return parts[0]!;
  const { columns } = parts[0]!;
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.rows * columns, 0));
  let filled = 0;
  for (const part of parts) {
    values.set(part.values, filled);
    filled += part.values.length;
  }
  return { values, rows: filled / columns, columns };
}

function ofList({ output, minScore = 0.5 }: BoxListSpec): Reading {
  assertSpec(NAME, { output }, ['output'], 'specs.centernet');
  return {
    names: [output],
    detections: async ([list]) => {
      const { values, rows } = await readRows(NAME, output, list!, (columns) => columns === 6, '6');
      return Array.from({ length: rows }, (_, row): Detection => {
        const [left, top, right, bottom, score, label] = Array.from(
          { length: 6 },
          (__, column) => values[6 * row + column]!,
        ) as [number, number, number, number, number, number];
        const box = { x: left, y: top, width: right - left, height: bottom - top };
        return { box, score, label, keypoints: [] };
      }).filter(({ score }) => score >= minScore);
    },
  };
}

/** The detection on the picture: the map neither turns nor distorts. */
function onPicture({ box, keypoints, ...rest }: Detection, toPicture: Affine): Detection {
  const { x, y, width, height } = box;
  const corners = mapPoints(
    [
      { x, y },
      { x: x + width, y: y + height },
    ],
    toPicture,
  );
  return { ...rest, box: boxAround(corners), keypoints: mapPoints(keypoints, toPicture) };
}
