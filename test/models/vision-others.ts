// Families of vision beside faces, hands and bodies: eyes, masks, things, and kinds of pictures.
import * as dl from 'rxtensor';
import {
  classifier,
  landmarker,
  segmenter,
  specs,
  type Detection,
  type SegmenterSpec,
} from 'rxtensor/vision';
import { near } from '../support/near';
import { otherGraphModels } from './other-packages';
import { artifactsOf } from './layers-reference';
import { onTensorFlow } from './packages';
import { photo, type Photo } from './photos';
import { byte, detected, expectPoints, tensorOf, unit, withModel } from './vision-compare';
import { cutOut, onPhoto, outputsOf, shared, wholeOf, type Cut } from './vision-reference';

/** Compares the mask of a photo with the cells of the reference, where they are sure. */
async function expectMask(
  name: string,
  spec: SegmenterSpec,
  [rows, columns]: readonly [number, number],
  person: (cells: readonly number[], cell: number) => number,
): Promise<void> {
  const taken = photo(1);
  const { width, height } = taken;
  const scale = Math.max(width / columns, height / rows);
  const cut: Cut = { x: width / 2, y: height / 2, width: columns * scale, height: rows * scale, angle: 0 };
  const pixels = cutOut(taken, cut, columns, unit, rows);
  const [wanted] = await outputsOf(name, [spec.output], pixels, columns, 'float32', rows);
  const found = await withModel(name, async (model) => {
    const picture = tensorOf(taken);
    const mask = await segmenter(model, spec)(picture);
    const values = await mask.data();
    dl.dispose([picture, mask]);
    return values;
  });
  expect(found.length).toBe(width * height);
  let [compared, wrong] = [0, 0];
  for (let i = 0; i < found.length; i += 97) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const column = ((x + 0.5 - cut.x) / cut.width + 0.5) * columns;
    const row = ((y + 0.5 - cut.y) / cut.height + 0.5) * rows;
    const cell = person(wanted!, Math.floor(row) * columns + Math.floor(column));
    if (cell > 0.1 && cell < 0.9) continue;
    compared++;
    if (Math.abs(found[i]! - cell) > 0.5) wrong++;
  }
  expect(compared).toBeGreaterThan(4000);
  expect(wrong / compared).toBeLessThan(0.01);
}

/** A box of the reference, with its class. */
interface Thing {
  readonly corners: readonly number[];
  readonly score: number;
  readonly label: number;
}

/** Expects that each is one of the reference's, and that its best is among them. */
function expectThings(found: readonly Detection[], wanted: readonly Thing[]): void {
  expect(found.length).toBeGreaterThan(1);
  for (const { box, score, label } of found) {
    const corners = [box.x, box.y, box.x + box.width, box.y + box.height];
    const same = wanted.filter((each) => each.label === label && shared(corners, each.corners) > 0.9);
    expect(Math.min(...same.map((each) => Math.abs(each.score - score)))).toBeLessThan(0.01);
  }
  const best = wanted.reduce((a, b) => (b.score > a.score ? b : a));
  expect(found[0]!.score).toBeCloseTo(best.score, 2);
}

const labelOf = (scores: readonly number[]): number => scores.indexOf(Math.max(...scores));

/** The boxes of NanoDet by its three outputs of distances, each the mean of 11 steps. */
function nanodetThings(
  scores: readonly (readonly number[])[],
  distances: readonly (readonly number[])[],
  whole: Cut,
): Thing[] {
  return [52, 26, 13].flatMap((cells, layer) =>
    Array.from({ length: cells * cells }, (_, cell): Thing => {
      const classes = scores[layer]!.slice(80 * cell, 80 * cell + 80);
      const label = labelOf(classes);
      const side = (which: number): number => {
        const powers = distances[layer]!.slice(44 * cell + 11 * which, 44 * cell + 11 * which + 11).map(
          Math.exp,
        );
        const sum = powers.reduce((total, each) => total + each, 0);
        return powers.reduce((total, each, step) => total + step * each, 0) / sum / cells;
      };
      const [x, y] = [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
      const corners = [
        ...onPhoto(whole, x - side(0), y - side(1)),
        ...onPhoto(whole, x + side(2), y + side(3)),
      ];
      return { corners, score: classes[label]!, label };
    }),
  );
}

/** The eyes of the first face of a photo, by the mesh that ours finds. */
async function expectEyes(taken: Photo): Promise<void> {
  const [face] = await detected('blazeface', specs.blazeface, taken);
  const mesh = await withModel('facemesh', async (model) => {
    const find = landmarker(model, specs.facemesh);
    const picture = tensorOf(taken);
    const { points } = await find(picture, find.regionOf(face!)!);
    picture.dispose();
    return points;
  });
  for (const [name, from, to] of [
    ['iris', 33, 133],
    ['leftIris', 362, 263],
  ] as const) {
    const spec = specs[name];
    const [a, b] = [mesh[from]!, mesh[to]!];
    const angle = Math.atan2(b.y - a.y, b.x - a.x);
    const side = 2.3 * Math.hypot(b.x - a.x, b.y - a.y);
    const cut = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: side, height: side, angle };
    const isMirrored = name === 'leftIris';
    const upright = cutOut(taken, cut, 64, unit);
    const pixels = isMirrored
      ? upright.map(
          (_, i) => upright[(Math.floor(i / 192) * 64 + 63 - (Math.floor(i / 3) % 64)) * 3 + (i % 3)]!,
        )
      : upright;
    const [numbers] = await outputsOf('iris', [spec.points], pixels, 64);
    const wanted = Array.from({ length: 76 }, (_, k) => {
      const across = numbers![3 * k]! / 64;
      return onPhoto(cut, isMirrored ? 1 - across : across, numbers![3 * k + 1]! / 64);
    });
    const found = await withModel('iris', async (model) => {
      const find = landmarker(model, spec);
      const picture = tensorOf(taken);
      const eye = await find(picture, find.regionOf({ box: face!.box, keypoints: mesh })!);
      picture.dispose();
      return eye;
    });
    expectPoints(found.points, wanted, side);
    // The iris is between the corners of its eye.
    const [iris] = found.points.slice(71);
    expect(Math.hypot(iris!.x - cut.x, iris!.y - cut.y)).toBeLessThan(side / 4);
    // And the region for the next frame is about the same.
    expect(found.next!.centerX).toBeCloseTo(found.region.centerX, -1);
    expect(Boolean(found.next!.isMirrored)).toBe(isMirrored);
  }
}

