import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import { offsetOf, withScratch, type CpuBackend } from '../backend';
import { sumWithoutPadding } from '../padded-places';
import { applyRest, finishOf, type Finish } from './activation';
import { repeatedGeometry, withRepeatedChannels, withSummedChannels } from './repeated-channels';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';
import { isEveryFinite, isSparse, isSparseForInput } from './sparse-gradient';
import { windowsOverPixel, withLost } from './terms';

/** How a convolution is computed: as a matrix product, channel by channel, or by patches. */
type Method = 'pointwise' | 'depthwise' | 'multiplied depthwise' | 'patches';

/**
 * The method for a filter of this size (which tells the number of groups), or undefined for what is left to the plain
 * kernels: nothing to compute, and groups of more than one channel, which no op makes.
 */
function methodOf(g: WindowGeometry, filter: TensorInfo): Method | undefined {
  const taps = g.filterHeight * g.filterWidth;
  const size = filter.size;
  if (size === 0 || g.batch * g.outHeight * g.outWidth === 0) return undefined;
  if (size === taps * g.inChannels * g.outChannels) {
    const samePixels = g.outHeight === g.inHeight && g.outWidth === g.inWidth;
    const unpadded = g.padTop === 0 && g.padLeft === 0 && g.strideHeight === 1 && g.strideWidth === 1;
    return taps === 1 && samePixels && unpadded ? 'pointwise' : 'patches';
  }
  if (size !== taps * g.outChannels) return undefined;
  return g.inChannels === g.outChannels ? 'depthwise' : 'multiplied depthwise';
}

/** The numbers of a geometry, apart from the batch, in the order in which the compiled convolutions take them. */
function patchArguments(g: WindowGeometry) {
  return [
    g.inHeight,
    g.inWidth,
    g.inChannels,
    g.outHeight,
    g.outWidth,
    g.outChannels,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padTop,
    g.padLeft,
  ] as const;
}

function depthwiseArguments(g: WindowGeometry) {
  return [
    g.batch,
    g.inHeight,
    g.inWidth,
    g.inChannels,
    g.outHeight,
    g.outWidth,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padTop,
    g.padLeft,
  ] as const;
}

interface Product {
  readonly a: number;
  readonly transposeA: boolean;
  readonly b: number;
  readonly transposeB: boolean;
  readonly c: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly bias: number;
  readonly finish: Finish;
}

const unfinished = finishOf('linear');

function multiply(backend: CpuBackend, simd: SimdExports, p: Product): void {
  withScratch(backend, simd.matMulScratch(p.m, p.n, p.k, p.transposeA) >>> 0, (scratch) => {
    simd.matMul(
      p.a,
      p.transposeA,
      p.b,
      p.transposeB,
      p.c,
      p.m,
      p.n,
      p.k,
      p.bias,
      p.finish.low,
      p.finish.high,
      scratch,
    );
  });
}

/** The convolution of each channel of x with a filter of its own. */
function convolveDepthwise(
  backend: CpuBackend,
  simd: SimdExports,
  [x, f, b, y]: readonly [number, number, number, number],
  g: WindowGeometry,
  { low, high }: Finish,
): void {
  withScratch(backend, 4 * Float64Array.BYTES_PER_ELEMENT, (totals) => {
    simd.depthwise(x, f, b, y, ...depthwiseArguments(g), low, high, totals);
  });
}

function depthwiseInputGradient(
  backend: CpuBackend,
  simd: SimdExports,
  [dy, f, dx]: readonly [number, number, number],
  g: WindowGeometry,
): void {
  const bytes = g.batch * g.inHeight * g.inWidth * g.inChannels * 4;
  withLost(backend, bytes, windowsOverPixel(g), (lost) => {
    simd.depthwiseInputGradient(dy, f, dx, ...depthwiseArguments(g), lost);
  });
}

function depthwiseFilterGradient(
  backend: CpuBackend,
  simd: SimdExports,
  [x, dy, df]: readonly [number, number, number],
  g: WindowGeometry,
): void {
  const size = g.filterHeight * g.filterWidth * g.inChannels;
  const bytes = simd.depthwiseFilterGradientScratch(g.batch, g.outHeight, g.outWidth, size) >>> 0;
  withScratch(backend, bytes, (scratch) => {
    simd.depthwiseFilterGradient(x, dy, df, ...depthwiseArguments(g), scratch);
  });
}

