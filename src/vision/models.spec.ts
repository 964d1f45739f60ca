// detector(), landmarker(), segmenter() and classifier() on small models made by hand.
import { near } from '../../test/support/near';
import * as dl from 'rxtensor';
import { lastValueFrom, toArray } from 'rxjs';
import {
  classifier,
  detector,
  landmarker,
  segmenter,
  type BoxListSpec,
  type CornersSpec,
  type LandmarkerSpec,
  type SsdSpec,
  type VisionModel,
} from 'rxtensor/vision';

/** What a model was given last: its values are read when they are asked for. */
interface Seen {
  shape: readonly number[];
  dtype: string;
  values: number[];
}

/** A model whose outputs are functions of its input. */
function modelOf(outputs: Readonly<Record<string, (image: dl.Tensor) => dl.Tensor>>): VisionModel & Seen {
  const model: VisionModel & Seen = {
    ...{ shape: [], dtype: '', values: [] },
    executeAsync: (async (image: dl.Tensor, names: readonly string[]) => {
      [model.shape, model.dtype] = [image.shape, image.dtype];
      model.values = [...(await image.data())];
      return dl.tidy(() => names.map((name) => outputs[name]!(image)));
    }) as VisionModel['executeAsync'],
  };
  return model;
}

const constant = (values: readonly number[], shape: number[]) => (): dl.Tensor =>
  dl.tensor([...values], shape);
const input = { size: [8, 8], range: '0..1' } as const;

/** Calls it with a picture of that size. */
async function on<R>(
  find: (picture: dl.Tensor3D) => PromiseLike<R>,
  [height, width]: readonly [number, number] = [16, 32],
  value = 0.5,
): Promise<R> {
  const picture = dl.fill<dl.Rank.R3>([height, width, 1], value);
  try {
    return await find(picture);
  } finally {
    picture.dispose();
  }
}

