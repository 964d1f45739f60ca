import * as dl from 'rxtensor/tensor';
import { avgPool3d, conv3d, conv3dTranspose, maxPool3d, type Triple, type VolumePadding } from 'rxtensor/ops';
import { recorded } from 'rxtensor/programs';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';
import { expectSums, sums, type Sums } from '../../../test/support/sums';

interface Case {
  /** NDHWC. */
  readonly x: readonly number[];
  readonly filter: Triple;
  readonly strides?: Triple;
  readonly dilations?: Triple;
  readonly pad: VolumePadding;
  readonly rounding?: dl.RoundingMode;
}

const cases: Case[] = [
  { x: [1, 1, 1, 1, 1], filter: [1, 1, 1], pad: 'valid' },
  { x: [1, 4, 4, 4, 1], filter: [2, 2, 2], pad: 'valid' },
  { x: [2, 3, 4, 5, 2], filter: [3, 2, 3], pad: 'same' },
  { x: [1, 5, 4, 6, 3], filter: [2, 3, 2], strides: [2, 1, 2], pad: 'same' },
  { x: [1, 7, 5, 4, 2], filter: [3, 2, 2], strides: [3, 2, 1], pad: 'valid' },
  { x: [1, 6, 5, 4, 1], filter: [1, 1, 1], strides: [4, 2, 3], pad: 'same' },
  { x: [1, 4, 3, 3, 2], filter: [3, 3, 3], pad: 1 },
  { x: [1, 5, 6, 5, 1], filter: [2, 3, 2], strides: [2, 2, 2], pad: 1, rounding: 'ceil' },
  { x: [2, 2, 3, 2, 2], filter: [5, 3, 3], pad: 'same' },
  {
    x: [1, 3, 3, 4, 2],
    filter: [2, 2, 3],
    pad: [
      [0, 0],
      [2, 0],
      [0, 1],
      [1, 2],
      [0, 0],
    ],
  },
];
const dilated: Case[] = [
  { x: [1, 7, 6, 5, 2], filter: [3, 2, 2], dilations: [2, 3, 1], pad: 'valid' },
  { x: [2, 5, 4, 4, 1], filter: [2, 3, 3], dilations: [3, 1, 2], pad: 'same' },
];

const nameOf = ({ x, filter, strides = [1, 1, 1], pad, dilations = [1, 1, 1] }: Case): string =>
  `[${x}] by [${filter}], strides [${strides}], pad ${JSON.stringify(pad)}, dilations [${dilations}]`;

interface Tap {
  /** The places in the window and in the volume: depth, row, column. */
  readonly f: Triple;
  readonly v: Triple;
}

/** The extents of the result, and the elements of each window inside the volume, by TensorFlow's definitions. */
function slide(c: Case): { extents: Triple; taps: (o: readonly number[]) => Tap[] } {
  const along = [0, 1, 2].map((axis): [number, number] => {
    const stride = c.strides?.[axis] ?? 1;
    const input = c.x[1 + axis]!;
    const reach = (c.dilations?.[axis] ?? 1) * (c.filter[axis]! - 1) + 1;
    if (c.pad === 'same') {
      const out = Math.ceil(input / stride);
      return [out, Math.floor(Math.max((out - 1) * stride + reach - input, 0) / 2)];
    }
    const [before, after] =
      c.pad === 'valid' ? [0, 0] : typeof c.pad === 'number' ? [c.pad, c.pad] : c.pad[1 + axis]!;
    return [Math[c.rounding ?? 'floor']((input + before + after - reach) / stride) + 1, before];
  });
  const taps = (o: readonly number[]): Tap[] =>
    Array.from({ length: c.filter[0] * c.filter[1] * c.filter[2] }, (_, k): Tap => {
      const f: Triple = [
        Math.floor(k / (c.filter[1] * c.filter[2])),
        Math.floor(k / c.filter[2]) % c.filter[1],
        k % c.filter[2],
      ];
      const v = f.map(
        (each, axis) =>
          o[axis]! * (c.strides?.[axis] ?? 1) - along[axis]![1] + each * (c.dilations?.[axis] ?? 1),
      );
      return { f, v: v as unknown as Triple };
    }).filter(({ v }) => v.every((place, axis) => place >= 0 && place < c.x[1 + axis]!));
  return { extents: along.map(([extent]) => extent) as unknown as Triple, taps };
}

