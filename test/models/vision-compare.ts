/** What the specs of vision compare, and with what. */
import * as dl from 'rxtensor';
import { loadGraphModel, type GraphModel, type ModelFiles } from 'rxtensor/models';
import {
  detector,
  landmarker,
  type DetectorSpec,
  type Detection,
  type Keypoint,
  type LandmarkerSpec,
} from 'rxtensor/vision';
import { near } from '../support/near';
import { modelFiles } from './packages';
import type { Photo } from './photos';
import { cutOut, onPhoto, outputsOf, shared, type Cut, type Found } from './vision-reference';

export const unit = (byte: number): number => byte / 255;
export const signed = (byte: number): number => byte / 127.5 - 1;
export const byte = (value: number): number => value;
export const tensorOf = ({ width, height, values }: Photo): dl.Tensor3D =>
  dl.tensor3d(values, [height, width, 3], 'int32');

export async function withModel<T>(
  name: string | ModelFiles,
  use: (model: GraphModel) => Promise<T>,
): Promise<T> {
  const model = await loadGraphModel(typeof name === 'string' ? modelFiles(name) : name);
  try {
    return await use(model);
  } finally {
    model.dispose();
  }
}

/** What the detector of a spec finds on a photo. */
export const detected = (name: string, spec: DetectorSpec, taken: Photo): Promise<Detection[]> =>
  withModel(name, async (model) => {
    const picture = tensorOf(taken);
    const found = await detector(model, spec)(picture);
    picture.dispose();
    return found;
  });

/** Expects the same boxes (IoU at least 0.9) and points (within 2 % of the box's side). */
export function expectSame(found: readonly Detection[], wanted: readonly Found[]): void {
  expect(found.length).toBe(wanted.length);
  expect(found.length).toBeGreaterThan(0);
  wanted.forEach(({ corners, points, score }, i) => {
    const { box, keypoints, score: ours } = found[i]!;
    expect(shared([box.x, box.y, box.x + box.width, box.y + box.height], corners)).toBeGreaterThan(0.9);
    expect(ours).toBeCloseTo(score, 2);
    expectPoints(keypoints, points, Math.max(box.width, box.height));
  });
}

export function expectPoints(
  found: readonly Keypoint[],
  wanted: readonly (readonly [number, number])[],
  side: number,
): void {
  expect(found.length).toBe(wanted.length);
  const apart = found.map(({ x, y }, k) => Math.hypot(x - wanted[k]![0], y - wanted[k]![1]));
  expect(Math.max(...apart)).toBeLessThan(0.02 * side);
}

/** The landmarks of a region, by ours and by the reference. */
export async function expectLandmarks(
  name: string,
  spec: LandmarkerSpec,
  taken: Photo,
  seen: Pick<Detection, 'box' | 'keypoints'>,
  cut: Cut,
): Promise<void> {
  const found = await withModel(name, async (model) => {
    const find = landmarker(model, spec);
    const picture = tensorOf(taken);
    const first = await find(picture, find.regionOf(seen)!);
    picture.dispose();
    return first;
  });
  expect(found.score).toBeGreaterThan(0.9);
  const { region } = found;
  expect([region.centerX, region.centerY, region.width, region.rotation!]).toEqual(
    [cut.x, cut.y, cut.width, cut.angle].map((each) => near(each, 1e-3 * Math.max(1, Math.abs(each)))),
  );
  const wanted = await pointsOf(name, spec, taken, cut);
  expectPoints(found.points, wanted.slice(0, found.points.length), cut.width / 1.5);
}

/** The points that the reference finds on a cut. */
export async function pointsOf(
  name: string,
  spec: LandmarkerSpec,
  taken: Photo,
  cut: Cut,
): Promise<[number, number][]> {
  const side = spec.input.size[0];
  const columns = spec.decoding.columns.length;
  const [numbers] = await outputsOf(name, [spec.points], cutOut(taken, cut, side, unit), side);
  return Array.from({ length: numbers!.length / columns }, (_, k) =>
    onPhoto(cut, numbers![k * columns]! / side, numbers![k * columns + 1]! / side),
  );
}
