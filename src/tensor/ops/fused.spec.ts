import * as dl from 'rxtensor/tensor';
import { expectClose, type Tolerance } from '../../../test/support/close';
import { expectGradients, expectSecondGradients } from '../../../test/support/gradient-check';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

type Activation = dl.fused.FusedActivation;

const tolerance: Tolerance = { cpu: 1e-5, webgl: 1e-4 };
const SLOPE = 0.25;

/** What each activation is, in float64; prelu and leakyrelu with the same slope. */
const activations: Record<Activation, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  leakyrelu: (x) => (x < 0 ? SLOPE * x : x),
  prelu: (x) => (x < 0 ? SLOPE * x : x),
};
const names = Object.keys(activations) as Activation[];

/** A product as the fused ops make it, and as the definition has it. */
interface Product {
  readonly points: readonly Reference[];
  readonly columns: number;
  readonly fused: (inputs: readonly dl.Tensor[], options: dl.fused.FusionOptions) => dl.Tensor;
  readonly plain: (inputs: readonly dl.Tensor[]) => dl.Tensor;
}

const products: Record<string, Product> = {
  'fused.matMul': {
    points: [sample([3, 5], 1), sample([5, 4], 2)],
    columns: 4,
    fused: ([a, b], options) => dl.fused.matMul({ a: a!, b: b!, ...options }),
    plain: ([a, b]) => dl.matMul(a!, b!),
  },
  'fused.matMul, both transposed, in a batch': {
    points: [sample([2, 5, 3], 1), sample([2, 6, 5], 2)],
    columns: 6,
    fused: ([a, b], options) =>
      dl.fused.matMul({ a: a!, b: b!, transposeA: true, transposeB: true, ...options }),
    plain: ([a, b]) => dl.matMul(a!, b!, true, true),
  },
  'fused.conv2d': {
    points: [sample([2, 5, 4, 3], 1, -1, 1), sample([3, 3, 3, 4], 2, -1, 1)],
    columns: 4,
    fused: ([x, filter], options) =>
      dl.fused.conv2d({ x: x!, filter: filter!, strides: 2, pad: 'same', ...options }),
    plain: ([x, filter]) => dl.conv2d(x!, filter!, 2, 'same'),
  },
  'fused.depthwiseConv2d': {
    points: [sample([2, 5, 4, 4], 1), sample([3, 2, 4, 1], 2)],
    columns: 4,
    fused: ([x, filter], options) =>
      dl.fused.depthwiseConv2d({
        x: x!,
        filter: filter!,
        strides: 1,
        pad: 'valid',
        dilations: [2, 1],
        ...options,
      }),
    plain: ([x, filter]) => dl.depthwiseConv2d(x!, filter!, 1, 'valid', 'NHWC', [2, 1]),
  },
  'fused.depthwiseConv2d of a multiplier': {
    points: [sample([4, 4, 3], 1), sample([2, 2, 3, 2], 2)],
    columns: 6,
    fused: ([x, filter], options) =>
      dl.fused.depthwiseConv2d({ x: x!, filter: filter!, strides: 1, pad: 1, ...options }),
    plain: ([x, filter]) => dl.depthwiseConv2d(x!, filter!, 1, 1),
  },
};

const tensorsOf = (references: readonly Reference[]): dl.Tensor[] => references.map((each) => toTensor(each));