function convolved(x: Reference, filter: Reference, c: Case): Sums {
  const { extents, taps } = slide(c);
  const [inChannels, outChannels] = filter.shape.slice(3) as [number, number];
  return sums([c.x[0]!, ...extents, outChannels], ([n, d, h, w, o], add) => {
    for (const { f, v } of taps([d!, h!, w!])) {
      for (let i = 0; i < inChannels; i++) add(at(x, [n!, ...v, i]) * at(filter, [...f, i, o!]));
    }
  });
}

const run = (
  x: dl.TensorInput,
  filter: dl.TensorInput,
  c: Case,
  format?: 'NDHWC' | 'NCDHW',
): dl.Tensor5D | dl.Tensor4D =>
  conv3d(x, filter, c.strides ?? 1, c.pad, format ?? 'NDHWC', c.dilations ?? 1, c.rounding);

describe('conv3d', () => {
  for (const c of [...cases, ...dilated]) {
    it(nameOf(c), () => {
      const [x, filter] = [sample(c.x, 1), sample([...c.filter, c.x[4]!, 3], 2)];
      dl.tidy(() => expectSums(run(toTensor(x), toTensor(filter), c), convolved(x, filter, c)));
      expectGradients((a, b) => run(a, b, c), [x, filter]);
    });
  }

  it('takes one volume, and channels first', () => {
    const c: Case = { x: [2, 3, 4, 5, 2], filter: [3, 2, 3], pad: [[0, 0], [1, 0], [0, 1], [1, 1], [0, 0]] }; // prettier-ignore
    const [x, filter] = [sample(c.x, 1), sample([...c.filter, 2, 3], 2)];
    const wanted = convolved(x, filter, c);
    dl.tidy(() => {
      const first = dl.transpose(toTensor(x), [0, 4, 1, 2, 3]);
      const pad = c.pad as unknown as [number, number][];
      const moved = [pad[0], pad[4], pad[1], pad[2], pad[3]] as unknown as VolumePadding;
      const found = run(first, toTensor(filter), { ...c, pad: moved }, 'NCDHW');
      expectSums(dl.transpose(found, [0, 2, 3, 4, 1]), wanted);
      const one = run(dl.slice(toTensor(x), [1, 0, 0, 0, 0], [1, 3, 4, 5, 2]).reshape([3, 4, 5, 2]), toTensor(filter), c); // prettier-ignore
      expect(one.shape).toEqual(wanted.shape.slice(1) as typeof one.shape);
      expectClose(one, {
        shape: wanted.shape.slice(1),
        values: wanted.values.slice(wanted.values.length / 2),
      });
    });
  });

  it('is differentiable twice', () => {
    const c: Case = { x: [1, 3, 2, 3, 2], filter: [2, 2, 2], pad: 'same' };
    expectSecondGradients((a, b) => run(a, b, c), [sample(c.x, 1), sample([2, 2, 2, 2, 1], 2)]);
  });

  it('adds nothing of the padding, even where the filter is no number', () => {
    dl.tidy(() => {
      const filter = dl.tensor<dl.Rank.R5>([NaN, 1, Infinity], [3, 1, 1, 1, 1]);
      expectExact(conv3d(dl.ones<dl.Rank.R5>([1, 1, 2, 2, 1]), filter, 1, 'same').flatten(), [1, 1, 1, 1]);
      // Every tap of the first two planes meets the padding alone.
      const far = conv3d([[[[2]]]], [[[[[3]]]]], 1, [[0, 0], [2, 0], [0, 0], [0, 0], [0, 0]]); // prettier-ignore
      expectExact(far, { shape: [3, 1, 1, 1], values: [0, 0, 6] });
    });
  });

  it('takes empty tensors, and integers', () => {
    dl.tidy(() => {
      const filter = dl.ones<dl.Rank.R5>([2, 2, 2, 1, 3]);
      expect(conv3d(dl.ones<dl.Rank.R5>([0, 3, 3, 3, 1]), filter, 1, 'valid').shape).toEqual([0, 2, 2, 2, 3]);
      expect(conv3d(dl.ones<dl.Rank.R5>([1, 1, 3, 3, 1]), filter, 1, 'valid').shape).toEqual([1, 0, 2, 2, 3]);
      expect(conv3d(dl.ones<dl.Rank.R5>([1, 0, 3, 3, 1]), filter, 1, 'same').shape).toEqual([1, 0, 3, 3, 3]);
      const whole = conv3d(
        dl.ones<dl.Rank.R4>([2, 2, 2, 1], 'int32'),
        dl.ones([2, 2, 2, 1, 1], 'int32'),
        1,
        'valid',
      );
      expect(whole.dtype).toBe('float32');
      expectExact(whole.flatten(), [8]);
    });
  });

  it('is the same in a recorded program', () => {
    const f = (x: dl.Tensor, filter: dl.Tensor): dl.Tensor => conv3d(x, filter, [2, 1, 1], 'same');
    const program = recorded(f);
    dl.tidy(() => {
      for (const seed of [1, 2, 3]) {
        const [x, filter] = [toTensor(sample([1, 5, 4, 3, 2], seed)), toTensor(sample([3, 2, 2, 2, 2], 9))];
        expectExact(program(x, filter), { shape: [1, 3, 4, 3, 2], values: [...f(x, filter).dataSync()] });
      }
    });
    program.dispose();
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R5>([1, 4, 4, 4, 2]);
      const filter = dl.ones<dl.Rank.R5>([3, 3, 3, 2, 1]);
      const wrong: [() => unknown, string][] = [
        [
          () => conv3d(x, dl.ones([3, 3, 3, 3, 1]), 1, 'same'),
          "conv3d: argument 'x' has 2 channels; wanted 3, as the argument 'filter' of shape [3,3,3,3,1]",
        ],
        [() => conv3d(dl.ones([4, 4]), filter, 1, 'same'), "conv3d: argument 'x' has rank 2"],
        [() => conv3d(x, dl.ones([3, 3]), 1, 'same'), "conv3d: argument 'filter' has rank 2"],
        [
          () => conv3d(x, dl.ones([0, 3, 3, 2, 1]), 1, 'same'),
          "conv3d: argument 'filter' has shape [0,3,3,2,1]; wanted at least one plane, row and column",
        ],
        [
          () => conv3d(x, filter, [1, 1] as never, 'same'),
          "conv3d: argument 'strides' is [1,1]; wanted a positive integer, or three of them",
        ],
        [
          () => conv3d(x, filter, 2, 'same', 'NDHWC', 2),
          "conv3d: arguments 'strides' and 'dilations' are [2,2,2] and [2,2,2]; wanted one of them to be 1",
        ],
        [
          () => conv3d(x, filter, 1, 'full' as never),
          "conv3d: argument 'pad' is 'full'; wanted 'same', 'valid', a non-negative integer, or five pairs of them",
        ],
        [
          () => conv3d(x, filter, 1, 'same', 'NHWC' as never),
          "conv3d: argument 'dataFormat' is 'NHWC'; wanted 'NDHWC' or 'NCDHW'",
        ],
        [
          () => conv3d(x, filter, 1, 'same', 'NDHWC', 1, 'floor'),
          "conv3d: argument 'dimRoundingMode' is 'floor' with pad 'same'; wanted a number as pad",
        ],
      ];
      for (const [call, message] of wrong)
        expect(call).toThrowError(new RegExp(`^${message.replaceAll(/[[\]().]/g, '\\$&')}`));
    });
  });
});