export const conv2d: SimdKernel<'conv2d'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input, filter, bias] = inputs;
  const output = outputs[0]!;
  const { geometry: g, activation, alpha } = attributes;
  const method = methodOf(g, filter!);
  if (!method) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const x = offsetOf(input!);
  const f = offsetOf(filter!);
  const b = bias ? offsetOf(bias) : 0;
  const y = offsetOf(output);
  const finish = finishOf(activation);
  if (method === 'depthwise') {
    convolveDepthwise(backend, simd, [x, f, b, y], g, finish);
  } else if (method === 'multiplied depthwise') {
    withRepeatedChannels(backend, g, x, (repeated) => {
      convolveDepthwise(backend, simd, [repeated, f, b, y], repeatedGeometry(g), finish);
    });
  } else if (method === 'pointwise') {
    const pixels = g.batch * g.outHeight * g.outWidth;
    const sizes = { m: pixels, n: g.outChannels, k: g.inChannels };
    multiply(backend, simd, {
      a: x,
      transposeA: false,
      b: f,
      transposeB: false,
      c: y,
      ...sizes,
      bias: b,
      finish,
    });
  } else {
    const patches = patchArguments(g);
    withScratch(backend, simd.conv2dScratch(...patches) >>> 0, (scratch) => {
      simd.conv2d(x, f, b, y, g.batch, ...patches, finish.low, finish.high, scratch);
    });
  }
  applyRest(simd, finish, y, output.size, alpha);
  if (method === 'patches') {
    sumWithoutPadding(backend, g, { x: input!, filter: filter!, y: output }, 'y', bias, activation, alpha);
  }
};

export const conv2dInputGradient: SimdKernel<'conv2dInputGradient'> =
  (simd, plain) => (backend, inputs, outputs, attributes) => {
    const [gradient, filter] = inputs;
    const { geometry: g } = attributes;
    const method = methodOf(g, filter!);
    if (!method) {
      plain(backend, inputs, outputs, attributes);
      return;
    }
    const dy = offsetOf(gradient!);
    const f = offsetOf(filter!);
    const dx = offsetOf(outputs[0]!);
    if (method === 'depthwise') {
      depthwiseInputGradient(backend, simd, [dy, f, dx], g);
    } else if (method === 'multiplied depthwise') {
      withSummedChannels(backend, g, dx, (repeated) => {
        depthwiseInputGradient(backend, simd, [dy, f, repeated], repeatedGeometry(g));
      });
    } else if (method === 'pointwise') {
      const sizes = { m: g.batch * g.outHeight * g.outWidth, n: g.inChannels, k: g.outChannels };
      multiply(backend, simd, {
        a: dy,
        transposeA: false,
        b: f,
        transposeB: true,
        c: dx,
        ...sizes,
        bias: 0,
        finish: unfinished,
      });
    } else if (isSparseForInput(simd, dy, g) && isEveryFinite(simd, f, filter!.size)) {
      const patches = patchArguments(g);
      withScratch(backend, simd.sparseInputGradientScratch(...patches) >>> 0, (scratch) => {
        simd.sparseInputGradient(dy, f, dx, g.batch, ...patches, scratch);
      });
    } else {
      const patches = patchArguments(g);
      withScratch(backend, simd.conv2dInputGradientScratch(...patches) >>> 0, (scratch) => {
        simd.conv2dInputGradient(dy, f, 0, dx, g.batch, ...patches, unfinished.low, unfinished.high, scratch);
      });
      sumWithoutPadding(backend, g, { x: outputs[0]!, filter: filter!, y: gradient! }, 'x');
    }
  };

export const conv2dFilterGradient: SimdKernel<'conv2dFilterGradient'> =
  (simd, plain) => (backend, inputs, outputs, attributes) => {
    const [input, gradient] = inputs;
    const output = outputs[0]!;
    const { geometry: g } = attributes;
    const method = methodOf(g, output);
    if (!method) {
      plain(backend, inputs, outputs, attributes);
      return;
    }
    const x = offsetOf(input!);
    const dy = offsetOf(gradient!);
    const df = offsetOf(output);
    if (method === 'depthwise') {
      depthwiseFilterGradient(backend, simd, [x, dy, df], g);
    } else if (method === 'multiplied depthwise') {
      withRepeatedChannels(backend, g, x, (repeated) => {
        depthwiseFilterGradient(backend, simd, [repeated, dy, df], repeatedGeometry(g));
      });
    } else if (method === 'pointwise') {
      const sizes = { m: g.inChannels, n: g.outChannels, k: g.batch * g.outHeight * g.outWidth };
      multiply(backend, simd, {
        a: x,
        transposeA: true,
        b: dy,
        transposeB: false,
        c: df,
        ...sizes,
        bias: 0,
        finish: unfinished,
      });
    } else {
      const patches = patchArguments(g);
      const isDone =
        isSparse(simd, dy, g) &&
        withScratch(
          backend,
          simd.sparseFilterGradientScratch(g.batch, ...patches) >>> 0,
          (scratch) => simd.sparseFilterGradient(x, dy, df, g.batch, ...patches, scratch) !== 0,
        );
      if (isDone) return;
      withScratch(backend, simd.conv2dFilterGradientScratch(g.batch, ...patches) >>> 0, (scratch) => {
        simd.conv2dFilterGradient(x, dy, df, g.batch, ...patches, scratch);
      });
      sumWithoutPadding(backend, g, { x: input!, filter: output, y: gradient! }, 'filter');
    }
  };