for (const [title, { points, columns, fused, plain }] of Object.entries(products)) {
  const unfused = (): Reference =>
    dl.tidy(() => {
      const y = plain(tensorsOf(points));
      return { shape: y.shape, values: Array.from(y.dataSync()) };
    });

  describe(title, () => {
    for (const activation of names) {
      const slopes = activation === 'prelu' ? { preluActivationWeights: [SLOPE] } : {};
      const options = { activation, leakyreluAlpha: SLOPE, ...slopes };

      it(`with a bias and ${activation}, and without a bias`, () => {
        const sums = unfused();
        const bias = sample([columns], 3);
        dl.tidy(() => {
          const inputs = tensorsOf(points);
          expectClose(
            fused(inputs, options),
            { shape: sums.shape, values: sums.values.map(activations[activation]) },
            tolerance,
          );
          const wanted = build(sums.shape, (i) => activations[activation](at(sums, i) + at(bias, i)));
          expectClose(fused(inputs, { ...options, bias: toTensor(bias) }), wanted, tolerance);
        });
      });

      it(`has the gradients of the ops one by one, through ${activation}`, () => {
        const bias = sample([columns], 3);
        const f = (a?: dl.Tensor, b?: dl.Tensor, c?: dl.Tensor): dl.Tensor =>
          fused([a!, b!], { ...options, bias: c });
        const { shape } = unfused();
        dl.tidy(() => {
          const [a, b, c] = tensorsOf([...points, bias]) as [dl.Tensor, dl.Tensor, dl.Tensor];
          const dy = toTensor(sample(shape, 9));
          const separate: Record<Activation, (x: dl.Tensor) => dl.Tensor> = {
            linear: (x) => x,
            relu: dl.relu,
            relu6: dl.relu6,
            elu: dl.elu,
            sigmoid: dl.sigmoid,
            leakyrelu: (x) => dl.leakyRelu(x, SLOPE),
            prelu: (x) => dl.prelu(x, SLOPE),
          };
          const wanted = dl.grads((x, y, z) => separate[activation](dl.add(plain([x, y]), z)))([a, b, c], dy);
          const found = dl.grads(f)([a, b, c], dy);
          found.forEach((gradient, i) => {
            expectClose(
              gradient,
              { shape: wanted[i]!.shape, values: [...wanted[i]!.dataSync()] },
              tolerance,
              `input ${i}`,
            );
          });
        });
      });
    }

    it('has gradients that agree with differences, and second ones', () => {
      for (const activation of ['linear', 'sigmoid'] as const) {
        const f = (a?: dl.Tensor, b?: dl.Tensor, c?: dl.Tensor): dl.Tensor =>
          fused([a!, b!], { activation, bias: c });
        expectGradients(f, [...points, sample([columns], 3)]);
        expectSecondGradients(f, [...points, sample([columns], 3)]);
      }
    });

    it('takes a scalar as bias, and one of any shape that fits', () => {
      const sums = unfused();
      const whole = sample(sums.shape, 5);
      dl.tidy(() => {
        const inputs = tensorsOf(points);
        const by = (bias: Reference): Reference =>
          build(sums.shape, (i) => Math.max(0, at(sums, i) + at(bias, i)));
        expectClose(
          fused(inputs, { bias: 0.5, activation: 'relu' }),
          by({ shape: [], values: [0.5] }),
          tolerance,
        );
        expectClose(fused(inputs, { bias: toTensor(whole), activation: 'relu' }), by(whole), tolerance);
      });
      expectGradients((a, b, c) => fused([a, b], { bias: c, activation: 'sigmoid' }), [...points, whole]);
    });

    it('learns the slopes of prelu, and takes a negative slope', () => {
      const sums = unfused();
      const slopes = sample([columns], 6);
      dl.tidy(() => {
        const inputs = tensorsOf(points);
        const wanted = build(sums.shape, (i) => at(sums, i) * (at(sums, i) < 0 ? at(slopes, i) : 1));
        expectClose(
          fused(inputs, { activation: 'prelu', preluActivationWeights: toTensor(slopes) }),
          wanted,
          tolerance,
        );
        const bent = build(sums.shape, (i) => at(sums, i) * (at(sums, i) < 0 ? -2 : 1));
        expectClose(fused(inputs, { activation: 'leakyrelu', leakyreluAlpha: -2 }), bent, tolerance);
        const dy = toTensor(sample(sums.shape, 7));
        const of = (activate: (y: dl.Tensor, w: dl.Tensor) => dl.Tensor): dl.Tensor =>
          dl.grad((w) => activate(plain(inputs), w))(toTensor(slopes), dy);
        const separate = of((y, w) => dl.prelu(y, w));
        const found = dl.grad((w) => fused(inputs, { activation: 'prelu', preluActivationWeights: w }))(
          toTensor(slopes),
          dy,
        );
        expectClose(found, [...separate.dataSync()], tolerance);
        const step = (f: (a: dl.Tensor) => dl.Tensor): number[] => [...dl.grad(f)(inputs[0]!, dy).dataSync()];
        const negative = step((a) => fused([a, inputs[1]!], { activation: 'leakyrelu', leakyreluAlpha: -2 }));
        expectClose(
          negative,
          step((a) => dl.leakyRelu(plain([a, inputs[1]!]), -2)),
          tolerance,
        );
      });
    });

    it('names what does not fit', () => {
      dl.tidy(() => {
        const inputs = tensorsOf(points);
        const name = title.split(/[ ,]/)[0]!;
        const refuse = (options: unknown, message: RegExp): void => {
          expect(() => fused(inputs, options as dl.fused.FusionOptions)).toThrowError(
            new RegExp(name.replace('.', '\\.') + ': ' + message.source),
          );
        };
        refuse(
          { activation: 'tanh' },
          /argument 'activation' is 'tanh'; wanted 'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu' or 'prelu'/,
        );
        refuse({ activation: 'prelu' }, /argument 'preluActivationWeights' is missing/);
        refuse(
          { bias: dl.zeros([columns + 1]) },
          /argument 'bias' has shape .*; wanted one that can be broadcast to/,
        );
        refuse(
          { activation: 'prelu', preluActivationWeights: dl.zeros([7, columns]) },
          /argument 'preluActivationWeights' has shape/,
        );
        refuse({ bias: 'b' }, /argument 'bias' is a string/);
      });
    });
  });
}