describe('conv3dTranspose', () => {
  /** The adjoint of the convolution: every element of y adds its filter to the place it was taken from. */
  function transposed(y: Reference, filter: Reference, c: Case): Sums {
    const { extents, taps } = slide(c);
    const [channels, outChannels] = filter.shape.slice(3) as [number, number];
    return sums([...c.x.slice(0, 4), channels], ([n, d, h, w, i], add) => {
      for (let k = 0; k < extents[0] * extents[1] * extents[2]; k++) {
        const o = [
          Math.floor(k / (extents[1] * extents[2])),
          Math.floor(k / extents[2]) % extents[1],
          k % extents[2],
        ];
        for (const { f, v } of taps(o)) {
          if (v[0] !== d || v[1] !== h || v[2] !== w) continue;
          for (let each = 0; each < outChannels; each++)
            add(at(y, [n!, ...o, each]) * at(filter, [...f, i!, each]));
        }
      }
    });
  }

  for (const c of cases) {
    it(`undoes the shape of ${nameOf(c)}`, () => {
      const filter = sample([...c.filter, c.x[4]!, 2], 2, -1, 1);
      const y = sample([c.x[0]!, ...slide(c).extents, 2], 3);
      const call = (a: dl.Tensor, b: dl.Tensor): dl.Tensor =>
        conv3dTranspose(a, b, c.x, c.strides ?? 1, c.pad, c.rounding);
      dl.tidy(() => expectSums(call(toTensor(y), toTensor(filter)), transposed(y, filter, c)));
      expectGradients(call, [y, filter]);
    });
  }

  it('has gradients, zeros, where the filter meets the padding alone or nothing', () => {
    dl.tidy(() => {
      const filter = dl.fill<dl.Rank.R5>([2, 2, 2, 1, 1], NaN);
      const inPadding = [[0, 0], [3, 0], [3, 0], [3, 0], [0, 0]] as VolumePadding; // prettier-ignore
      const calls: [
        [number, number, number, number, number],
        (x: dl.Tensor5D, w: dl.Tensor5D) => dl.Tensor,
      ][] = [
        [[1, 1, 1, 1, 1], (x, w) => conv3d(x, w, 1, 'valid')],
        [[0, 2, 2, 2, 1], (x, w) => conv3d(x, w, 1, 'valid')],
        [[1, 1, 1, 1, 1], (x, w) => conv3d(x, w, 5, inPadding)],
        [[1, 0, 0, 0, 1], (x, w) => conv3dTranspose(x, w, [1, 1, 1, 1, 1], 1, 'valid')],
      ];
      for (const [shape, call] of calls) {
        const gradients = dl.grads((a: dl.Tensor, b: dl.Tensor) =>
          call(a as dl.Tensor5D, b as dl.Tensor5D).sum(),
        )([dl.ones<dl.Rank.R5>(shape), filter]);
        for (const each of gradients)
          expectExact(
            each,
            build(each.shape, () => 0),
          );
      }
    });
  });

  it('takes one volume', () => {
    dl.tidy(() => {
      const y = conv3dTranspose(
        dl.ones<dl.Rank.R4>([2, 2, 2, 1]),
        dl.ones([2, 2, 2, 1, 1]),
        [4, 4, 4, 1],
        2,
        'same',
      );
      expectExact(
        y,
        build([4, 4, 4, 1], () => 1),
      );
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const [x, filter] = [dl.ones<dl.Rank.R5>([1, 2, 2, 2, 1]), dl.ones<dl.Rank.R5>([2, 2, 2, 1, 1])];
      expect(() => conv3dTranspose(x, filter, [1, 9, 9, 9, 1], 2, 'same')).toThrowError(
        "conv3dTranspose: argument 'outputShape' is [1,9,9,9,1], which a 'filter' of shape [2,2,2,1,1] maps to [1,5,5,5,1]; " +
          "wanted one that it maps to the shape of 'x', [1,2,2,2,1]",
      );
      expect(() => conv3dTranspose(x, filter, [4, 4, 4], 2, 'same')).toThrowError(
        "conv3dTranspose: argument 'outputShape' is [4,4,4]; wanted a shape of rank 5, as x has",
      );
    });
  });
});

