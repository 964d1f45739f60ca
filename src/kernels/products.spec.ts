// The ways in which products and convolutions are computed depend on their extents: whole texels or not, several rows a
// fragment, blocks of vectors and their remainders, operands brought into another form first. Each of them against the definition, in float64.
import { difference } from '../testing/close';
import { createDraw, runKernel, type Operand } from '../testing/run-kernel';
import type { WindowGeometry } from './convolution';
import { sizeOf, type Shape } from './layout';
import { activeBackend } from './registry';

const TOLERANCE = 1e-5;
/** For sums of thousands of terms that cancel. */
const TOLERANCE_OF_LONG_SUMS = 4e-5;
const draw = createDraw(29);

function random(shape: Shape): Operand {
  return { shape, dtype: 'float32', values: draw(sizeOf(shape), -1, 1) };
}

function expectSame(
  found: ArrayLike<number>,
  wanted: Float64Array,
  context: string,
  tolerance = TOLERANCE,
): void {
  const shape = [wanted.length];
  expect(difference({ shape, values: Array.from(found) }, { shape, values: Array.from(wanted) }, tolerance))
    .withContext(context)
    .toBeNull();
}

describe('products on the backend of the run', () => {
  const products: readonly (readonly [batchA: number, batchB: number, m: number, n: number, k: number])[] = [
    [1, 1, 3, 5, 7],
    [1, 1, 37, 8, 12],
    [1, 1, 64, 10, 256],
    [1, 1, 256, 12, 64],
    [1, 1, 200, 64, 33],
    [1, 1, 130, 130, 130],
    [1, 1, 2100, 8, 4],
    [2, 2, 64, 128, 8],
    [2, 2, 65, 66, 34],
    [3, 1, 16, 96, 9],
    [1, 4, 48, 20, 16],
    [1, 1, 4, 4, 0],
    [1, 1, 1, 1, 20001],
    [1, 1, 5, 8, 5000],
  ];
  for (const [batchA, batchB, m, n, k] of products) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const name = `[${batchA}, ${m}, ${k}]${transposeA ? 'ᵀ' : ''} · [${batchB}, ${k}, ${n}]${transposeB ? 'ᵀ' : ''}`;
      it(`multiplies ${name}`, () => {
        const a = random(transposeA ? [batchA, k, m] : [batchA, m, k]);
        const b = random(transposeB ? [batchB, n, k] : [batchB, k, n]);
        const bias = random([n]);
        const batch = Math.max(batchA, batchB);
        const wanted = new Float64Array(batch * m * n);
        for (let i = 0; i < wanted.length; i++) {
          const column = i % n;
          const row = Math.floor(i / n) % m;
          const group = Math.floor(i / (n * m));
          const startA = batchA === 1 ? 0 : group * m * k;
          const startB = batchB === 1 ? 0 : group * k * n;
          let sum = bias.values[column]!;
          for (let p = 0; p < k; p++) {
            sum +=
              a.values[startA + (transposeA ? p * m + row : row * k + p)]! *
              b.values[startB + (transposeB ? column * k + p : p * n + column)]!;
          }
          wanted[i] = Math.max(sum, 0);
        }
        const y = { shape: [batch, m, n], dtype: 'float32' } as const;
        const attributes = { transposeA, transposeB, activation: 'relu', alpha: 0 } as const;
        expectSame(
          runKernel(activeBackend(), 'matMul', [a, b, bias], [y], attributes)[0]!,
          wanted,
          name,
          k < 1000 ? TOLERANCE : TOLERANCE_OF_LONG_SUMS,
        );
      });
    }
  }

  const images: readonly Image[] = [
    { image: [2, 7, 6, 3], filter: [3, 2, 5] },
    { image: [16, 28, 28, 1], filter: [5, 5, 8] },
    { image: [16, 12, 12, 8], filter: [5, 5, 16] },
    { image: [12, 14, 14, 3], filter: [3, 3, 8], pad: 1 },
    { image: [16, 10, 10, 4], filter: [3, 3, 8], stride: 2, pad: 1 },
    { image: [16, 11, 11, 4], filter: [3, 3, 8], dilation: 2, pad: 2 },
    { image: [4, 16, 16, 8], filter: [7, 7, 8], pad: 3 },
    { image: [8, 15, 13, 6], filter: [3, 3, 12], pad: 1 },
    { image: [20, 9, 9, 16], filter: [1, 1, 32] },
    { image: [2, 8, 8, 4], filter: [3, 3, 3], pad: 1 },
    { image: [2, 4, 4, 0], filter: [3, 3, 4] },
  ];
  for (const each of images) {
    const { image, filter, ...rest } = each;
    it(`convolves [${image.join()}] with [${filter.join()}] ${JSON.stringify(rest)}, and back`, () => {
      const g = geometryOf(each);
      const x = random(image);
      const w = random([g.filterHeight, g.filterWidth, g.inChannels, g.outChannels]);
      const dy = random([g.batch, g.outHeight, g.outWidth, g.outChannels]);
      const y = new Float64Array(dy.values.length);
      const dx = new Float64Array(x.values.length);
      const dw = new Float64Array(w.values.length);
      forEachProduct(g, (atX, atW, atY) => {
        y[atY]! += x.values[atX]! * w.values[atW]!;
        dx[atX]! += dy.values[atY]! * w.values[atW]!;
        dw[atW]! += dy.values[atY]! * x.values[atX]!;
      });
      const linear = { geometry: g, activation: 'linear', alpha: 0 } as const;
      expectSame(runKernel(activeBackend(), 'conv2d', [x, w], [dy], linear)[0]!, y, 'forward');
      expectSame(
        runKernel(activeBackend(), 'conv2dInputGradient', [dy, w], [x], { geometry: g })[0]!,
        dx,
        'to the input',
      );
      expectSame(
        runKernel(activeBackend(), 'conv2dFilterGradient', [x, dy], [w], { geometry: g })[0]!,
        dw,
        'to the filter',
        TOLERANCE_OF_LONG_SUMS,
      );
    });
  }
});

