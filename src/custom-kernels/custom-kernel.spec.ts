import * as dl from 'rxtensor/tensor';
import { customKernel, type CustomOp } from 'rxtensor/custom-kernels';
import { onAsynchronousBackend } from '../../test/support/asynchronous-backend';
import { expectClose, expectExact } from '../../test/support/close';
import { expectSameWhenRecorded } from '../../test/support/same-when-recorded';

const swish = customKernel({
  name: 'swish',
  inputs: ['x'],
  numbers: { beta: 1 },
  shape: ({ x }) => x,
  glsl: `float result(int i) { return x_at(i) / (1.0 + exp(-beta * x_at(i))); }`,
  cpu: (output, { x }, { beta }) => {
    x.forEach((value, i) => (output[i] = value / (1 + Math.exp(-beta * value))));
  },
  gradient: (dy, { x, output }, { beta }) => {
    const sigmoid = x.mul(beta).sigmoid();
    return { x: output.mul(beta).mul(sigmoid.neg().add(1)).add(sigmoid).mul(dy) };
  },
});

/** Row k of the result is row rows[k] of x; the type of the result is int32. */
const roundedRows = customKernel({
  name: 'roundedRows',
  inputs: ['x', 'rows'],
  dtypes: { rows: 'int32', output: 'int32' },
  shape: ({ x, rows }) => [rows[0]!, x[1]!],
  glsl: `
    int nearest(float v) { return int(floor(v + 0.5)); }
    int result(int i) {
      int k = over_x_shape1(i);
      return nearest(x_at(rows_at(k) * output_shape1 + i - k * x_shape1));
    }`,
  cpu: (output, { x, rows }, _, { x: [, columns] }) => {
    output.forEach((_, i) => {
      const k = Math.floor(i / columns!);
      output[i] = Math.floor(x[rows[k]! * columns! + (i % columns!)]! + 0.5);
    });
  },
});

const swishOf = (x: number, beta = 1): number => x / (1 + Math.exp(-beta * x));

