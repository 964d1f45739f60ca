import type { Kernel } from '../kernel-table';
import type { TypedArray } from '../dtype';
import { samplePicture } from '../picture';
import { fillRamp } from '../ramp';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';

export const fill: Kernel<WebGPUBackend, 'fill'> = (backend, _inputs, [y], { value }) => {
  dispatch(backend, {
    program: 'fill',
    inputs: {},
    outputs: { y: y! },
    form: 'element',
    [typeOf(y!.dtype) === 'f32' ? 'floats' : 'ints']: { value },
    source: () => 'fn result(i: i32) -> T { return u.value; }',
  });
};

/** Whole numbers below are exact as float32. */
const WHOLE = 2 ** 24;

/** The numbers are computed in float64, as on every backend: on the host, but for whole numbers, which are exact everywhere. */
export const ramp: Kernel<WebGPUBackend, 'ramp'> = (backend, _inputs, [y], attributes) => {
  const { start, step, last } = attributes;
  const end = start + step * y!.size;
  const isWhole = Number.isInteger(start) && Number.isInteger(step);
  if (last === undefined && isWhole && Math.max(Math.abs(start), Math.abs(end)) < WHOLE) {
    dispatch(backend, {
      program: 'ramp',
      inputs: {},
      outputs: { y: y! },
      form: 'element',
      ints: { start, step },
      source: () => 'fn result(i: i32) -> T { return T(u.start + i * u.step); }',
    });
    return;
  }
  const values: TypedArray = y!.dtype === 'float32' ? new Float32Array(y!.size) : new Int32Array(y!.size);
  fillRamp(values, attributes);
  backend.write(y!.handle, values);
};

/** The picture is sampled by the processor, from the bytes that a canvas gives. */
export const fromPixels: Kernel<WebGPUBackend, 'fromPixels'> = (backend, _inputs, [y], attributes) => {
  const values = y!.dtype === 'float32' ? new Float32Array(y!.size) : new Int32Array(y!.size);
  samplePicture(values, y!.shape as [number, number, number], attributes);
  backend.write(y!.handle, values);
};

export const oneHot: Kernel<WebGPUBackend, 'oneHot'> = (backend, [indices], [y], { depth, on, off }) => {
  dispatch(backend, {
    program: 'oneHot',
    inputs: { indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { depth, ...(typeOf(y!.dtype) === 'i32' && { on, off }) },
    floats: typeOf(y!.dtype) === 'f32' ? { on, off } : {},
    source: () => `
      fn result(i: i32) -> T {
        let row = i / u.depth;
        return select(u.off, u.on, indices[row] == i - row * u.depth);
      }`,
  });
};
