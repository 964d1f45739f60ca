import { begunAnew } from '../../../test/support/begun-anew';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { expectSums, Sums } from '../../../test/support/sums';
import type { WindowGeometry } from '../convolution';
import { sizeOf } from '../strides';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;
const draw = begunAnew(() => createDraw(3));

interface Case {
  readonly name: string;
  /** Batch, height, width, channels. */
  readonly input: readonly [number, number, number, number];
  /** Height, width, channels out. */
  readonly filter: readonly [number, number, number];
  readonly groups?: number;
  readonly stride?: readonly [number, number];
  readonly dilation?: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly pad?: readonly [number, number, number, number];
}

const cases: readonly Case[] = [
  { name: 'one pixel', input: [1, 1, 1, 1], filter: [1, 1, 1] },
  { name: 'no padding', input: [2, 7, 6, 3], filter: [3, 2, 5] },
  { name: 'same padding', input: [2, 7, 6, 3], filter: [3, 3, 5], pad: [1, 1, 1, 1] },
  { name: 'an even filter, padded unevenly', input: [1, 5, 8, 2], filter: [4, 2, 6], pad: [1, 2, 0, 1] },
  { name: 'padding wider than the filter', input: [1, 3, 4, 2], filter: [2, 2, 3], pad: [3, 2, 2, 3] },
  { name: 'strides', input: [2, 9, 8, 3], filter: [3, 3, 4], stride: [2, 3], pad: [1, 1, 0, 1] },
  { name: 'strides beyond the filter', input: [1, 11, 10, 2], filter: [2, 1, 3], stride: [4, 3] },
  { name: 'dilation', input: [2, 9, 8, 3], filter: [3, 2, 4], dilation: [2, 3], pad: [2, 2, 1, 2] },
  {
    name: 'strides and dilation',
    input: [1, 12, 13, 2],
    filter: [3, 3, 5],
    stride: [3, 2],
    dilation: [2, 3],
    pad: [2, 1, 3, 3],
  },
  { name: 'a pointwise filter', input: [3, 4, 5, 7], filter: [1, 1, 9] },
  { name: 'a pointwise filter with strides', input: [2, 5, 6, 4], filter: [1, 1, 6], stride: [2, 2] },
  { name: 'groups', input: [2, 6, 5, 4], filter: [3, 3, 6], groups: 2, pad: [1, 1, 1, 1] },
  { name: 'a depthwise filter', input: [2, 6, 5, 5], filter: [3, 3, 5], groups: 5, pad: [1, 1, 1, 1] },
  {
    name: 'a depthwise filter with a multiplier',
    input: [1, 6, 7, 3],
    filter: [3, 2, 6],
    groups: 3,
    stride: [2, 1],
  },
  {
    name: 'many images to a block, and some left over',
    input: [70, 10, 10, 7],
    filter: [3, 3, 4],
    pad: [1, 1, 1, 1],
  },
  { name: 'more taps than a block is deep', input: [1, 4, 4, 40], filter: [3, 3, 9], pad: [1, 1, 1, 1] },
  { name: 'no channel', input: [2, 4, 4, 0], filter: [3, 3, 3] },
  { name: 'no image', input: [0, 4, 4, 2], filter: [3, 3, 3] },
];

function geometryOf({ input, filter, stride, dilation, pad }: Case): WindowGeometry {
  const [batch, inHeight, inWidth, inChannels] = input;
  const [filterHeight, filterWidth, outChannels] = filter;
  const [strideHeight, strideWidth] = stride ?? [1, 1];
  const [dilationHeight, dilationWidth] = dilation ?? [1, 1];
  const [padTop, padBottom, padLeft, padRight] = pad ?? [0, 0, 0, 0];
  return {
    batch,
    inHeight,
    inWidth,
    inChannels,
    outHeight:
      Math.floor((inHeight + padTop + padBottom - (filterHeight - 1) * dilationHeight - 1) / strideHeight) +
      1,
    outWidth:
      Math.floor((inWidth + padLeft + padRight - (filterWidth - 1) * dilationWidth - 1) / strideWidth) + 1,
    outChannels,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    dilationHeight,
    dilationWidth,
    padTop,
    padLeft,
  };
}

