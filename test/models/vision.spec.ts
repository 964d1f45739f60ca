// On photos of people, rxtensor/vision finds what plain loops find by the same weights on TensorFlow.js.
import * as dl from 'rxtensor';
import { detector, landmarker, smooth, specs, track } from 'rxtensor/vision';
import { firstValueFrom, lastValueFrom, map, share, Subject, toArray } from 'rxjs';
import { settle } from '../support/marbles';
import { chosen, isWholeRun } from './choice';
import { installModels } from './packages';
import { photo } from './photos';
import {
  byte,
  detected,
  expectLandmarks,
  expectPoints,
  expectSame,
  tensorOf,
  withModel,
} from './vision-compare';
import { otherFamilies } from './vision-others';
import { eyesCut, hipsCut, palmCut } from './vision-cuts';
import { bodiesOn, facesOn, palmsOn } from './vision-found';
import { cutOut, onPhoto, outputsOf, shared, wholeOf } from './vision-reference';

installModels();

/** The names of the families, one of which each run compares; all of them in a long one. */
const families: Readonly<Record<string, () => Promise<void>>> = {
  'blazeface and facemesh': async () => {
    const taken = photo(4);
    const faces = await detected('blazeface', specs.blazeface, taken);
    expectSame(faces, await facesOn(taken));
    expect(faces.length).toBe(4);
    for (const face of isWholeRun() ? faces : faces.slice(0, 2))
      await expectLandmarks('facemesh', specs.facemesh, taken, face, eyesCut(face));
  },
  hands: async () => {
    const taken = photo(4);
    const palms = await detected('handdetect', specs.handdetect, taken);
    expectSame(palms, await palmsOn(taken));
    await expectLandmarks('handlandmark-full', specs.handlandmark, taken, palms[0]!, palmCut(palms[0]!));
  },
  bodies: async () => {
    const taken = photo(4);
    const people = await detected('blazepose-detector', specs.blazeposeDetector, taken);
    expectSame(people, await bodiesOn(taken));
    await expectLandmarks('blazepose-lite', specs.blazepose, taken, people[0]!, hipsCut(people[0]!));
  },
  movenet: async () => {
    const taken = photo(6);
    const whole = wholeOf(taken);
    const [numbers] = await outputsOf(
      'movenet-lightning',
      ['Identity:0'],
      cutOut(taken, whole, 192, byte),
      192,
      'int32',
    );
    const wanted = Array.from({ length: 17 }, (_, k) =>
      onPhoto(whole, numbers![3 * k + 1]!, numbers![3 * k]!),
    );
    const found = await withModel('movenet-lightning', async (model) => {
      const picture = tensorOf(taken);
      const body = await landmarker(model, specs.movenet)(picture);
      picture.dispose();
      return body;
    });
    expectPoints(found.points, wanted, whole.width);
    found.points.forEach(({ score }, k) => expect(score!).toBeCloseTo(numbers![3 * k + 2]!, 1));
  },
  centernet: async () => {
    const taken = photo(6);
    const whole = wholeOf(taken);
    const [rows] = await outputsOf('centernet', ['tower_0/detections'], cutOut(taken, whole, 512, byte), 512);
    const people = await detected('centernet', specs.centernet, taken);
    expect(people.length).toBeGreaterThan(1);
    for (const { box, score, label } of people) {
      // The row of the list with that score.
      const row = Array.from({ length: 100 }, (_, i) => rows!.slice(6 * i, 6 * i + 6)).sort(
        (a, b) => Math.abs(a[4]! - score) - Math.abs(b[4]! - score),
      )[0]!;
      const corners = [
        ...onPhoto(whole, row[0]! / 512, row[1]! / 512),
        ...onPhoto(whole, row[2]! / 512, row[3]! / 512),
      ];
      expect(shared([box.x, box.y, box.x + box.width, box.y + box.height], corners)).toBeGreaterThan(0.9);
      expect(row[5]).toBe(label);
      expect(score).toBeCloseTo(row[4]!, 2);
    }
  },
  ...otherFamilies,
};

describe('public models on photos', () => {
  beforeAll(() => dl.setBackend('cpu'));

  for (const family of chosen('families of vision', Object.keys(families), 1))
    it(`${family} find what they find on TensorFlow.js`, async () => {
      const before = dl.memory().numTensors;
      await families[family]!();
      expect(dl.memory().numTensors).toBe(before);
    });

  it('are followed from frame to frame by track and smooth, with a flat memory', async () => {
    const before = dl.memory().numTensors;
    await withModel('blazeface', (faces) =>
      withModel('facemesh', async (mesh) => {
        const taken = photo(4);
        const whole = tensorOf(taken);
        const tensors: number[] = [];
        // The camera moves: the photo goes to the left by four pixels a frame. A frame comes when the one before is done, so that memory is looked at while nothing is
        // under way, and 33 ms after it, however fast this machine is: the filter of smooth() follows slower frames faster.
        const places = new Subject<number>();
        const followed = places.pipe(
          dl.mapTensor((i) => whole.slice<dl.Tensor3D>([0, 4 * i, 0], [taken.height, taken.width - 24, 3])),
          track({
            detect: detector(faces, specs.blazeface),
            landmarks: landmarker(mesh, specs.facemesh),
            maxTracks: 2,
          }),
          map((value, i) => ({ ...value, time: 33 * i })),
          smooth({ minCutoff: 1, beta: 0.02 }),
          map(({ tracks }) => tracks.map(({ id, points, score }) => ({ id, score, nose: points[1]! }))),
          share(),
        );
        const all = lastValueFrom(followed.pipe(toArray()));
        for (const i of [0, 1, 2, 3, 4, 5]) {
          const one = firstValueFrom(followed);
          places.next(i);
          await one;
          await settle();
          tensors.push(dl.memory().numTensors);
        }
        places.complete();
        const found = await all;
        whole.dispose();
        expect(found.map((tracks) => tracks.map(({ id }) => id))).toEqual(found.map(() => [1, 2]));
        // The faces go to the left, by no more than the picture.
        const way = found[0]![0]!.nose.x - found.at(-1)[0]!.nose.x;
        expect(way).toBeGreaterThan(5);
        expect(way).toBeLessThan(24);
        expect(tensors).toEqual(tensors.map(() => tensors[0]!));
      }),
    );
    expect(dl.memory().numTensors).toBe(before);
  });
});
