/** Kernels that only move elements. */
import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { mergeAxes, sizeOf, stridesOf } from '../strides';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { list, unravel } from './wgsl';

/** y of a shape: at each index, x at `start` + Σ index·stride. */
function view(
  backend: WebGPUBackend,
  x: TensorInfo,
  y: TensorInfo,
  { shape, strides, start = 0 }: { shape: readonly number[]; strides: readonly number[]; start?: number },
): void {
  if (y.size === 0) return;
  const nest = mergeAxes(shape, [strides]);
  const rank = nest.shape.length;
  dispatch(backend, {
    program: `view ${rank}`,
    inputs: { x },
    outputs: { y },
    form: 'element',
    ints: { s: nest.shape, stride: nest.strides[0]!, start },
    source: () => `
      fn result(i: i32) -> T {
        ${unravel(rank)}
        return x[u.start + ${list(rank, (k) => `c${k} * u.stride${k}`, ' + ')}];
      }`,
  });
}

export const transpose: Kernel<WebGPUBackend, 'transpose'> = (backend, [x], [y], { permutation }) => {
  const strides = stridesOf(x!.shape);
  view(backend, x!, y!, { shape: y!.shape, strides: permutation.map((axis) => strides[axis]!) });
};

export const slice: Kernel<WebGPUBackend, 'slice'> = (backend, [x], [y], { begin, strides: steps }) => {
  const strides = stridesOf(x!.shape);
  view(backend, x!, y!, {
    shape: y!.shape,
    strides: strides.map((stride, axis) => stride * steps[axis]!),
    start: begin.reduce((sum, first, axis) => sum + first * strides[axis]!, 0),
  });
};

/** Each axis is seen as two: the repeats, and the extent. */
export const tile: Kernel<WebGPUBackend, 'tile'> = (backend, [x], [y]) => {
  const strides = stridesOf(x!.shape);
  view(backend, x!, y!, {
    shape: x!.shape.flatMap((extent, axis) => [extent === 0 ? 0 : y!.shape[axis]! / extent, extent]),
    strides: strides.flatMap((stride) => [0, stride]),
  });
};

/** WGSL that turns the output coordinate c, less the padding before, into an input coordinate on an axis of n elements. */
const coordinate = {
  constant: (c: string, n: string) => `if (${c} < 0 || ${c} >= ${n}) { return u.padding; }`,
  reflect: (c: string, n: string) =>
    `if (${c} < 0) { ${c} = -${c}; } else if (${c} >= ${n}) { ${c} = 2 * ${n} - 2 - ${c}; }`,
  symmetric: (c: string, n: string) =>
    `if (${c} < 0) { ${c} = -1 - ${c}; } else if (${c} >= ${n}) { ${c} = 2 * ${n} - 1 - ${c}; }`,
};

export const pad: Kernel<WebGPUBackend, 'pad'> = (backend, [x], [y], { before, mode, value }) => {
  const rank = Math.max(1, y!.shape.length);
  const orOne = (shape: readonly number[]): readonly number[] => (shape.length === 0 ? [1] : shape);
  const isFloat = typeOf(y!.dtype) === 'f32';
  dispatch(backend, {
    program: `pad ${mode} ${rank}`,
    inputs: { x: x! },
    outputs: { y: y! },
    form: 'element',
    ints: {
      s: orOne(y!.shape),
      n: orOne(x!.shape),
      stride: stridesOf(orOne(x!.shape)),
      before: before.length === 0 ? [0] : before,
      ...(!isFloat && { padding: value }),
    },
    floats: isFloat ? { padding: value } : {},
    source: () => `
      fn result(i: i32) -> T {
        ${unravel(rank)}
        ${list(rank, (k) => `var p${k} = c${k} - u.before${k}; ${coordinate[mode](`p${k}`, `u.n${k}`)}`)}
        return x[${list(rank, (k) => `p${k} * u.stride${k}`, ' + ')}];
      }`,
  });
};

/** Each element of dx adds up its own place in dy and its mirror image in the padding on either side. */
export const mirrorPadGradient: Kernel<WebGPUBackend, 'mirrorPadGradient'> = (
  backend,
  [dy],
  [dx],
  { outer, extent, inner, before, mode },
) => {
  dispatch(backend, {
    program: 'mirrorPadGradient',
    inputs: { dy: dy! },
    outputs: { dx: dx! },
    form: 'element',
    ints: {
      extent,
      inner,
      before,
      padded: dy!.size / (outer * inner),
      repeated: mode === 'symmetric' ? 1 : 0,
    },
    source: () => `
      fn result(i: i32) -> T {
        let row = i / u.inner;
        let group = row / u.extent;
        let position = row - group * u.extent;
        let base = group * u.padded;
        let j = i - row * u.inner;
        var sum = dy[(base + u.before + position) * u.inner + j];
        var mirrored = u.before - position - u.repeated;
        if (mirrored >= 0 && mirrored < u.before) { sum += dy[(base + mirrored) * u.inner + j]; }
        mirrored = u.before + 2 * (u.extent - 1) + u.repeated - position;
        if (mirrored >= u.before + u.extent && mirrored < u.padded) { sum += dy[(base + mirrored) * u.inner + j]; }
        return sum;
      }`,
  });
};

/** Copies one input after the other. */
export const concat: Kernel<WebGPUBackend, 'concat'> = (backend, inputs, [y], { axis }) => {
  const total = sizeOf(y!.shape.slice(axis));
  let start = 0;
  for (const x of inputs) {
    const run = sizeOf(x.shape.slice(axis));
    dispatch(backend, {
      program: 'concat',
      inputs: { x },
      outputs: { y: y! },
      form: 'cell',
      count: x.size,
      ints: { run, total, start },
      source: () => `
        fn work(i: i32) {
          let row = i / u.run;
          y[row * u.total + u.start + i - row * u.run] = x[i];
        }`,
    });
    start += run;
  }
};