describe('customKernel', () => {
  let tensors: number;

  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('computes, with its numbers or their defaults', () => {
    const values = [-3, -1, 0, 0.5, 2, 7, 11];
    dl.tidy(() => {
      expectClose(
        swish(values),
        values.map((x) => swishOf(x)),
      );
      expectClose(
        swish(dl.tensor1d(values), { beta: 3 }),
        values.map((x) => swishOf(x, 3)),
      );
      expectClose(
        swish(values, null),
        values.map((x) => swishOf(x)),
      );
      expectClose(
        swish(values, {}),
        values.map((x) => swishOf(x)),
      );
      expectClose(swish(2, { beta: 0.5 }), swishOf(2, 0.5));
      expect(swish([]).shape).toEqual([0]);
    });
  });

  it('takes several inputs and types, and makes a shape', () => {
    dl.tidy(() => {
      const x = dl.tensor2d([
        [0.4, 1.6, 2.2],
        [-0.7, 8, 3.3],
      ]);
      const y = roundedRows(x, dl.tensor1d([1, 0, 1, 1], 'int32'));
      expect([y.dtype, ...y.shape]).toEqual(['int32', 4, 3]);
      expectExact(y.flatten(), [-1, 8, 3, 0, 2, 2, -1, 8, 3, -1, 8, 3]);
      expectExact(roundedRows(x, [1]), [[-1, 8, 3]]);
    });
  });

  it('has its gradient, and that has one too', () => {
    dl.tidy(() => {
      const points = [-2, 0, 0.5, 3];
      const wanted = (x: dl.Tensor): dl.Tensor => x.mul(x.mul(2).sigmoid());
      const f = (x: dl.Tensor): dl.Tensor => swish(x, { beta: 2 });
      expectClose(dl.grad(f)(points), dl.grad(wanted)(points).arraySync());
      expectClose(dl.grad(dl.grad(f))(points), dl.grad(dl.grad(wanted))(points).arraySync());
    });
  });

  it('says so where there is no gradient, and lets none flow to an input that has null', () => {
    const scaled = (
      gradient?: null | ((dy: dl.Tensor) => { x: dl.Tensor; y: null }),
    ): CustomOp<['x', 'y'], never> =>
      customKernel<['x', 'y']>({
        name: 'scaled',
        inputs: ['x', 'y'],
        shape: ({ x }) => x,
        cpu: (output, { x, y }) => {
          output.forEach((_, i) => (output[i] = x[i]! * y[i]!));
        },
        ...(gradient === undefined ? {} : { gradient }),
      });
    dl.tidy(() => {
      for (const without of [scaled(), scaled(null)]) {
        expectExact(without([2, 3], [4, 5]), [8, 15]);
        expect(() => dl.grad((x) => without(x, [4, 5]))([1, 2])).toThrowError(
          "scaled: it has no gradient; wanted 'gradient' in customKernel",
        );
      }
      const half = scaled((dy) => ({ x: dy.mul(10), y: null }));
      const [dx, dy] = dl.grads((x, y) => half(x, y).add(y))([
        [1, 2],
        [4, 5],
      ]);
      expectExact(dx!, [10, 10]);
      expectExact(dy!, [1, 1]);
      const missing = scaled(() => ({}) as { x: dl.Tensor; y: null });
      expect(() => dl.grad((x) => missing(x, [4, 5]))([1, 2])).toThrowError(
        'scaled: the gradient of input 0 has undefined; wanted shape [2]',
      );
    });
  });

  it('trains', async () => {
    const w = dl.tidy(() => dl.variable(dl.tensor1d([2])));
    const sgd = dl.train.sgd(0.5);
    for (let i = 0; i < 40; i++) sgd.minimize(() => swish(w).add(0.25).square().sum().asScalar());
    const [found] = await w.data();
    expect(Math.abs(swishOf(found!) + 0.25)).toBeLessThan(0.05);
    dl.dispose(w);
    sgd.dispose();
  });

  it('is seen by profiles under its name', async () => {
    const { kernels, result } = await dl.profile(() => dl.tidy(() => swish([1, 2]).neg()));
    expect(kernels.map(({ name, kernel }) => [name, kernel])).toEqual([
      ['swish', 'custom'],
      ['neg', 'unary'],
    ]);
    result.dispose();
  });

  it('checks its arguments', () => {
    dl.tidy(() => {
      const cases: readonly (readonly [() => unknown, string])[] = [
        [
          () => swish('a' as never),
          "swish: argument 'x' is a string; wanted a tensor, a number, or nested arrays",
        ],
        [
          () => (swish as () => unknown)(),
          "swish: argument 'x' is undefined; wanted a tensor, a number, or nested arrays",
        ],
        [() => swish(dl.tensor1d([1], 'int32')), "swish: argument 'x' is int32; wanted float32: cast it"],
        [
          () => roundedRows([[1]], dl.tensor1d([0])),
          "roundedRows: argument 'rows' is float32; wanted int32: cast it",
        ],
        [() => swish([1], { beta: '2' as never }), "swish: argument 'beta' is '2'; wanted a number"],
        [() => swish([1], { betta: 2 } as never), "swish: there is no option 'betta'; the nearest is 'beta'"],
        [() => swish([1], [2] as never), "swish: there is no option '0'; the nearest is 'beta'"],
        [
          () => (swish as (...args: unknown[]) => unknown)(1, {}, 2),
          'swish: there are 3 arguments; wanted at most 2',
        ],
        [
          () => (roundedRows as (...args: unknown[]) => unknown)(1, 2, {}),
          'roundedRows: there are 3 arguments; wanted at most 2',
        ],
      ];
      for (const [call, message] of cases) expect(call).toThrowError(message);
    });
  });

  it('checks its definition', () => {
    const good = {
      name: 'twice',
      inputs: ['x'] as const,
      shape: ({ x }: { readonly x: readonly number[] }) => x,
      cpu: () => undefined,
    };
    const cases: readonly (readonly [object | null, string])[] = [
      [null, "customKernel: argument 'options' is null; wanted an object of options"],
      [
        { ...good, glsll: '' },
        "customKernel: there is no option 'glsll'; the nearest is 'glsl' (others: name, inputs, numbers, dtypes, shape, cpu, gradient)",
      ],
      [{ ...good, name: 3 }, "customKernel: argument 'name' is 3; wanted a name"],
      [{ ...good, inputs: 'x' }, "customKernel: argument 'inputs' is 'x'; wanted an array of names"],
      ...['gl_x', 'a b', '2', 'a__b', 'output'].map(
        (each) =>
          [
            { ...good, inputs: [each] },
            `customKernel: argument 'inputs' is '${each}'; wanted names that GLSL takes, none twice or in 'numbers', and not 'output'`,
          ] as const,
      ),
      [
        { ...good, numbers: { x: 1 } },
        "customKernel: argument 'inputs' is 'x'; wanted names that GLSL takes, none twice or in 'numbers', and not 'output'",
      ],
      [{ ...good, numbers: { a: '1' } }, "customKernel: argument 'a' is '1'; wanted a number"],
      [{ ...good, dtypes: { y: 'int32' } }, "customKernel: argument 'dtypes' is 'y'; wanted 'x' or 'output'"],
      [
        { ...good, dtypes: { x: 'int' } },
        "customKernel: argument 'dtype' is 'int'; wanted 'float32', 'int32' or 'bool'",
      ],
      [{ ...good, shape: [1] }, "customKernel: argument 'shape' is [1]; wanted a function"],
      [{ ...good, glsl: 1 }, "customKernel: argument 'glsl' is 1; wanted GLSL source, or null"],
      [{ ...good, cpu: null }, "customKernel: argument 'cpu' is null; wanted a function"],
      [{ ...good, gradient: 1 }, "customKernel: argument 'gradient' is 1; wanted a function"],
    ];
    for (const [definition, message] of cases)
      expect(() => customKernel(definition as never)).toThrowError(message);
  });

  it('checks what its functions give, and leaves nothing when they fail', () => {
    const buffers = dl.memory().numDataBuffers;
    const failing = (shape: unknown, cpu: () => unknown): (() => unknown) => {
      const f = customKernel({ name: 'failing', inputs: ['x'], shape: () => shape as number[], cpu });
      return () => f([1, 2]);
    };
    expect(failing([-1], () => undefined)).toThrowError(
      "failing: the function 'shape' gave [-1]; wanted an array of non-negative integers",
    );
    expect(failing(undefined, () => undefined)).toThrowError(/'shape' gave undefined/);
    expect(
      failing([2], () => {
        throw new Error('of mine');
      }),
    ).toThrowError('of mine');
    expect(dl.memory().numDataBuffers).toBe(buffers);
  });

  it('gives its function copies, which tensors made meanwhile do not spoil', () => {
    const big = customKernel({
      name: 'big',
      inputs: ['x'],
      shape: ({ x }) => x,
      cpu: (output, { x }) => {
        x[0] = 100;
        // Makes the memory of the CPU backend grow.
        dl.dispose(Array.from({ length: 20 }, () => dl.zeros([200_000])));
        output[0] = 7;
      },
    });
    dl.tidy(() => {
      const x = dl.tensor1d([1, 2]);
      expectExact(big(x), [7, 0]);
      expectExact(x, [1, 2]);
    });
  });

  it('runs on the CPU where a backend lacks it', async () => {
    await onAsynchronousBackend({ lacks: ['custom'] }, async () => {
      const y = dl.tidy(() => swish([1, 2], { beta: 2 }).mul(2));
      expectClose([...(await y.data())], [2 * swishOf(1, 2), 2 * swishOf(2, 2)]);
      y.dispose();
    });
  });

  it('is recorded, also where it computes the result on the host', () => {
    const twice = customKernel({
      name: 'twice',
      inputs: ['x'],
      shape: ({ x }) => x,
      cpu: (output, { x }) => x.forEach((value, i) => (output[i] = 2 * value)),
    });
    const functions: ((x: dl.Tensor) => dl.Tensor)[] = [
      (x) => twice(x),
      (x) => twice(x.add(1)).sub(3),
      (x) => dl.addN([twice(x), swish(x)]),
    ];
    for (const f of functions) expectSameWhenRecorded(f, [[1, 2, 3]]);
  });
});