describe('detector', () => {
  const list: BoxListSpec = { kind: 'list', input, output: 'found' };

  it('letterboxes the picture, and brings boxes of a list back to it', async () => {
    const rows = [2, 3, 6, 5, 0.9, 7, 0, 0, 8, 8, 0.4, 1];
    const model = modelOf({ found: constant(rows, [1, 2, 6]) });
    const found = await on(detector(model, list));
    // 32 pixels become 8, with bars of two rows above and below.
    expect(found).toEqual([
      { box: { x: 8, y: 4, width: 16, height: 8 }, score: near(0.9), label: 7, keypoints: [] },
    ]);
    expect([model.shape, model.dtype]).toEqual([[1, 8, 8, 1], 'float32']);
    expect(model.values.map((value) => Math.round(value * 100) / 100)).toEqual(
      [0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0].flatMap((value) => Array<number>(8).fill(value)),
    );
  });

  it('gives the range, the dtype and the order of channels that the model takes', async () => {
    const model = modelOf({ found: constant([], [0, 6]) });
    const bytes = { size: [2, 2], range: '0..255', dtype: 'int32', isChannelsFirst: true } as const;
    const picture = dl.tensor3d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 2, 3], 'int32');
    expect(await detector(model, { ...list, input: bytes })(picture)).toEqual([]);
    picture.dispose();
    expect([model.shape, model.dtype]).toEqual([[1, 3, 2, 2], 'int32']);
    expect(model.values).toEqual([1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]);
  });

  it('keeps the best of boxes that overlap', async () => {
    const rows = [0, 0, 4, 4, 0.6, 0, 0, 0, 4, 4, 0.8, 0, 4, 4, 8, 8, 0.7, 0];
    const model = modelOf({ found: constant(rows, [3, 6]) });
    const found = await on(detector(model, { ...list, suppression: { iouThreshold: 0.5 } }), [8, 8]);
    expect(found.map(({ score, box }) => [score, box.x])).toEqual([
      [near(0.8), 0],
      [near(0.7), 4],
    ]);
  });

  const ssd: SsdSpec = {
    ...{ kind: 'ssd', input, boxes: ['b1', 'b2'], scores: ['s1', 's2'] },
    anchors: {
      strides: [4, 8],
      minScale: 0.5,
      maxScale: 1,
      interpolatedScaleAspectRatio: 0,
      fixedAnchorSize: true,
    },
    decoding: { isXFirst: true, activation: 'none', keypoints: 1 },
  };
  const zeros = (count: number, columns: number): number[] => Array<number>(count * columns).fill(0);

  it('decodes an SSD with several outputs, in the order of its anchors', async () => {
    const model = modelOf({
      b1: constant(zeros(4, 6), [1, 4, 6]),
      b2: constant([1, 0, 4, 2, -1, 3], [1, 1, 6]),
      s1: constant([0, 0, 0.1, 0], [1, 4, 1]),
      s2: constant([0.8], [1, 1, 1]),
    });
    const found = await on(detector(model, ssd), [16, 16]);
    // The last anchor is in the middle, (4, 4); the picture is twice as large as the input.
    expect(found).toEqual([
      { box: { x: 6, y: 6, width: 8, height: 4 }, score: near(0.8), label: 0, keypoints: [{ x: 6, y: 14 }] },
    ]);
  });

  it('decodes distances that are classified into steps', async () => {
    const sure = (step: number): number[] => [0, 1, 2].map((each) => (each === step ? 50 : 0));
    const { decoding: _, ...rest } = ssd;
    const model = modelOf({
      boxes: constant([...zeros(3, 12), ...sure(1), ...sure(0), ...sure(1), ...sure(2)], [4, 12]),
      scores: constant([0, 0, 0, 0, 0, 0, 0.2, 0.9], [4, 2]),
    });
    const found = await on(
      detector(model, {
        ...rest,
        ...{ boxes: ['boxes'], scores: ['scores'] },
        anchors: {
          strides: [4],
          minScale: 0,
          maxScale: 0,
          interpolatedScaleAspectRatio: 0,
          cellAnchorSize: true,
        },
        decoding: { bins: 3, labels: 2, activation: 'none' },
      }),
      [8, 8],
    );
    // From the centre (6, 6) of the last cell, in cells of four pixels: 1 to the left, 0 up, 1 to the right, 2 down.
    expect(found).toEqual([
      {
        box: { x: near(2), y: near(6), width: near(8), height: near(8) },
        ...{ score: near(0.9), label: 1, keypoints: [] },
      },
    ]);
  });

  it('reads corners, and the best class of each box', async () => {
    const spec: CornersSpec = { kind: 'corners', input, boxes: 'boxes', scores: 'scores' };
    const model = modelOf({
      boxes: constant([0.25, 0, 0.5, 1, 0, 0, 1, 1], [1, 2, 1, 4]),
      scores: constant([0.1, 0.7, 0.2, 0.3, 0.4, 0.2], [1, 2, 3]),
    });
    expect(await on(detector(model, spec), [16, 16])).toEqual([
      { box: { x: 0, y: 4, width: 16, height: 4 }, score: near(0.7), label: 1, keypoints: [] },
    ]);
    const odd = modelOf({ boxes: constant([1, 2, 3], [3]), scores: constant([1], [1]) });
    await expectAsync(on(detector(odd, spec))).toBeRejectedWithError(
      'detector: the model gives 3 numbers of boxes and 1 scores; wanted four numbers for each box, and a score of each class',
    );
  });

  it('says what does not fit', async () => {
    const model = modelOf({ found: constant([1, 2], [1, 2]), b: constant(zeros(2, 6), [2, 6]) });
    await expectAsync(on(detector(model, list))).toBeRejectedWithError(
      "detector: argument 'found' has shape [1,2]; wanted [n, 6], or a batch of one",
    );
    await expectAsync(on(detector(model, { ...ssd, boxes: ['b'], scores: ['b'] }))).toBeRejectedWithError(
      'detector: the model gives 2 boxes and 2 scores; wanted 5, one for each anchor of the spec',
    );
    await expectAsync(detector(model, list)(3 as never)).toBeRejectedWithError(
      /detector: argument 'picture' is 3/,
    );
    expect(() => detector(model, { kind: 'lists', input } as never)).toThrowError(
      "detector: argument 'spec' is an object; wanted a spec whose 'kind' is 'ssd', 'list' or 'corners', as specs.blazeface",
    );
    expect(() => detector(model, { kind: 'ssd', input } as never)).toThrowError(
      "detector: argument 'spec', as specs.blazeface: option 'anchors' is missing",
    );
    expect(() => detector(model, { ...list, outputs: 'b' } as never)).toThrowError(
      /^detector: argument 'spec', as specs.centernet: there is no option 'outputs'; the nearest is 'output'/,
    );
    expect(() => detector(model, { ...list, input: { size: [8, 8] } } as never)).toThrowError(
      "detector: 'input' of the spec: option 'range' is missing",
    );
    expect(() => detector(model, { ...list, input: { ...input, size: [8] } } as never)).toThrowError(
      "detector: 'input' of the spec: option 'size' is [8]; wanted [height, width], positive integers",
    );
    expect(() => detector(model, { ...ssd, decoding: { minscore: 1 } } as never)).toThrowError(
      /^detector: 'decoding' of the spec: there is no option 'minscore'; the nearest is 'minScore'/,
    );
    expect(() => detector(model, { ...ssd, boxes: 'b' } as never)).toThrowError(
      /option 'boxes' is 'b'; wanted a list of names of outputs of the model/,
    );
    const broken: VisionModel = {
      executeAsync: (): Promise<never> => Promise.reject(new Error('no such output')),
    };
    await expectAsync(on(detector(broken, list))).toBeRejectedWithError('no such output');
  });

  it('is a function for predict, which waits for it', async () => {
    const model = modelOf({ found: constant([2, 3, 6, 5, 0.9, 7], [1, 6]) });
    const found = dl.examples([0.2, 0.4]).pipe(
      dl.mapTensor((shade) => dl.fill<dl.Rank.R3>([8, 8, 1], shade)),
      dl.predict(detector(model, list)),
      toArray(),
    );
    const boxes = (await lastValueFrom(found)).map(([first]) => first!.box.x);
    expect(boxes).toEqual([2, 2]);
  });
});