describe('fused convolutions in NCHW', () => {
  it('take a bias for each channel, and slopes with the channels first', () => {
    const [x, filter] = [sample([2, 3, 5, 4], 1), sample([2, 2, 3, 4], 2)];
    const [bias, slopes] = [sample([4], 3), sample([4, 4, 3], 4)];
    dl.tidy(() => {
      const images = toTensor(x) as dl.Tensor4D;
      const options = {
        filter: toTensor(filter),
        strides: 1,
        pad: 'valid',
        bias: toTensor(bias),
        activation: 'prelu',
      } as const;
      const found = dl.fused.conv2d({
        ...options,
        x: images,
        dataFormat: 'NCHW',
        preluActivationWeights: toTensor(slopes),
      });
      const last = toTensor(slopes).transpose([1, 2, 0]);
      const wanted = dl.fused.conv2d({
        ...options,
        x: images.transpose([0, 2, 3, 1]),
        preluActivationWeights: last,
      });
      const turned = wanted.transpose([0, 3, 1, 2]);
      expect(found.shape).toEqual([2, 4, 4, 3]);
      expectClose(found, { shape: turned.shape, values: [...turned.dataSync()] }, tolerance);
    });
  });
});

describe('fused.matMul without elements', () => {
  it('of no rows or no inner extent', () => {
    dl.tidy(() => {
      expect(dl.fused.matMul({ a: dl.zeros([0, 3]), b: dl.zeros([3, 2]), bias: [1, 2] }).shape).toEqual([
        0, 2,
      ]);
      expectClose(
        dl.fused.matMul({ a: dl.zeros([2, 0]), b: dl.zeros([0, 2]), bias: [1, -2], activation: 'relu' }),
        [
          [1, 0],
          [1, 0],
        ],
        0,
      );
      expect(() => dl.fused.matMul({ a: dl.zeros([2, 3]), b: dl.zeros([2, 3]) })).toThrowError(
        /fused.matMul: the inner extents of arguments 'a', \[2,3\], and 'b', \[2,3\], are 3 and 2/,
      );
    });
  });
});
