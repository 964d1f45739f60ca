/** What the detectors find on a photo by TensorFlow.js and plain loops. */
import type { Photo } from './photos';
import { signed } from './vision-compare';
import { boxesOf, cutOut, outputsOf, wholeOf, type Found } from './vision-reference';

/** Layers of a detector: cells a side, anchors a cell. */
type Layers = readonly (readonly [cells: number, anchors: number])[];

/** Of a detector that has scores and boxes in one output, scores first. */
async function together(
  taken: Photo,
  [model, output]: readonly [string, string],
  columns: number,
  layers: Layers,
  side: number,
): Promise<Found[]> {
  const whole = wholeOf(taken);
  const [all] = await outputsOf(model, [output], cutOut(taken, whole, side, signed), side);
  return boxesOf(all!, all!, columns, 1, layers, side, whole);
}

/** Faces, by blazeface. */
export async function facesOn(taken: Photo): Promise<Found[]> {
  const whole = wholeOf(taken);
  const names = ['Identity:0', 'Identity_1:0', 'Identity_2:0', 'Identity_3:0'];
  const outputs = await outputsOf('blazeface', names, cutOut(taken, whole, 256, signed), 256);
  const layers: Layers = [
    [16, 2],
    [8, 6],
  ];
  return boxesOf(outputs.slice(0, 2).flat(), outputs.slice(2).flat(), 16, 0, layers, 256, whole);
}

/** Palms, by handdetect. */
export const palmsOn = (taken: Photo): Promise<Found[]> =>
  together(
    taken,
    ['handdetect', 'Identity:0'],
    19,
    [
      [32, 2],
      [16, 2],
      [8, 6],
    ],
    256,
  );

/** Bodies, by the detector of blazepose. */
export const bodiesOn = (taken: Photo): Promise<Found[]> =>
  together(
    taken,
    ['blazepose-detector', 'person'],
    13,
    [
      [28, 2],
      [14, 2],
      [7, 6],
    ],
    224,
  );
