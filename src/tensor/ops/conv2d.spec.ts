import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums, type Sums } from '../../../test/support/sums';

interface Case {
  /** NHWC. */
  readonly x: number[];
  /** [height, width, in, out]. */
  readonly filter: [number, number, number, number];
  readonly strides?: [number, number];
  readonly pad: dl.Padding;
  readonly dilations?: [number, number];
  readonly rounding?: dl.RoundingMode;
}

const cases: Case[] = [
  { x: [1, 3, 3, 1], filter: [1, 1, 1, 1], pad: 'valid' },
  { x: [2, 4, 5, 3], filter: [1, 1, 3, 4], pad: 'same' },
  { x: [1, 5, 5, 1], filter: [3, 3, 1, 2], pad: 'valid' },
  { x: [2, 5, 6, 2], filter: [3, 2, 2, 3], pad: 'same' },
  { x: [1, 7, 6, 3], filter: [3, 3, 3, 4], strides: [2, 2], pad: 'same' },
  { x: [1, 6, 7, 3], filter: [2, 3, 3, 2], strides: [2, 3], pad: 'valid' },
  { x: [1, 6, 6, 4], filter: [2, 2, 4, 8], strides: [3, 1], pad: 'same' },
  { x: [1, 7, 7, 2], filter: [3, 3, 2, 3], pad: 'valid', dilations: [2, 2] },
  { x: [1, 8, 7, 2], filter: [3, 2, 2, 3], pad: 'same', dilations: [1, 3] },
  { x: [1, 4, 4, 2], filter: [3, 3, 2, 2], pad: 1 },
  { x: [1, 6, 6, 1], filter: [3, 3, 1, 1], strides: [2, 2], pad: 1, rounding: 'floor' },
  { x: [1, 6, 6, 1], filter: [3, 3, 1, 1], strides: [2, 2], pad: 0 },
  {
    x: [1, 4, 5, 2],
    filter: [2, 2, 2, 3],
    pad: [
      [0, 0],
      [1, 0],
      [0, 2],
      [0, 0],
    ],
  },
  { x: [1, 8, 8, 8], filter: [5, 5, 8, 16], pad: 'same' },
  { x: [3, 1, 1, 5], filter: [1, 1, 5, 7], pad: 'valid' },
  { x: [2, 12, 12, 1], filter: [5, 5, 1, 8], pad: 'valid' },
];

function describeCase({ x, filter, strides = [1, 1], pad, dilations = [1, 1] }: Case): string {
  return `[${x}] by [${filter}], strides [${strides}], pad ${JSON.stringify(pad)}, dilations [${dilations}]`;
}

/** Output extent and padding before, by the definitions of TensorFlow's documentation. */
function window(
  extent: number,
  filter: number,
  stride: number,
  dilation: number,
  pad: dl.Padding,
  axis: 1 | 2,
  rounding: dl.RoundingMode = 'floor',
): [number, number] {
  const reach = dilation * (filter - 1) + 1;
  if (pad === 'same') {
    const out = Math.ceil(extent / stride);
    return [out, Math.floor(Math.max((out - 1) * stride + reach - extent, 0) / 2)];
  }
  const [before, after] = pad === 'valid' ? [0, 0] : typeof pad === 'number' ? [pad, pad] : pad[axis];
  return [Math[rounding]((extent + before + after - reach) / stride) + 1, before];
}

function convolve(x: Reference, filter: Reference, c: Case): Sums {
  const [strideY, strideX] = c.strides ?? [1, 1];
  const [dilationY, dilationX] = c.dilations ?? [1, 1];
  const [batch, height, width, inChannels] = x.shape as [number, number, number, number];
  const [filterHeight, filterWidth, , outChannels] = filter.shape as [number, number, number, number];
  const [outHeight, top] = window(height, filterHeight, strideY, dilationY, c.pad, 1, c.rounding);
  const [outWidth, left] = window(width, filterWidth, strideX, dilationX, c.pad, 2, c.rounding);
  return sums([batch, outHeight, outWidth, outChannels], ([n, oy, ox, o], add) => {
    for (let fy = 0; fy < filterHeight; fy++) {
      for (let fx = 0; fx < filterWidth; fx++) {
        const y = oy! * strideY - top + fy * dilationY;
        const xx = ox! * strideX - left + fx * dilationX;
        if (y < 0 || y >= height || xx < 0 || xx >= width) continue;
        for (let i = 0; i < inChannels; i++) add(at(x, [n!, y, xx, i]) * at(filter, [fy, fx, i, o!]));
      }
    }
  });
}

const run = (x: dl.Tensor, filter: dl.Tensor, c: Case, format: dl.DataFormat = 'NHWC'): dl.Tensor =>
  dl.conv2d(x, filter, c.strides ?? 1, c.pad, format, c.dilations ?? 1, c.rounding);

