import type { Kernel } from '../kernel-table';
import type { DataType } from '../dtype';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';
import { laneTypeOf } from './textures';

/** Truncates, and wraps modulo 2³² as a store to an Int32Array does. GLSL leaves the conversion of numbers out of range undefined. */
const TO_INT = `int to_int(float v) {
  if (is_nan(v) || is_inf(v)) return 0;
  if (abs(v) < 2147483648.0) return int(v);
  return int(uint(v - 4294967296.0 * floor(v * ${2 ** -32})));
}`;

export const cast: Kernel<WebGLBackend, 'cast'> = (backend, [x], [y]) => {
  const from = laneTypeOf(x!.dtype);
  const to = y!.dtype;
  const forms: Record<DataType, string> = {
    float32: 'float(x)',
    int32: from === 'float' ? 'to_int(x)' : 'x',
    bool: from === 'float' ? 'is_nan(x) || x != 0.0 ? 1 : 0' : 'x != 0 ? 1 : 0',
  };
  pointwise(backend, {
    program: `cast ${from} ${to}`,
    inputs: { x: { tensor: x! } },
    output: y!,
    functions: TO_INT,
    expression: forms[to],
  });
};
