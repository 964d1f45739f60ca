import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

const EPSILON = 0.01;

/** The definition, in float64. */
function normalized(
  x: Reference,
  mean: Reference,
  variance: Reference,
  offset: Reference,
  scale: Reference,
): Reference {
  return build(
    x.shape,
    (i) => ((at(x, i) - at(mean, i)) / Math.sqrt(at(variance, i) + EPSILON)) * at(scale, i) + at(offset, i),
  );
}

/** x and the shape of its statistics. */
const cases: [number[], number[]][] = [
  [[3, 4], [4]],
  [
    [5, 3],
    [1, 3],
  ],
  [[2, 3, 5], [5]],
  [[2, 4, 3, 8], [8]],
  [
    [2, 4, 3, 3],
    [1, 1, 1, 3],
  ],
  [
    [2, 3, 2, 4],
    [1, 3, 1, 1],
  ],
  [
    [2, 3, 2, 4],
    [2, 3, 2, 4],
  ],
  [
    [2, 3, 2, 4],
    [2, 1, 1, 4],
  ],
  [[7], []],
  [[4, 5], [1]],
  [[6, 1], [1]],
  [[3, 40, 40, 4], [4]],
  [[2, 3, 2, 2, 3], [3]],
];

const statisticsOf = (shape: number[]): [Reference, Reference, Reference, Reference] => [
  sample(shape, 2),
  sample(shape, 3, 0.5, 2),
  sample(shape, 4),
  sample(shape, 5, 0.5, 2),
];

describe('batchNorm', () => {
  for (const [shape, of] of cases) {
    it(`[${shape}] by statistics [${of}]`, () => {
      const x = sample(shape, 1);
      const statistics = statisticsOf(of);
      const wanted = normalized(x, ...statistics);
      dl.tidy(() => {
        const [mean, variance, offset, scale] = statistics.map((each) => toTensor(each)) as [
          dl.Tensor,
          dl.Tensor,
          dl.Tensor,
          dl.Tensor,
        ];
        expectClose(dl.batchNorm(toTensor(x), mean, variance, offset, scale, EPSILON), wanted);
        expectClose(dl.batchNormalization(toTensor(x), mean, variance, EPSILON, scale, offset), wanted);
        expectClose(toTensor(x).batchNorm(mean, variance, offset, scale, EPSILON), wanted);
      });
      expectGradients((a, m, v, o, s) => dl.batchNorm(a, m, v, o, s, EPSILON), [x, ...statistics]);
    });
  }

  it('has second derivatives', () => {
    for (const [shape, of] of [cases[0]!, cases[5]!]) {
      expectSecondGradients(
        (a, m, v, o, s) => dl.batchNorm(a, m, v, o, s, EPSILON),
        [sample(shape, 1), ...statisticsOf(of)],
      );
    }
  });

  it('leaves out offset and scale, and takes 0.001 for epsilon', () => {
    dl.tidy(() => {
      const x = [
        [1, 2],
        [3, 6],
      ];
      const wanted = [
        [-1 / Math.sqrt(1.001), -2 / Math.sqrt(4.001)],
        [1 / Math.sqrt(1.001), 2 / Math.sqrt(4.001)],
      ];
      expectClose(dl.batchNorm(x, [2, 4], [1, 4]), wanted);
      expectClose(dl.batchNormalization(x, [2, 4], [1, 4]), wanted);
    });
    expectGradients(
      (a, m, v) => dl.batchNorm(a, m, v),
      [sample([4, 3], 1), sample([3], 2), sample([3], 3, 0.5, 2)],
    );
  });

  it('normalizes by the moments of x itself, and differentiates through them', () => {
    const f = (x?: dl.Tensor): dl.Tensor => {
      const { mean, variance } = dl.moments(x!, [0, 1]);
      return dl.batchNorm(x!, mean, variance);
    };
    dl.tidy(() => {
      const { mean, variance } = dl.moments(f(toTensor(sample([8, 8, 3], 1))), [0, 1]);
      expectClose(mean, [0, 0, 0], 1e-5);
      expectClose(variance, [1, 1, 1], 2e-3);
    });
    expectGradients(f, [sample([4, 5, 2], 1)]);
  });

  it('has forms of a known rank', () => {
    dl.tidy(() => {
      const one = dl.ones<dl.Rank.R1>([2]);
      const forms = {
        2: [dl.batchNorm2d, dl.batchNormalization2d],
        3: [dl.batchNorm3d, dl.batchNormalization3d],
        4: [dl.batchNorm4d, dl.batchNormalization4d],
      };
      for (const [rank, pair] of Object.entries(forms)) {
        const shape = [3, 1, 1, 2].slice(-Number(rank));
        for (const f of pair as ((x: dl.Tensor, mean: dl.Tensor, variance: dl.Tensor) => dl.Tensor)[]) {
          expectClose(
            f(dl.zeros(shape), one, one),
            build(shape, () => -1 / Math.sqrt(1.001)),
          );
          expect(() => f(dl.zeros([2]), one, one)).toThrowError(
            new RegExp(`argument 'x' has rank 1 .*wanted rank ${rank}`),
          );
        }
      }
    });
  });

  it('of no rows is empty, with gradients of zeros', () => {
    dl.tidy(() => {
      const one = dl.ones<dl.Rank.R1>([3]);
      expect(dl.batchNorm(dl.zeros([0, 3]), one, one).shape).toEqual([0, 3]);
      const gradient = dl.grad((scale) => dl.batchNorm(dl.zeros([0, 3]), one, one, null, scale).sum())(one);
      expectClose(gradient, [0, 0, 0], 0);
    });
  });

  it('names what does not fit', () => {
    dl.tidy(() => {
      const [x, three] = [dl.zeros([2, 3]), dl.ones([3])];
      expect(() => dl.batchNorm(x, [1, 2], three)).toThrowError(
        /batchNorm: argument 'mean' has shape \[2\]; wanted one that can be broadcast to \[2,3\], the shape of 'x'/,
      );
      expect(() => dl.batchNorm(x, three, dl.ones([1, 2, 3]))).toThrowError(
        /argument 'variance' has shape \[1,2,3\]/,
      );
      expect(() => dl.batchNorm(x, three, three, [1, 2])).toThrowError(/argument 'offset' has shape \[2\]/);
      expect(() => dl.batchNormalization2d(x, three, three, 0, [1, 2])).toThrowError(
        /batchNormalization2d: argument 'scale' has shape \[2\]/,
      );
      expect(() => dl.batchNorm(x, undefined as never, three)).toThrowError(
        /batchNorm: argument 'mean' is undefined/,
      );
    });
  });
});