describe('conv2d', () => {
  for (const c of cases) {
    it(describeCase(c), () => {
      const x = sample(c.x, 1);
      const filter = sample(c.filter, 2, -1, 1);
      dl.tidy(() => expectSums(run(toTensor(x), toTensor(filter), c), convolve(x, filter, c)));
    });
  }

  it('takes one image without the batch', () => {
    const c: Case = { x: [5, 6, 2], filter: [3, 3, 2, 4], pad: 'same' };
    const x = sample(c.x, 1);
    const filter = sample(c.filter, 2);
    const wanted = convolve({ shape: [1, ...c.x], values: x.values }, filter, c).reshape([5, 6, 4]);
    dl.tidy(() => {
      expectSums(run(toTensor(x), toTensor(filter), c), wanted);
      expectSums(toTensor(x).conv2d(toTensor(filter), 1, 'same'), wanted);
    });
  });

  it('takes NCHW', () => {
    const c: Case = { x: [2, 4, 5, 3], filter: [2, 2, 3, 2], pad: 'valid', strides: [2, 1] };
    const x = sample(c.x, 1);
    const filter = sample(c.filter, 2);
    const wanted = convolve(x, filter, c);
    dl.tidy(() => {
      const y = run(toTensor(x).transpose([0, 3, 1, 2]), toTensor(filter), c, 'NCHW');
      expectSums(y.transpose([0, 2, 3, 1]), wanted);
    });
  });

  it('carries NaN where the window touches it', () => {
    dl.tidy(() => {
      const x = dl.tensor3d([1, 2, 3, NaN], [1, 4, 1]);
      expectClose(dl.conv2d(x, dl.ones<dl.Rank.R4>([1, 2, 1, 1]), 1, 'valid'), {
        shape: [1, 3, 1],
        values: [3, 5, NaN],
      });
    });
  });

  it('gives no elements for a window larger than the image', () => {
    dl.tidy(() =>
      expect(
        dl.conv2d(dl.ones<dl.Rank.R4>([1, 2, 2, 1]), dl.ones<dl.Rank.R4>([3, 3, 1, 1]), 1, 'valid').shape,
      ).toEqual([1, 0, 0, 1]),
    );
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R4>([1, 4, 4, 2]);
      const filter = dl.ones<dl.Rank.R4>([3, 3, 2, 1]);
      expect(() => dl.conv2d(x, dl.ones<dl.Rank.R4>([3, 3, 3, 1]), 1, 'same')).toThrowError(
        "conv2d: argument 'x' has 2 channels; wanted 3, as the argument 'filter' of shape [3,3,3,1]",
      );
      expect(() => dl.conv2d(dl.ones([4, 4]) as never, filter, 1, 'same')).toThrowError(
        /conv2d: argument 'x' has rank 2.*wanted rank 3 or 4/,
      );
      expect(() => dl.conv2d(x, dl.ones([3, 3]) as never, 1, 'same')).toThrowError(
        /conv2d: argument 'filter' has rank 2.*wanted rank 4/,
      );
      expect(() => dl.conv2d(x, filter, 0, 'same')).toThrowError(/conv2d: argument 'strides' is 0/);
      expect(() => dl.conv2d(x, filter, 2, 'same', 'NHWC', 2)).toThrowError(/'strides' and 'dilations'/);
      expect(() => dl.conv2d(x, filter, 1, 'full' as never)).toThrowError(/conv2d: argument 'pad' is 'full'/);
      expect(() => dl.conv2d(x, filter, 1, 'same', 'NWHC' as never)).toThrowError(
        /conv2d: argument 'dataFormat' is 'NWHC'; wanted 'NHWC' or 'NCHW'/,
      );
      expect(() => dl.conv2d({} as never, filter, 1, 'same')).toThrowError(
        /conv2d: argument 'x' is an object/,
      );
    });
  });
});

describe('conv2dTranspose', () => {
  /** The adjoint of the convolution: every input adds its filter to the place it was taken from. */
  function transposed(y: Reference, filter: Reference, c: Case): Sums {
    const inChannels = filter.shape[2]!;
    return sums([...c.x.slice(0, 3), inChannels], ([n, row, column, i], add) => {
      // The derivative of Σ y·conv(x) at one element of x.
      const one = build([1, c.x[1]!, c.x[2]!, inChannels], (index) =>
        Number(index[1] === row && index[2] === column && index[3] === i),
      );
      const spread = convolve(one, filter, c);
      const image = build(spread.shape, (index) => at(y, [n!, ...index.slice(1)]));
      spread.values.forEach((value, k) => value !== 0 && add(value * image.values[k]!));
    });
  }

  for (const c of cases.filter((each) => !each.dilations && each.x[1]! < 8)) {
    it(`undoes the shape of ${describeCase(c)}`, () => {
      const filter = sample(c.filter, 2, -1, 1);
      const shape = convolve(sample(c.x), filter, c).shape;
      const y = sample(shape, 3);
      dl.tidy(() =>
        expectSums(
          dl.conv2dTranspose(
            toTensor(y) as dl.Tensor4D,
            toTensor(filter) as dl.Tensor4D,
            c.x,
            c.strides ?? 1,
            c.pad,
            c.rounding,
          ),
          transposed(y, filter, c),
        ),
      );
    });
  }

  it('takes one image without the batch', () => {
    dl.tidy(() => {
      const y = dl.conv2dTranspose(
        dl.ones<dl.Rank.R3>([2, 2, 1]),
        dl.ones<dl.Rank.R4>([2, 2, 1, 1]),
        [4, 4, 1],
        2,
        'same',
      );
      expectClose(
        y,
        build([4, 4, 1], () => 1),
      );
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      expect(() =>
        dl.conv2dTranspose(
          dl.ones<dl.Rank.R4>([1, 2, 2, 1]),
          dl.ones<dl.Rank.R4>([2, 2, 1, 1]),
          [1, 9, 9, 1],
          2,
          'same',
        ),
      ).toThrowError(
        /conv2dTranspose: argument 'outputShape' is \[1,9,9,1\], which a 'filter' of shape \[2,2,1,1\] maps to \[1,5,5,1\]; wanted one that it maps to the shape of 'x', \[1,2,2,1\]/,
      );
    });
  });
});
