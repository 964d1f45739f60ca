import * as dl from 'rxtensor/tensor';
import { expectClose, type Tolerance } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums, type Sums } from '../../../test/support/sums';
import { slide, type Sliding } from '../../../test/support/windows';

const tolerance: Tolerance = { cpu: 1e-5, webgl: 1e-5 };

interface Case extends Omit<Sliding, 'filter'> {
  /** NHWC. */
  readonly x: [number, number, number, number];
  /** [height, width, in, multiplier]. */
  readonly filter: [number, number, number, number];
}

const cases: Case[] = [
  { x: [1, 3, 3, 1], filter: [2, 2, 1, 1], pad: 'valid' },
  { x: [1, 4, 5, 1], filter: [2, 2, 1, 3], pad: 'same' },
  { x: [2, 5, 4, 3], filter: [3, 3, 3, 1], pad: 'same' },
  { x: [2, 5, 4, 3], filter: [3, 2, 3, 2], pad: 'valid' },
  { x: [1, 6, 7, 4], filter: [3, 3, 4, 1], strides: [2, 2], pad: 'same' },
  { x: [2, 7, 6, 8], filter: [3, 3, 8, 1], strides: [2, 1], pad: 'valid' },
  { x: [1, 6, 6, 4], filter: [2, 3, 4, 2], strides: [2, 3], pad: 'same' },
  { x: [1, 8, 7, 4], filter: [3, 3, 4, 1], pad: 'same', dilations: [2, 3] },
  { x: [1, 8, 7, 2], filter: [3, 2, 2, 2], pad: 'valid', dilations: [2, 2] },
  { x: [1, 5, 5, 4], filter: [3, 3, 4, 1], pad: 2 },
  { x: [1, 6, 6, 3], filter: [3, 3, 3, 1], strides: [2, 2], pad: 1, rounding: 'ceil' },
  {
    x: [1, 4, 5, 4],
    filter: [2, 2, 4, 1],
    pad: [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  },
  { x: [3, 16, 16, 16], filter: [3, 3, 16, 1], pad: 'same' },
];

function describeCase({ x, filter, strides = [1, 1], pad, dilations = [1, 1] }: Case): string {
  return `[${x}] by [${filter}], strides [${strides}], pad ${JSON.stringify(pad)}, dilations [${dilations}]`;
}

/** The definition, in float64. */
function convolve(x: Reference, filter: Reference, c: Case): Sums {
  const multiplier = c.filter[3];
  const { extents, taps } = slide(c.x[1], c.x[2], { ...c, filter: [c.filter[0], c.filter[1]] });
  return sums([c.x[0], ...extents, c.x[3] * multiplier], ([n, oy, ox, channel], add) => {
    const c = Math.floor(channel! / multiplier);
    for (const tap of taps(oy!, ox!))
      add(at(x, [n!, tap.y, tap.x, c]) * at(filter, [tap.fy, tap.fx, c, channel! % multiplier]));
  });
}

function run(x: dl.TensorInput, filter: dl.TensorInput, c: Case): dl.Tensor4D {
  const [strides, dilations] = [c.strides ?? [1, 1], c.dilations ?? [1, 1]] as [
    [number, number],
    [number, number],
  ];
  return dl.depthwiseConv2d<dl.Tensor4D>(x, filter, strides, c.pad, 'NHWC', dilations, c.rounding);
}

describe('depthwiseConv2d', () => {
  for (const c of cases) {
    it(describeCase(c), () => {
      const [x, filter] = [sample(c.x, 1), sample(c.filter, 2)];
      dl.tidy(() => {
        expectSums(run(toTensor(x), toTensor(filter), c), convolve(x, filter, c));
      });
      expectGradients((a, b) => run(a, b, c), [x, filter]);
    });
  }

  it('has second derivatives', () => {
    for (const c of [cases[2]!, cases[4]!, cases[7]!, cases[8]!]) {
      expectSecondGradients((a, b) => run(a, b, c), [sample(c.x, 3), sample(c.filter, 4)]);
    }
  });

  it('takes one image, NCHW with its padding, and the chained form', () => {
    const [x, filter] = [sample([5, 4, 3], 1), sample([3, 2, 3, 2], 2)];
    dl.tidy(() => {
      const image = toTensor(x) as dl.Tensor3D;
      const wanted = dl.depthwiseConv2d(image, toTensor(filter), 1, [
        [0, 0],
        [1, 2],
        [0, 3],
        [0, 0],
      ]);
      expect(wanted.shape).toEqual([6, 6, 6]);
      const first = image.transpose([2, 0, 1]);
      const found = first.depthwiseConv2d(
        toTensor(filter),
        1,
        [
          [0, 0],
          [0, 0],
          [1, 2],
          [0, 3],
        ],
        'NCHW',
      );
      expectClose(found.transpose([1, 2, 0]), { shape: wanted.shape, values: [...wanted.dataSync()] }, 1e-6);
    });
  });

  it('of no images has no elements, and a filter gradient of zeros', () => {
    dl.tidy(() => {
      const filter = dl.ones<dl.Rank.R4>([2, 2, 3, 1]);
      expect(dl.depthwiseConv2d(dl.zeros([0, 4, 4, 3]), filter, 1, 'valid').shape).toEqual([0, 3, 3, 3]);
      const gradient = dl.grad((f) => dl.depthwiseConv2d(dl.zeros([0, 4, 4, 3]), f, 1, 'valid').sum())(
        filter,
      );
      expectClose(
        gradient,
        build([2, 2, 3, 1], () => 0),
      );
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const x = dl.zeros([1, 4, 4, 3]);
      expect(() => dl.depthwiseConv2d(x, dl.zeros([2, 2, 2, 1]), 1, 'valid')).toThrowError(
        /depthwiseConv2d: argument 'x' has 3 channels; wanted 2, as the argument 'filter' of shape \[2,2,2,1\]/,
      );
      expect(() => dl.depthwiseConv2d(dl.zeros([4, 4]), dl.zeros([2, 2, 2, 1]), 1, 'valid')).toThrowError(
        /depthwiseConv2d: argument 'x' has rank 2 \(shape \[4,4\]\); wanted rank 3 or 4/,
      );
      expect(() => dl.depthwiseConv2d(x, dl.zeros([2, 2, 3]), 1, 'valid')).toThrowError(
        /argument 'filter' has rank 3/,
      );
      expect(() => dl.depthwiseConv2d(x, dl.zeros([2, 2, 3, 1]), 2, 'valid', 'NHWC', 2)).toThrowError(
        /'strides' and 'dilations' are \[2,2\] and \[2,2\]/,
      );
      expect(() => dl.depthwiseConv2d(x, dl.zeros([2, 2, 3, 1]), 1, 'full' as never)).toThrowError(
        /argument 'pad'/,
      );
      expect(() => dl.depthwiseConv2d(x, 'f' as never, 1, 'valid')).toThrowError(
        /argument 'filter' is a string/,
      );
    });
  });
});

describe('separableConv2d', () => {
  const [x, own, mixing] = [sample([2, 5, 6, 3], 1), sample([3, 2, 3, 2], 2), sample([1, 1, 6, 4], 3)];

  it('is a depthwise convolution and one of 1 × 1, in both formats', () => {
    dl.tidy(() => {
      const images = toTensor(x) as dl.Tensor4D;
      const c: Case = { x: [2, 5, 6, 3], filter: [3, 2, 3, 2], strides: [2, 2], pad: 'same' };
      const between = convolve(x, own, c);
      const wanted = build([...between.shape.slice(0, 3), 4], ([n, oy, ox, channel]) =>
        [0, 1, 2, 3, 4, 5].reduce(
          (sum, k) => sum + at(between, [n!, oy!, ox!, k]) * at(mixing, [0, 0, k, channel!]),
          0,
        ),
      );
      const y = dl.separableConv2d(images, toTensor(own), toTensor(mixing), 2, 'same');
      expectClose(y, wanted, tolerance);
      const first = images.transpose([0, 3, 1, 2]);
      const z = first.separableConv2d(toTensor(own), toTensor(mixing), 2, 'same', 1, 'NCHW');
      expectClose(z.transpose([0, 2, 3, 1]), wanted, tolerance);
    });
  });

  it('has gradients to images and both filters', () => {
    expectGradients((a, b, c) => dl.separableConv2d(a, b, c, 1, 'valid', [2, 1]), [x, own, mixing]);
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const images = dl.zeros<dl.Rank.R4>([2, 5, 6, 3]);
      expect(() =>
        dl.separableConv2d(images, toTensor(own), dl.zeros([1, 1, 3, 4]), 1, 'valid'),
      ).toThrowError(
        /separableConv2d: argument 'pointwiseFilter' has shape \[1,1,3,4\]; wanted \[1,1,6,…\], for an argument 'depthwiseFilter' of shape \[3,2,3,2\]/,
      );
      expect(() => dl.separableConv2d(images, dl.zeros([2, 2]), toTensor(mixing), 1, 'valid')).toThrowError(
        /argument 'depthwiseFilter' has rank 2/,
      );
    });
  });
});