describe('maxPool3d and avgPool3d', () => {
  const pooled = (x: Reference, c: Case, f: (values: readonly number[]) => readonly number[]): Sums => {
    const { extents, taps } = slide(c);
    return sums([c.x[0]!, ...extents, c.x[4]!], ([n, d, h, w, channel], add) =>
      f(taps([d!, h!, w!]).map(({ v }) => at(x, [n!, ...v, channel!]))).forEach(add),
    );
  };

  for (const c of cases) {
    it(nameOf(c), () => {
      const x = sample(c.x, 1, -4, -1);
      const [max, average] = [maxPool3d, avgPool3d].map(
        (pool) => (a: dl.Tensor) => pool(a, c.filter, c.strides ?? 1, c.pad, c.rounding),
      );
      const greatest = pooled(x, c, (values) => [Math.max(...values)]);
      dl.tidy(() => {
        expectExact(max!(toTensor(x)), greatest);
        expectSums(
          average!(toTensor(x)),
          pooled(x, c, (values) => values.map((value) => value / values.length)),
          { roundings: 2 },
        );
      });
      // No two values are nearer to each other than the steps of the differences.
      const places = sample(c.x, 5)
        .values.map((value, i) => [value, i] as const)
        .sort(([a], [b]) => a - b);
      const spread = { shape: c.x, values: places.map(() => 0) };
      places.forEach(([, i], rank) => (spread.values[i] = rank / 2));
      // A window that lies in the padding alone gives −∞, of which there are no differences.
      if (greatest.values.every(Number.isFinite)) expectGradients(max!, [spread]);
      expectGradients(average!, [x]);
    });
  }

  it('take one volume, and channels first', () => {
    dl.tidy(() => {
      const volume = dl.range(0, 16).reshape<dl.Tensor4D>([2, 2, 2, 2]);
      expectExact(maxPool3d(volume, 2, 2, 'valid').flatten(), [14, 15]);
      expectExact(avgPool3d(volume, 2, 2, 'valid').flatten(), [7, 8]);
      expectExact(maxPool3d(volume, [1, 2, 2], 1, 'valid', undefined, 'NCDHW').flatten(), [3, 7, 11, 15]);
    });
  });

  it('carry NaN, and know no element of the padding', () => {
    dl.tidy(() => {
      const x = dl.tensor<dl.Rank.R4>([1, NaN, 3, 4], [2, 2, 1, 1]);
      expectExact(maxPool3d(x, [1, 2, 1], 1, 'valid').flatten(), [NaN, 4]);
      expectExact(avgPool3d(x, [2, 1, 1], 1, 'valid').flatten(), [2, NaN]);
      const far = maxPool3d(dl.ones<dl.Rank.R4>([1, 1, 1, 1]), 1, 1, [[0, 0], [1, 0], [0, 0], [0, 1], [0, 0]]); // prettier-ignore
      expectExact(far.flatten(), [-Infinity, -Infinity, 1, -Infinity]);
    });
  });

  it('have gradients that go to the first of equals', () => {
    dl.tidy(() => {
      const dx = dl.grad((x) => maxPool3d(x, 2, 2, 'valid'))(dl.ones<dl.Rank.R4>([2, 2, 2, 1]));
      expectExact(dx.flatten(), [1, 0, 0, 0, 0, 0, 0, 0]);
      const later = dl.grad((x) => maxPool3d(x, 2, 2, 'valid'))(
        dl.tensor<dl.Rank.R4>([0, 0, 0, 7, 7, 7, 0, 0], [2, 2, 2, 1]),
      );
      expectExact(later.flatten(), [0, 0, 0, 1, 0, 0, 0, 0]);
    });
  });

  it('keep int32 in the maximum', () => {
    dl.tidy(() => {
      const x = dl.tensor<dl.Rank.R4>([1, 2, 3, 5], [1, 2, 2, 1], 'int32');
      const [max, average] = [maxPool3d(x, [1, 2, 2], 1, 'valid'), avgPool3d(x, [1, 2, 2], 1, 'valid')];
      expect([max.dtype, average.dtype]).toEqual(['int32', 'float32']);
      expectExact(max.flatten(), [5]);
      expectExact(average.flatten(), [2.75]);
    });
  });

  it('name what does not fit', () => {
    dl.tidy(() => {
      const x = dl.ones<dl.Rank.R5>([1, 4, 4, 4, 1]);
      for (const [name, pool] of Object.entries({ maxPool3d, avgPool3d })) {
        expect(() => pool(x, 0, 1, 'same')).toThrowError(
          `${name}: argument 'filterSize' is 0; wanted a positive integer, or three of them`,
        );
        expect(() => pool(dl.ones([4, 4]), 2, 1, 'same')).toThrowError(
          new RegExp(`^${name}: argument 'x' has rank 2`),
        );
        expect(() => pool(x, 2, 1, 'all' as never)).toThrowError(
          new RegExp(`^${name}: argument 'pad' is 'all'`),
        );
      }
    });
  });
});
