import type { Tensor } from '../tensor/tensor';
import { wrongArgument } from '../tensor/argument';
import { isOneOf } from '../tensor/options';
import { assertModel } from '../models/given-model';
import type { WaitingModel } from '../streams/operators/predict';
import { assertBoxOptions, decoded, type Detection } from './decode-boxes';
import { boxAround, mapPoints, regionToPicture, type Affine } from './geometry';
import { wholeRegion } from './letterbox';
import { nonMaxSuppression } from './non-max-suppression';
import { sizeOfPicture, type Picture } from './picture';
import { readValues } from '../streams/data/read-values';
import { bestOf, readRows, type Rows } from './read-values';
import { runModel } from './run-model';
import { assertSpec, numberRule, objectRule, outputRule, outputsRule, type SpecForm } from './spec-checks';
import {
  waiting,
  type BoxListSpec,
  type CornersSpec,
  type DetectorSpec,
  type SsdSpec,
  type VisionModel,
} from './spec';
import { ssdAnchors } from './ssd-anchors';

const NAME = 'detector';

/**
 * A detector: a function from a picture to what a model finds on it, best first, in pixels of the picture. The picture is letterboxed, so that nothing is
 * distorted. It never blocks: use it in `predict`, or as `detect` of {@link track}.
 *
 * @param model a model of `rxtensor/models`, which stays yours
 * @param spec what the model takes and gives: one of {@link specs}, or your own
 * @returns takes [height, width, channels], int32 from 0 to 255 or float32 from 0 to 1, or a {@link Frame}; the picture must live until the promise has settled. It
 *   rejects when the model has no such outputs, or they have other shapes
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
export function detector(model: VisionModel, spec: DetectorSpec): WaitingModel<Picture, Detection[]> {
  assertModel(NAME, model);
  const { names, detections } = readingOf(spec);
  const { size } = spec.input;
  return waiting(async (picture: Picture) => {
    const toPicture = regionToPicture(wholeRegion(sizeOfPicture(NAME, picture), size), size);
    const found = await runModel(model, picture, toPicture, spec.input, names, detections);
    return nonMaxSuppression(found, spec.suppression).map((each) => onPicture(each, toPicture));
  });
}

interface Reading {
  /** The outputs that are read. */
  readonly names: readonly string[];
  /** What they tell, in pixels of the input. */
  readonly detections: (outputs: readonly Tensor[]) => Promise<Detection[]>;
}

/** What is common to detectors. */
const common = {
  kind: isOneOf(['ssd', 'list', 'corners']),
  input: objectRule,
  suppression: objectRule,
} as const;

const ssdForm: SpecForm<SsdSpec> = {
  rules: { ...common, anchors: objectRule, boxes: outputsRule, scores: outputsRule, decoding: objectRule },
  needed: ['kind', 'input', 'anchors', 'boxes', 'scores', 'decoding'],
  example: 'specs.blazeface',
};

const listForm: SpecForm<BoxListSpec> = {
  rules: { ...common, output: outputRule, minScore: numberRule },
  needed: ['kind', 'input', 'output'],
  example: 'specs.centernet',
};

const cornersForm: SpecForm<CornersSpec> = {
  rules: { ...common, boxes: outputRule, scores: outputRule, minScore: numberRule },
  needed: ['kind', 'input', 'boxes', 'scores'],
  example: 'specs.handtrack',
};

function readingOf(spec: DetectorSpec): Reading {
  switch ((spec as DetectorSpec | null | undefined)?.kind) {
    case 'ssd':
      return ofSsd(spec as SsdSpec);
    case 'corners':
      return ofCorners(spec as CornersSpec);
    case 'list':
      return ofList(spec as BoxListSpec);
    default:
      throw wrongArgument(
        NAME,
        'spec',
        spec,
        "a spec whose 'kind' is 'ssd', 'list' or 'corners', as specs.blazeface",
      );
  }
}

function ofSsd(spec: SsdSpec): Reading {
  assertSpec(NAME, spec, ssdForm);
  const { input, anchors, boxes, scores, decoding } = spec;
  const all = ssdAnchors({ ...anchors, inputSize: input.size });
  const names = [...new Set([...boxes, ...scores])];
  const options = { ...decoding, inputSize: input.size };
  assertBoxOptions(`${NAME}: 'decoding' of the spec`, options);
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

function ofList(spec: BoxListSpec): Reading {
  assertSpec(NAME, spec, listForm);
  const { output, minScore = 0.5 } = spec;
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

function ofCorners(spec: CornersSpec): Reading {
  assertSpec(NAME, spec, cornersForm);
  const { input, boxes, scores, minScore = 0.5 } = spec;
  return {
    names: [boxes, scores],
    detections: async ([corners, likelihoods]) => {
      const [{ values }, sure] = await Promise.all([
        readValues(NAME, boxes, corners!),
        readValues(NAME, scores, likelihoods!),
      ]);
      const count = values.length / 4;
      const labels = sure.values.length / count;
      if (!(Number.isInteger(count) && Number.isInteger(labels)))
        throw new Error(
          `${NAME}: the model gives ${values.length} numbers of boxes and ${sure.values.length} scores; wanted four numbers for each box, and a score of each class`,
        );
      const [height, width] = input.size;
      const found: Detection[] = [];
      for (let box = 0; box < count; box++) {
        const [score, label] = bestOf(sure.values, box * labels, labels);
        if (!(score >= minScore)) continue;
        const [top, left, bottom, right] = Array.from(
          { length: 4 },
          (_, i) => values[4 * box + i]!,
        ) as Corners;
        found.push({
          box: {
            x: left * width,
            y: top * height,
            width: (right - left) * width,
            height: (bottom - top) * height,
          },
          ...{ score, label, keypoints: [] },
        });
      }
      return found;
    },
  };
}

type Corners = [number, number, number, number];

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