export const otherFamilies: Readonly<Record<string, () => Promise<void>>> = {
  'selfie segmentation': () => expectMask('selfie', specs.selfie, [256, 256], (cells, cell) => cells[cell]!),
  'meet segmentation': () =>
    expectMask('meet', specs.meet, [144, 256], (cells, cell) => {
      const [background, person] = [cells[2 * cell]!, cells[2 * cell + 1]!];
      return 1 / (1 + Math.exp(background - person));
    }),
  iris: () => expectEyes(photo(4)),
  nanodet: async () => {
    const taken = photo(1);
    const whole = wholeOf(taken);
    const deviations = [0.229, 0.224, 0.225];
    const shares = cutOut(taken, whole, 416, unit);
    // Channel by channel.
    const pixels = new Float32Array(shares.length);
    for (let i = 0; i < shares.length; i++) {
      const channel = i % 3;
      pixels[channel * 416 * 416 + Math.floor(i / 3)] =
        (shares[i]! - [0.485, 0.456, 0.406][channel]!) / deviations[channel]!;
    }
    const names = [...specs.nanodet.scores, ...specs.nanodet.boxes];
    const feed = { values: pixels, shape: [1, 3, 416, 416], dtype: 'float32' };
    const outputs = (await onTensorFlow('nanodet', names, [feed])).map(({ values }) => values);
    const things = nanodetThings(outputs.slice(0, 3), outputs.slice(3), whole);
    expectThings(await detected('nanodet', specs.nanodet, taken), things);
  },
  handtrack: async () => {
    const taken = photo(1);
    const whole = wholeOf(taken);
    const { boxes, scores } = specs.handtrack;
    const outputs = await outputsOf(
      'handtrack',
      [boxes, scores],
      cutOut(taken, whole, 320, byte),
      320,
      'int32',
    );
    const [corners, sure] = outputs as [readonly number[], readonly number[]];
    const labels = sure.length / (corners.length / 4);
    const things = Array.from({ length: corners.length / 4 }, (_, i): Thing => {
      const [top, left, bottom, right] = corners.slice(4 * i, 4 * i + 4) as [number, number, number, number];
      const classes = sure.slice(labels * i, labels * i + labels);
      const label = labelOf(classes);
      const places = [...onPhoto(whole, left, top), ...onPhoto(whole, right, bottom)];
      return { corners: places, score: classes[label]!, label };
    });
    expectThings(await detected('handtrack', specs.handtrack, taken), things);
  },
  'classes of pictures': async () => {
    const taken = photo(1);
    const files = otherGraphModels['nsfwjs mobilenet_v2_mid']!();
    const { width, height } = taken;
    const whole = { x: width / 2, y: height / 2, width, height, angle: 0 };
    const feed = { values: cutOut(taken, whole, 224, unit), shape: [1, 224, 224, 3], dtype: 'float32' };
    const [wanted] = await onTensorFlow('nsfw', [specs.nsfw.output], [feed], await artifactsOf(files));
    const found = await withModel(files, async (model) => {
      const picture = tensorOf(taken);
      const classes = await classifier(model, specs.nsfw)(picture);
      picture.dispose();
      return classes;
    });
    expect(found.map(({ index, score }) => [index, score])).toEqual(
      wanted!.values
        .map((score, index) => [index, near(score, 1e-2)] as const)
        .sort(([a], [b]) => wanted!.values[b]! - wanted!.values[a]!)
        .map((each) => [...each]),
    );
    expect(found[0]!.label).toBe(specs.nsfw.labels[found[0]!.index]!);
  },
};