/** Calls `visit` for every product in the definition of a convolution, with its flat indices in output, input and filter. */
function walkDefinition(
  g: WindowGeometry,
  groups: number,
  visit: (y: number, x: number, f: number) => void,
): void {
  const groupIn = g.inChannels / groups;
  const groupOut = g.outChannels / groups;
  const pixels = g.batch * g.outHeight * g.outWidth;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const image = Math.floor(pixel / (g.outHeight * g.outWidth));
    const outRow = Math.floor(pixel / g.outWidth) % g.outHeight;
    const outColumn = pixel % g.outWidth;
    for (let tap = 0; tap < g.filterHeight * g.filterWidth; tap++) {
      const row = outRow * g.strideHeight - g.padTop + Math.floor(tap / g.filterWidth) * g.dilationHeight;
      const column = outColumn * g.strideWidth - g.padLeft + (tap % g.filterWidth) * g.dilationWidth;
      if (row < 0 || row >= g.inHeight || column < 0 || column >= g.inWidth) continue;
      for (let out = 0; out < g.outChannels; out++) {
        for (let c = 0; c < groupIn; c++) {
          const channel = Math.floor(out / groupOut) * groupIn + c;
          visit(
            pixel * g.outChannels + out,
            ((image * g.inHeight + row) * g.inWidth + column) * g.inChannels + channel,
            (tap * groupIn + c) * g.outChannels + out,
          );
        }
      }
    }
  }
}

function random(shape: readonly number[]): Operand {
  return { shape, dtype: 'float32', values: draw(sizeOf(shape), -1, 1) };
}

describe('the convolution kernels', () => {
  for (const example of cases) {
    it(`follow the definition: ${example.name}`, () => {
      const g = geometryOf(example);
      const groups = example.groups ?? 1;
      const groupIn = g.inChannels / groups;
      const isDepthwise = groups > 1 && groupIn === 1;
      const x = random([...example.input]);
      const dy = random([g.batch, g.outHeight, g.outWidth, g.outChannels]);
      const filter = random([
        g.filterHeight,
        g.filterWidth,
        isDepthwise ? g.inChannels : groupIn,
        isDepthwise ? g.outChannels / groups : g.outChannels,
      ]);
      const bias = random([g.outChannels]);
      const [y, dx, dFilter] = [new Sums(dy.shape), new Sums(x.shape), new Sums(filter.shape)];
      y.values.forEach((_, i) => y.add(i, bias.values[i % g.outChannels]!));
      walkDefinition(g, groups, (to, from, tap) => {
        y.add(to, x.values[from]! * filter.values[tap]!);
        dx.add(from, dy.values[to]! * filter.values[tap]!);
        dFilter.add(tap, dy.values[to]! * x.values[from]!);
      });

      const linear = { geometry: g, activation: 'linear', alpha: 0 } as const;
      const relu = { ...linear, activation: 'relu' } as const;
      const forward = [x, filter, bias];
      expectSums(runKernel(backend, 'conv2d', forward, [dy], linear)[0]!, y, { context: 'y' });
      expectSums(runKernel(backend, 'conv2d', forward, [dy], relu)[0]!, y, {
        context: 'relu(y)',
        finish: (sum) => Math.max(sum, 0),
      });
      const toInput = runKernel(backend, 'conv2dInputGradient', [dy, filter], [x], { geometry: g })[0]!;
      expectSums(toInput, dx, { context: 'dx' });
      const toFilter = runKernel(backend, 'conv2dFilterGradient', [x, dy], [filter], { geometry: g })[0]!;
      expectSums(toFilter, dFilter, { context: 'dfilter' });
    });
  }
});
