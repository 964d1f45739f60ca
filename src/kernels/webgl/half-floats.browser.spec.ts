// Devices that render to half floats only: the extension for floats is switched off.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { describeOwnWebGL } from '../../../test/support/own-backends';
import { createWebGLBackend } from './create';

/** The relative error of a half float, and what a few operations make of it. */
const CLOSE = 4e-3;

/** Switches extensions off. */
function without(...extensions: readonly string[]): void {
  const prototype = WebGL2RenderingContext.prototype as { getExtension: (name: string) => unknown };
  const { getExtension } = prototype;
  spyOn(prototype, 'getExtension').and.callFake(function (this: unknown, name) {
    return extensions.includes(name) ? null : getExtension.call(this, name);
  });
}

describeOwnWebGL('WebGL without float targets', () => {
  let before: string;

  beforeEach(() => {
    before = dl.getBackend();
    without('EXT_color_buffer_float');
    dl.registerBackend('half', () => createWebGLBackend(), 0);
    dl.setBackend('half');
  });

  afterEach(() => {
    dl.setBackend(before);
    dl.removeBackend('half');
  });

  it('keeps half floats, and says so', async () => {
    const { backend, floatPrecision } = dl.backendReport();
    expect([backend, floatPrecision]).toEqual(['webgl', 16]);
    const written = dl.tensor1d([1 / 3, -2, 65_504, 1e-7, 70_000, NaN, -Infinity]);
    const kept = written.add(0);
    for (const values of [kept.dataSync(), await kept.data()]) {
      expectExact([...values.subarray(0, 4)], [0.333251953125, -2, 65_504, 1.1920928955078125e-7]);
      // The software renderer keeps infinities as NaN.
      expect([...values.subarray(4)].some(Number.isFinite)).toBeFalse();
    }
    dl.dispose([written, kept]);
    expect(dl.memory().backend.reservedBytes).toBeGreaterThan(0);
  });

  it('keeps int32 and bool exact', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([2147483647, -2147483648, 16777217, 123456789, 0], 'int32');
      expectExact(x.add(dl.scalar(0, 'int32')), [2147483647, -2147483648, 16777217, 123456789, 0]);
      expectExact(x.gather(dl.tensor1d([3, 2], 'int32')), [123456789, 16777217]);
      expectExact(x.cumsum(), [2147483647, -1, 16777216, 140234005, 140234005]);
      expectExact(x.max(), 2147483647);
      expectExact(x.toBool().logicalNot(), [0, 0, 0, 0, 1]);
      expectExact(dl.range(0, 5000, 1, 'int32').sum(), 12497500);
      expectExact(dl.tensor1d([3, 1, 2]).argMax(), 0);
      expectExact(dl.topk([1, 5, 3], 2).indices, [1, 2]);
    });
  });

  it('computes in floats what it keeps in half floats', () => {
    const results = (): number[][] =>
      dl.tidy(() => {
        dl.setSeed(5);
        const x = dl.randomNormal<dl.Rank.R2>([33, 50]);
        const w = dl.randomUniform<dl.Rank.R2>([50, 20], -0.1, 0.1);
        const image = dl.randomUniform<dl.Rank.R4>([2, 9, 9, 8]);
        const filter = dl.randomUniform<dl.Rank.R4>([3, 3, 8, 4], -0.1, 0.1);
        const embedding = dl.grad((table) => table.gather([0, 3, 3, 1]).square().sum());
        return [
          x.matMul(w).relu(),
          x.softmax(),
          x.transpose<dl.Tensor>().slice([3, 2], [5, 4]).tanh(),
          x.sum(0),
          x.mean(),
          dl.conv2d(image, filter, 1, 'same'),
          dl.maxPool(image, 2, 2, 'valid'),
          dl.image.resizeBilinear(image, [5, 6]),
          embedding(dl.randomUniform<dl.Rank.R2>([5, 7])),
          dl.concat([x, x.square()], 1),
        ].map((y) => [...y.dataSync()]);
      });
    const found = results();
    dl.setBackend('cpu');
    const wanted = results();
    found.forEach((values, i) => {
      const scale = Math.max(...wanted[i]!.map(Math.abs));
      expectClose(values, wanted[i]!, CLOSE * Math.max(1, scale));
    });
  });

  it('trains', async () => {
    const xs = dl.tidy(() => dl.randomUniform<dl.Rank.R2>([64, 2], -1, 1));
    const ys = dl.tidy(() => xs.matMul(dl.tensor2d([[0.5], [-1]])).add(0.25));
    const w = dl.tidy(() => dl.variable(dl.zeros<dl.Rank.R2>([2, 1])));
    const b = dl.tidy(() => dl.variable(dl.scalar(0)));
    const optimizer = dl.train.adam(0.1);
    for (let step = 0; step < 60; step++)
      optimizer.minimize(() => xs.matMul(w).add(b).sub(ys).square().mean().asScalar());
    expectClose(await w.data(), [0.5, -1], 0.05);
    expectClose(await b.data(), [0.25], 0.05);
    dl.dispose([xs, ys, w, b]);
    optimizer.dispose();
  });
});

describeOwnWebGL('WebGL without float and half float targets', () => {
  it('is not supported, and the report says why', () => {
    without('EXT_color_buffer_float', 'EXT_color_buffer_half_float');
    const before = dl.getBackend();
    dl.registerBackend('neither', () => createWebGLBackend(), 0);
    expect(() => dl.setBackend('neither')).toThrowError(
      /supports \(it renders neither to floats nor to half floats\)$/,
    );
    expect(dl.backendReport().unsupported.neither).toMatch(/^it renders neither/);
    expect(dl.getBackend()).toBe(before);
    dl.removeBackend('neither');
  });
});
