import * as fc from 'fast-check';
import { between, integers, mixed, ofShape } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import type { Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;
const n = integers(1, 5);
const images = (
  channels: fc.Arbitrary<number> = integers(1, 3),
): fc.Arbitrary<[number, number, number, number]> => fc.tuple(integers(1, 2), n, n, channels);
const colours = between(0, 4);

/** alignCorners and halfPixelCenters: not both. */
const modes = fc.constantFrom<boolean[]>([false, false], [true, false], [false, true]);
const resizes = (withModes: fc.Arbitrary<boolean[]>, alone: fc.Arbitrary<boolean> = fc.boolean()): Drawn =>
  fc
    .tuple(images(), n, n, withModes, alone)
    .chain(([shape, height, width, [align, half], isAlone]) =>
      ofShape(isAlone ? shape.slice(1) : shape, colours).map((x): readonly Argument[] => [
        x,
        [height, width],
        align,
        half,
      ]),
    );

/** Of one image as high as it is wide. */
const squares = (drawn: Drawn): Drawn =>
  drawn.filter(([x]) => {
    const { shape } = x as Operand;
    return shape[0] === 1 && shape[1] === shape[2];
  });

const crops: Drawn = fc.tuple(images(), integers(1, 3), n, n).chain(([shape, count, height, width]) =>
  fc.tuple(
    ofShape(shape, colours),
    // A little beside the multiples of 1/64, so that no place lies half-way between two pixels, where rounding decides.
    ofShape(
      [count, 4],
      between(-0.25, 1.25).map((v) => v + 1 / 4096),
    ),
    ofShape([count], integers(0, shape[0] - 1), 'int32'),
    fc.constant([height, width]),
    fc.constantFrom('bilinear', 'nearest'),
    between(-1, 1),
  ),
);

/** Of one image: TensorFlow.js fills the others of a batch. */
const transforms: Drawn = fc
  .tuple(
    images().map((s) => [1, ...s.slice(1)]),
    n,
    n,
  )
  .chain(([shape, height, width]) =>
    fc.tuple(
      ofShape(shape, colours),
      ofShape([1, 8], between(-1, 1)).map((x) => ({
        ...x,
        // The last two make it a projection: kept small, so that no point goes to infinity.
        values: x.values.map((v, i) => (i % 8 >= 6 ? v / 64 : v)),
      })),
      fc.constantFrom('nearest', 'bilinear'),
      fc.constantFrom('constant', 'reflect', 'nearest'),
      between(0, 1),
      fc.constant([height, width]),
    ),
  );

const rotations: Drawn = images(fc.constantFrom(1, 3)).chain((shape) =>
  fc.tuple(
    ofShape(shape, integers(0, 255)),
    between(-3, 3),
    fc.constantFrom(0, 0.5, 1),
    fc.constantFrom(0.5, 0.25),
  ),
);

const boxes = (count: number): fc.Arbitrary<Argument> =>
  fc
    .array(fc.tuple(between(0, 1), between(0, 1), between(0.25, 1), between(0.25, 1)), {
      minLength: count,
      maxLength: count,
    })
    .map((all) => ({
      dtype: 'float32',
      shape: [count, 4],
      values: all.flatMap(([y, x, h, w]) => [y, x, y + h, x + w]),
    }));
const scores = (count: number): fc.Arbitrary<Argument> =>
  fc
    .shuffledSubarray(
      Array.from({ length: count }, (_, i) => (i + 1) / 16),
      { minLength: count, maxLength: count },
    )
    .map((values) => ({ dtype: 'float32', shape: [count], values }));
const selections = (...more: fc.Arbitrary<Argument>[]): Drawn =>
  integers(1, 8).chain((count) =>
    fc.tuple(
      boxes(count),
      scores(count),
      integers(1, 8),
      // No overlap of these boxes is one of them: TensorFlow.js drops what overlaps by as much, and TensorFlow by more.
      fc.constantFrom(0.2437, 0.4871),
      fc.constantFrom(0.1, 0.3),
      ...more,
    ),
  );

const host = { none: 'its results are indices' };

export const imageRows: Rows = {
  'image.resizeBilinear': {
    args: resizes(modes),
    gradient: squares(resizes(fc.constantFrom<boolean[]>([false, false], [true, false]), fc.constant(false))),
    oracleIsWrong: 'its gradient exchanges height and width',
  },
  'image.resizeNearestNeighbor': {
    args: resizes(modes),
    // With aligned corners, the gradient in TensorFlow.js never ends for an image of one row.
    gradient: squares(resizes(fc.constant([false, false]), fc.constant(false))),
    oracleIsWrong: 'its gradient reads the first image of the batch for all',
  },
  'image.cropAndResize': { args: crops, gradient: { none: 'TensorFlow.js has no gradient of it' } },
  'image.transform': {
    args: transforms,
    gradient: { none: 'TensorFlow.js has no gradient of it' },
    oracleIsWrong: "its fill mode 'wrap' does not repeat the image: ops/image/warp.spec.ts",
  },
  'image.rotateWithOffset': { args: rotations, gradient: { none: 'TensorFlow.js has no gradient of it' } },
  'image.flipLeftRight': {
    args: images().chain((s) => fc.tuple(ofShape(s, colours))),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
  'image.grayscaleToRGB': {
    args: mixed(images(fc.constant(1))).map((x) => [x]),
    gradient: images(fc.constant(1)).chain((s) => fc.tuple(ofShape(s))),
  },
  'image.rgbToGrayscale': {
    args: images(fc.constant(3)).chain((s) => fc.tuple(ofShape(s, colours))),
    gradient: { none: 'TensorFlow.js has no gradient of it' },
  },
  'image.threshold': {
    args: fc
      .tuple(n, n, fc.constantFrom(1, 3))
      .chain((shape) =>
        fc.tuple(
          ofShape(shape, integers(0, 255)),
          fc.constantFrom('binary', 'otsu'),
          fc.boolean(),
          between(0.25, 0.75),
        ),
      ),
    gradient: { none: 'it is constant but for its steps' },
  },
  'image.nonMaxSuppression': { args: selections(), gradient: host },
  'image.nonMaxSuppressionWithScore': { args: selections(fc.constantFrom(0, 0.5)), gradient: host },
  'image.nonMaxSuppressionPadded': {
    args: selections(fc.boolean()).filter(([b, , most]) => (b as Operand).shape[0]! >= (most as number)),
    gradient: host,
    oracleIsWrong: 'it pads to the number of boxes, where they are fewer than asked for',
  },
};
