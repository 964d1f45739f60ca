import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import { offsetOf, withScratch, type CpuBackend } from '../backend';
import { sumWithoutPadding } from '../padded-places';
import { applyRest, finishOf, type Finish } from './activation';
import { writeGeometry } from './geometry';
import { repeatedGeometry, withRepeatedChannels, withSummedChannels } from './repeated-channels';
import type { SimdKernel } from './simd-kernel';
import type { SimdExports } from './simd.wasm';
import { isSparse, isSparseForInput } from './sparse-gradient';
import { windowsOverPixel, withLost } from './terms';

/**
 * How a convolution is computed: as one matrix product, channel by channel (each channel repeated first where the filter makes
 * several of it), or patch by patch.
 */
type Method = 'pointwise' | 'depthwise' | 'multiplied depthwise' | 'patches';

/**
 * The method for a filter, whose size gives the number of groups. Undefined where the plain kernels do the work: where there is
 * nothing to compute, and for groups of more than one channel, which no op makes.
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

/** Whether the only patch is the whole image, as it lies in memory. */
function coversImage(g: WindowGeometry): boolean {
  const isDense = g.outHeight * g.outWidth * g.dilationHeight * g.dilationWidth === 1;
  return isDense && g.filterHeight === g.inHeight && g.filterWidth === g.inWidth && !(g.padTop + g.padLeft);
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

/** Convolves each channel of x with a filter of its own. */
function convolveDepthwise(
  backend: CpuBackend,
  simd: SimdExports,
  [x, f, b, y]: readonly [number, number, number, number],
  g: WindowGeometry,
  { low, high }: Finish,
): void {
  withScratch(backend, 4 * Float64Array.BYTES_PER_ELEMENT, (totals) => {
    simd.depthwise(x, f, b, y, writeGeometry(backend, g), low, high, totals);
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
    simd.depthwiseInputGradient(dy, f, dx, writeGeometry(backend, g), lost);
  });
}

function depthwiseFilterGradient(
  backend: CpuBackend,
  simd: SimdExports,
  [x, dy, df]: readonly [number, number, number],
  g: WindowGeometry,
): void {
  const geometry = writeGeometry(backend, g);
  withScratch(backend, simd.depthwiseFilterGradientScratch(geometry) >>> 0, (scratch) => {
    simd.depthwiseFilterGradient(x, dy, df, geometry, scratch);
  });
}

export const conv2d: SimdKernel<'conv2d'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [input, filter, bias] = inputs;
  const output = outputs[0]!;
  const { geometry: g, activation, alpha } = attributes;
  const found = methodOf(g, filter!);
  if (!found) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const method = found === 'patches' && coversImage(g) ? 'pointwise' : found;
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
    const sizes = { m: pixels, n: g.outChannels, k: filter!.size / g.outChannels };
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
    const geometry = writeGeometry(backend, g);
    withScratch(backend, simd.conv2dScratch(geometry) >>> 0, (scratch) => {
      simd.conv2d(x, f, b, y, geometry, finish.low, finish.high, scratch);
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
    } else if (isSparseForInput(simd, dy, f, filter!.size, g)) {
      const geometry = writeGeometry(backend, g);
      withScratch(backend, simd.sparseInputGradientScratch(geometry) >>> 0, (scratch) => {
        simd.sparseInputGradient(dy, f, dx, geometry, scratch);
      });
    } else {
      const geometry = writeGeometry(backend, g);
      withScratch(backend, simd.conv2dInputGradientScratch(geometry) >>> 0, (scratch) => {
        simd.conv2dInputGradient(dy, f, 0, dx, geometry, unfinished.low, unfinished.high, scratch);
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
      const geometry = writeGeometry(backend, g);
      const isDone =
        isSparse(simd, dy, g) &&
        withScratch(
          backend,
          simd.sparseFilterGradientScratch(geometry) >>> 0,
          (scratch) => simd.sparseFilterGradient(x, dy, df, geometry, scratch) !== 0,
        );
      if (isDone) return;
      withScratch(backend, simd.conv2dFilterGradientScratch(geometry) >>> 0, (scratch) => {
        simd.conv2dFilterGradient(x, dy, df, geometry, scratch);
      });
      sumWithoutPadding(backend, g, { x: input!, filter: output, y: gradient! }, 'filter');
    }
  };