interface Image {
  readonly image: readonly [batch: number, height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number, channels: number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly pad?: number;
}

function geometryOf({ image, filter, stride = 1, dilation = 1, pad = 0 }: Image): WindowGeometry {
  const out = (extent: number, taps: number): number =>
    Math.floor((extent + 2 * pad - (taps - 1) * dilation - 1) / stride) + 1;
  return {
    batch: image[0],
    inHeight: image[1],
    inWidth: image[2],
    inChannels: image[3],
    outHeight: out(image[1], filter[0]),
    outWidth: out(image[2], filter[1]),
    outChannels: filter[2],
    filterHeight: filter[0],
    filterWidth: filter[1],
    strideHeight: stride,
    strideWidth: stride,
    dilationHeight: dilation,
    dilationWidth: dilation,
    padTop: pad,
    padLeft: pad,
  };
}

/** Visits the flat indices of all that the definition multiplies: in x, in the filter, in y. */
function forEachProduct(g: WindowGeometry, visit: (x: number, w: number, y: number) => void): void {
  for (let pixel = 0; pixel < g.batch * g.outHeight * g.outWidth; pixel++) {
    const outX = pixel % g.outWidth;
    const line = Math.floor(pixel / g.outWidth);
    const n = Math.floor(line / g.outHeight);
    for (let tap = 0; tap < g.filterHeight * g.filterWidth; tap++) {
      const inX = outX * g.strideWidth - g.padLeft + (tap % g.filterWidth) * g.dilationWidth;
      const inY =
        (line % g.outHeight) * g.strideHeight - g.padTop + Math.floor(tap / g.filterWidth) * g.dilationHeight;
      if (inX < 0 || inX >= g.inWidth || inY < 0 || inY >= g.inHeight) continue;
      const at = ((n * g.inHeight + inY) * g.inWidth + inX) * g.inChannels;
      for (let c = 0; c < g.inChannels; c++) {
        for (let k = 0; k < g.outChannels; k++) {
          visit(at + c, (tap * g.inChannels + c) * g.outChannels + k, pixel * g.outChannels + k);
        }
      }
    }
  }
}
