// The ways in which products and convolutions are computed depend on their extents: whole texels or not, several rows a
// fragment, blocks of vectors and their remainders, operands brought into another form first. Each of them against the definition, in float64.
import { begunAnew } from '../../test/support/begun-anew';
import { boundOfSum, exactSum } from '../../test/support/rounding';
import { createDraw, runKernel, type Operand } from '../../test/support/run-kernel';
import { expectSums, Sums } from '../../test/support/sums';
import type { WindowGeometry } from './convolution';
import { sizeOf, type Shape } from './strides';
import { activeBackend } from './active-backend';

const draw = begunAnew(() => createDraw(29));

function random(shape: Shape): Operand {
  return { shape, dtype: 'float32', values: draw(sizeOf(shape), -1, 1) };
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
        const wanted = new Sums([batch, m, n]);
        for (let i = 0; i < batch * m * n; i++) {
          const column = i % n;
          const row = Math.floor(i / n) % m;
          const group = Math.floor(i / (n * m));
          const startA = batchA === 1 ? 0 : group * m * k;
          const startB = batchB === 1 ? 0 : group * k * n;
          wanted.add(i, bias.values[column]!);
          for (let p = 0; p < k; p++) {
            wanted.add(
              i,
              a.values[startA + (transposeA ? p * m + row : row * k + p)]! *
                b.values[startB + (transposeB ? column * k + p : p * n + column)]!,
            );
          }
        }
        const y = { shape: [batch, m, n], dtype: 'float32' } as const;
        const attributes = { transposeA, transposeB, activation: 'relu', alpha: 0 } as const;
        const found = runKernel(activeBackend(), 'matMul', [a, b, bias], [y], attributes)[0]!;
        expectSums(found, wanted, { context: name, finish: (sum) => Math.max(sum, 0) });
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
      const y = new Sums(dy.shape);
      const dx = new Sums(x.shape);
      const dw = new Sums(w.shape);
      forEachProduct(g, (atX, atW, atY) => {
        y.add(atY, x.values[atX]! * w.values[atW]!);
        dx.add(atX, dy.values[atY]! * w.values[atW]!);
        dw.add(atW, dy.values[atY]! * x.values[atX]!);
      });
      const linear = { geometry: g, activation: 'linear', alpha: 0 } as const;
      const back = { geometry: g } as const;
      const forward = runKernel(activeBackend(), 'conv2d', [x, w], [dy], linear)[0]!;
      expectSums(forward, y, { context: 'forward' });
      const toInput = runKernel(activeBackend(), 'conv2dInputGradient', [dy, w], [x], back)[0]!;
      expectSums(toInput, dx, { context: 'to the input' });
      const toFilter = runKernel(activeBackend(), 'conv2dFilterGradient', [x, dy], [w], back)[0]!;
      expectSums(toFilter, dw, { context: 'to the filter' });
    });
  }

  it('holds for every draw of many', () => {
    const [m, n, k] = [5, 8, 5000];
    const count = activeBackend().name === 'webgl' ? 10 : 100;
    const attributes = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
    for (let seed = 0; seed < count; seed++) {
      const drawOne = createDraw(seed);
      const a: Operand = { shape: [1, m, k], dtype: 'float32', values: drawOne(m * k, -1, 1) };
      const b: Operand = { shape: [1, k, n], dtype: 'float32', values: drawOne(k * n, -1, 1) };
      const c = { shape: [1, m, n], dtype: 'float32' } as const;
      const found = runKernel(activeBackend(), 'matMul', [a, b], [c], attributes)[0]!;
      // One result of each product is checked.
      const at = seed % (m * n);
      const wanted = exactSum(k, (p) => a.values[Math.floor(at / n) * k + p]! * b.values[p * n + (at % n)]!);
      const bound = boundOfSum(k, wanted.magnitude);
      expect(Math.abs(found[at]! - wanted.value))
        .withContext(`seed ${seed}`)
        .toBeLessThanOrEqual(bound);
    }
  });
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

/** Calls `visit` for every product in the definition of a convolution, with its flat indices in x, the filter and y. */
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
