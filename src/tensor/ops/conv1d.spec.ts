import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, sample, toTensor } from '../../../test/support/reference';
import { expectSums, sums } from '../../../test/support/sums';
import { slide, type Sliding } from '../../../test/support/windows';

interface Case {
  readonly x: [number, number, number];
  readonly filter: [number, number, number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad: dl.Padding;
  readonly rounding?: dl.RoundingMode;
}

const cases: Case[] = [
  { x: [1, 5, 1], filter: [2, 1, 1], pad: 'valid' },
  { x: [2, 7, 3], filter: [3, 3, 4], pad: 'same' },
  { x: [2, 8, 4], filter: [3, 4, 8], stride: 2, pad: 'same' },
  { x: [1, 9, 2], filter: [3, 2, 2], dilation: 3, pad: 'same' },
  { x: [1, 6, 2], filter: [3, 2, 3], pad: 2 },
  { x: [1, 6, 2], filter: [3, 2, 3], stride: 2, pad: 0, rounding: 'ceil' },
  {
    x: [1, 6, 2],
    filter: [3, 2, 3],
    pad: [
      [0, 0],
      [0, 0],
      [1, 3],
      [0, 0],
    ],
  },
];

const run = (x: dl.TensorInput, filter: dl.TensorInput, c: Case): dl.Tensor3D =>
  dl.conv1d<dl.Tensor3D>(x, filter, c.stride ?? 1, c.pad, 'NWC', c.dilation ?? 1, c.rounding);

describe('conv1d', () => {
  for (const c of cases) {
    it(`[${c.x}] by [${c.filter}], stride ${c.stride ?? 1}, pad ${JSON.stringify(c.pad)}, dilation ${c.dilation ?? 1}`, () => {
      const [x, filter] = [sample(c.x, 1), sample(c.filter, 2)];
      const pad: dl.Padding =
        typeof c.pad === 'number'
          ? [
              [0, 0],
              [0, 0],
              [c.pad, c.pad],
              [0, 0],
            ]
          : c.pad;
      const sliding: Sliding = {
        filter: [1, c.filter[0]],
        strides: [1, c.stride ?? 1],
        dilations: [1, c.dilation ?? 1],
        pad,
        rounding: c.rounding ?? 'floor',
      };
      const { extents, taps } = slide(1, c.x[1], sliding);
      const wanted = sums([c.x[0], extents[1], c.filter[2]], ([n, ox, channel], add) => {
        for (const tap of taps(0, ox!)) {
          for (let k = 0; k < c.x[2]; k++) add(at(x, [n!, tap.x, k]) * at(filter, [tap.fx, k, channel!]));
        }
      });
      dl.tidy(() => {
        expectSums(run(toTensor(x), toTensor(filter), c), wanted);
      });
      expectGradients((a, b) => run(a, b, c), [x, filter]);
    });
  }

  it('takes one sequence, chained too, and has second derivatives', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([1, 2, 3, 4], [4, 1]);
      const filter = dl.tensor3d([1, 10], [2, 1, 1]);
      expectClose(dl.conv1d(x, filter, 1, 'valid'), [[21], [32], [43]], 0);
      expectClose(x.conv1d(filter, 2, 'valid'), [[21], [43]], 0);
    });
    expectSecondGradients(
      (a, b) => dl.conv1d<dl.Tensor3D>(a, b, 2, 'same'),
      [sample([2, 5, 2], 1), sample([3, 2, 2], 2)],
    );
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const [x, filter] = [dl.zeros([1, 5, 2]), dl.zeros([3, 2, 4])];
      expect(() => dl.conv1d(x, filter, 1, 'valid', 'NCW')).toThrowError(
        /conv1d: argument 'dataFormat' is 'NCW'; wanted 'NWC'/,
      );
      expect(() => dl.conv1d(dl.zeros([5]), filter, 1, 'valid')).toThrowError(
        /conv1d: argument 'x' has rank 1 .*wanted rank 2 or 3/,
      );
      expect(() => dl.conv1d(x, dl.zeros([3, 4]), 1, 'valid')).toThrowError(
        /conv1d: argument 'filter' has rank 2/,
      );
      expect(() => dl.conv1d(x, dl.zeros([3, 3, 4]), 1, 'valid')).toThrowError(
        /conv1d: argument 'x' has 2 channels; wanted 3/,
      );
      expect(() => dl.conv1d(x, filter, 0, 'valid')).toThrowError(/conv1d: argument 'stride'/);
      expect(() => dl.conv1d(x, filter, 2, 'valid', 'NWC', 2)).toThrowError(
        /conv1d: arguments 'strides' and 'dilations'/,
      );
    });
  });
});
