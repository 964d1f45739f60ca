import { expectClose } from '../../../test/support/close';
import { runKernel, type Operand } from '../../../test/support/run-kernel';
import { PROMISED } from '../../../test/support/rounding';
import { expectSums, Sums } from '../../../test/support/sums';
import type { WindowGeometry } from '../convolution';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;

function geometry(changes: Partial<WindowGeometry>): WindowGeometry {
  return {
    batch: 1,
    inHeight: 4,
    inWidth: 4,
    inChannels: 1,
    outHeight: 2,
    outWidth: 2,
    outChannels: 1,
    filterHeight: 2,
    filterWidth: 2,
    strideHeight: 2,
    strideWidth: 2,
    dilationHeight: 1,
    dilationWidth: 1,
    padTop: 0,
    padLeft: 0,
    ...changes,
  };
}

const inputOf = (g: WindowGeometry, values: readonly number[]): Operand => ({
  shape: [g.batch, g.inHeight, g.inWidth, g.inChannels],
  dtype: 'float32',
  values,
});
const outputOf = (g: WindowGeometry, values: readonly number[] = []): Operand => ({
  shape: [g.batch, g.outHeight, g.outWidth, g.outChannels],
  dtype: 'float32',
  values,
});

/** For each output element, in order: the flat indices of the elements in its window that lie inside the image. */
function windowsOf(g: WindowGeometry): number[][] {
  const size = g.batch * g.outHeight * g.outWidth * g.outChannels;
  return Array.from({ length: size }, (_, i) => {
    const channel = i % g.outChannels;
    const outColumn = Math.floor(i / g.outChannels) % g.outWidth;
    const outRow = Math.floor(i / (g.outChannels * g.outWidth)) % g.outHeight;
    const image = Math.floor(i / (g.outChannels * g.outWidth * g.outHeight));
    const covered: number[] = [];
    for (let y = 0; y < g.filterHeight; y++) {
      for (let x = 0; x < g.filterWidth; x++) {
        const row = outRow * g.strideHeight - g.padTop + y * g.dilationHeight;
        const column = outColumn * g.strideWidth - g.padLeft + x * g.dilationWidth;
        if (row < 0 || row >= g.inHeight || column < 0 || column >= g.inWidth) continue;
        covered.push(((image * g.inHeight + row) * g.inWidth + column) * g.inChannels + channel);
      }
    }
    return covered;
  });
}

const geometries = [
  geometry({}),
  geometry({ batch: 3, inHeight: 7, inWidth: 5, inChannels: 3, outChannels: 3, outHeight: 3, outWidth: 2 }),
  geometry({ filterHeight: 3, filterWidth: 3, padTop: 1, padLeft: 1, inChannels: 2, outChannels: 2 }),
  geometry({ strideHeight: 1, strideWidth: 1, outHeight: 4, outWidth: 4, padTop: 0, padLeft: 1 }),
  geometry({
    dilationHeight: 2,
    dilationWidth: 3,
    strideHeight: 1,
    strideWidth: 1,
    outHeight: 2,
    outWidth: 1,
  }),
  geometry({ batch: 0 }),
];

describe('the pooling kernels', () => {
  it('follow the definition', () => {
    for (const g of geometries) {
      const size = g.batch * g.inHeight * g.inWidth * g.inChannels;
      // with many equals
      const x = Array.from({ length: size }, (_, i) => ((i * 7919) % 11) - 5);
      const windows = windowsOf(g);
      const greatest = windows.map((covered) => Math.max(...covered.map((at) => x[at]!)));
      const indices = windows.map((covered, i) => covered.find((at) => x[at] === greatest[i])!);
      const dy = windows.map((_, i) => Math.sin(i + 1));
      const [means, dMax, dAverage] = [new Sums([windows.length]), new Sums([size]), new Sums([size])];
      windows.forEach((covered, i) => {
        dMax.add(indices[i]!, dy[i]!);
        for (const at of covered) {
          means.add(i, x[at]! / covered.length);
          dAverage.add(at, dy[i]! / covered.length);
        }
      });

      const input = inputOf(g, x);
      const output = outputOf(g, dy);
      const places: Operand = { ...output, dtype: 'int32', values: indices };
      const context = JSON.stringify(g);
      const attributes = { geometry: g };
      const run = (mode: 'max' | 'average'): ArrayLike<number> =>
        runKernel(backend, 'pool', [input], [output], { geometry: g, mode })[0]!;
      expectClose(run('max'), greatest, 0, context);
      expectSums(run('average'), means, { context, promised: PROMISED.reduction });
      expectClose(
        runKernel(backend, 'maxPoolIndices', [input], [places], attributes)[0]!,
        indices,
        0,
        context,
      );
      const ofMax = runKernel(backend, 'maxPoolGradient', [output, input], [input], attributes)[0]!;
      expectSums(ofMax, dMax, { context });
      const ofAverage = runKernel(backend, 'averagePoolGradient', [output], [input], attributes)[0]!;
      expectSums(ofAverage, dAverage, { context });
    }
  });

  it('let NaN win', () => {
    const g = geometry({});
    const x = inputOf(g, [1, 2, 3, 4, NaN, 5, 6, 7, 8, 9, 9, NaN, 9, 1, NaN, 3]);
    const found = runKernel(backend, 'pool', [x], [outputOf(g)], { geometry: g, mode: 'max' })[0]!;
    expect([...found]).toEqual([NaN, 7, 9, NaN]);
    const places = runKernel(backend, 'maxPoolIndices', [x], [{ ...outputOf(g), dtype: 'int32' }], {
      geometry: g,
    })[0]!;
    expect([...places]).toEqual([4, 7, 9, 11]);
  });

  it('find nothing in a window that lies in the padding', () => {
    const g = geometry({ outHeight: 3, outWidth: 1, padTop: 2, strideHeight: 1, strideWidth: 1 });
    const x = inputOf(g, new Array<number>(16).fill(1));
    const run = (mode: 'max' | 'average'): ArrayLike<number> =>
      runKernel(backend, 'pool', [x], [outputOf(g)], { geometry: g, mode })[0]!;
    expectClose(run('max'), [-Infinity, 1, 1], 0, 'max');
    expectClose(run('average'), [0, 1, 1], 0, 'average');
    const places = runKernel(backend, 'maxPoolIndices', [x], [{ ...outputOf(g), dtype: 'int32' }], {
      geometry: g,
    })[0]!;
    expect([...places]).toEqual([-1, 0, 0]);
    const dy = outputOf(g, [10, 20, 30]);
    const dx = runKernel(backend, 'maxPoolGradient', [dy, x], [x], { geometry: g })[0]!;
    expectClose(dx, [50, ...new Array<number>(15).fill(0)], 0, 'dx');
  });
});