describe('landmarker', () => {
  const spec: LandmarkerSpec = {
    input,
    points: 'points',
    decoding: { columns: ['x', 'y', 'z'] },
    fromDetection: { scale: 2 },
  };
  const model = modelOf({
    points: constant([4, 4, 2, 8, 0, -2], [1, 6]),
    score: constant([Math.log(3)], [1, 1]),
  });

  it('brings points of a turned region back to the picture', async () => {
    const region = { centerX: 20, centerY: 10, width: 16, height: 16, rotation: Math.PI / 2 };
    const found = await on((picture) => landmarker(model, spec)(picture, region));
    // The upper right corner of the crop is the lower right one of the region.
    expect(found.points).toEqual([
      { x: near(20), y: near(10), z: near(4) },
      { x: near(28), y: near(18), z: near(-4) },
    ]);
    expect([found.score, found.region]).toEqual([1, region]);
    // Twice as large as the box of the points.
    expect(found.next).toEqual({
      centerX: near(24),
      centerY: near(14),
      width: near(16),
      height: near(16),
      rotation: 0,
    });
  });

  it('sees a mirrored region the other way round', async () => {
    const region = { centerX: 20, centerY: 8, width: 8, height: 8, isMirrored: true };
    const dark = dl.tidy(() => dl.concat<dl.Tensor3D>([dl.zeros([16, 20, 1]), dl.ones([16, 12, 1])], 1));
    const found = await landmarker(model, spec)(dark, region);
    dark.dispose();
    expect(found.points.map(({ x, y }) => [x, y])).toEqual([
      [20, 8],
      [16, 4],
    ]);
    // What is bright on the right is on the left for the model.
    expect(model.values.slice(0, 8)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it('takes the score of an output, and the first points', async () => {
    const scored = { ...spec, score: 'score', scoreActivation: 'sigmoid', count: 1 } as const;
    const found = await on(landmarker(model, scored));
    expect([found.score, found.points.length]).toEqual([near(0.75), 1]);
  });

  it('takes the mean of the scores of points', async () => {
    const columns = ['x', 'y', 'score'] as const;
    const whole: LandmarkerSpec = { input, points: 'points', decoding: { columns } };
    const found = await on(landmarker(model, whole));
    expect([found.score, found.next]).toEqual([near(0), null]);
  });

  it('tells the region of a detection', () => {
    const detection = { box: { x: 0, y: 0, width: 10, height: 4 }, keypoints: [] };
    const points = [
      { x: 10, y: 10 },
      { x: 10, y: 20 },
      { x: 90, y: 90 },
    ];
    const region = (more: object, keypoints: readonly { x: number; y: number }[] = []): unknown =>
      landmarker(model, { ...spec, ...more }).regionOf({ ...detection, keypoints });
    expect(region({})).toEqual({ centerX: 5, centerY: 2, width: 20, height: 20, rotation: 0 });
    expect(region({ fromDetection: undefined })).toBeNull();
    const eye = { axis: [0, 1], around: [0, 1], scale: 2, isMirrored: true };
    const rotation = near(Math.PI / 2);
    expect(region({ fromDetection: eye }, points)).toEqual({
      ...{ centerX: near(10), centerY: near(15), width: near(20), height: near(20), rotation },
      isMirrored: true,
    });
    expect(() => landmarker(model, spec).regionOf({ box: detection.box } as never)).toThrowError(
      /regionOf: argument 'detection' is an object; wanted a detection, as detector\(\) gives/,
    );
  });

  it('says what does not fit', async () => {
    const four = { ...spec, decoding: { columns: ['x', 'y', 'z', 'score'] } } as const;
    await expectAsync(on(landmarker(model, four))).toBeRejectedWithError(
      "landmarker: the model's output 'points' has 6 numbers; wanted a multiple of 4, one for each of 'columns'",
    );
    const flat = { centerX: 0, centerY: 0, width: 0, height: 1 };
    await expectAsync(on((picture) => landmarker(model, spec)(picture, flat))).toBeRejectedWithError(
      /landmarker: argument 'region' is an object of center 0, 0, size 0 × 1/,
    );
  });
});

describe('segmenter', () => {
  it('gives a mask of the picture, and leaves nothing behind but that', async () => {
    const model = modelOf({ mask: (image) => dl.relu(image) });
    const mask = await on(segmenter(model, { input, output: 'mask', decoding: {} }), [4, 8], 0.25);
    expect([mask.shape, [...(await mask.data())].every((value) => value === 0.25)]).toEqual([[4, 8], true]);
    mask.dispose();
    const flat = modelOf({ mask: (image) => image.flatten() });
    await expectAsync(on(segmenter(flat, { input, output: 'mask', decoding: {} }))).toBeRejectedWithError(
      /segmentationMask: argument 'output' has shape \[64\]/,
    );
  });
});

describe('classifier', () => {
  const spec = { input, output: 'scores', labels: ['dark', 'bright'], decoding: { count: 1 } } as const;

  it('resizes the whole picture, and names what is most likely', async () => {
    const model = modelOf({ scores: (image) => dl.stack([dl.sub(1, image.mean()), image.mean()]) });
    expect(await on(classifier(model, spec), [16, 64], 0.75)).toEqual([
      { label: 'bright', index: 1, score: near(0.75) },
    ]);
    expect(model.values.every((value) => Math.abs(value - 0.75) < 1e-3)).toBeTrue();
  });

  it('says what does not fit', async () => {
    const model = modelOf({ scores: constant([1, 2, 3], [1, 3]) });
    await expectAsync(on(classifier(model, spec))).toBeRejectedWithError(
      "topLabels: argument 'scores' has shape [1,3]; wanted 2 numbers, one for each of the 'labels'",
    );
    expect(() => classifier(model, {} as never)).toThrowError(
      "classifier: argument 'spec', as specs.nsfw: option 'input' is missing",
    );
  });
});
