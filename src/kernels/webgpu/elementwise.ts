import type { DataType } from '../dtype';
import type { Kernel } from '../kernel-table';
import { activationGradients } from '../activation-gradients';
import { binaryFunctions } from '../binary-functions';
import { unaryFunctions } from '../unary-functions';
import type { WebGPUBackend } from './backend';
import { typeOf } from './dispatch';
import { broadcastView, pointwise } from './pointwise';
import { formFunction } from './prelude';

const wgslType = { float: 'f32', int: 'i32' } as const;

export const unary: Kernel<WebGPUBackend, 'unary'> = (backend, [x], [y], { name, p, q }) => {
  const row = unaryFunctions[name];
  const exact = x!.dtype === 'float32' ? undefined : row.int;
  const type = exact ? 'int' : 'float';
  pointwise(backend, {
    program: `unary ${name} ${type}`,
    inputs: { x: { tensor: x! } },
    output: y!,
    [exact ? 'ints' : 'floats']: { p, q },
    functions: () =>
      formFunction(
        'row_of',
        type,
        [
          [type, 'x'],
          [type, 'p'],
          [type, 'q'],
        ],
        exact ?? row,
      ),
    expression: `T(row_of(${wgslType[type]}(x), u.p, u.q))`,
  });
};

export const binary: Kernel<WebGPUBackend, 'binary'> = (backend, [a, b], [y], { name }) => {
  const row = binaryFunctions[name];
  const exact = a!.dtype === 'float32' ? undefined : row.int;
  const type = exact ? 'int' : 'float';
  pointwise(backend, {
    program: `binary ${name} ${type}`,
    inputs: { a: broadcastView(a!, y!), b: broadcastView(b!, y!) },
    output: y!,
    functions: () =>
      formFunction(
        'row_of',
        type,
        [
          [type, 'a'],
          [type, 'b'],
        ],
        exact ?? row,
      ),
    expression: `T(row_of(${wgslType[type]}(a), ${wgslType[type]}(b)))`,
  });
};

export const activationGradient: Kernel<WebGPUBackend, 'activationGradient'> = (
  backend,
  [dy, y],
  [dx],
  { name, alpha },
) => {
  pointwise(backend, {
    program: `activationGradient ${name}`,
    inputs: { dy: { tensor: dy! }, y: { tensor: y! } },
    output: dx!,
    floats: { alpha },
    functions: () =>
      formFunction(
        'row_of',
        'float',
        [
          ['float', 'dy'],
          ['float', 'y'],
          ['float', 'alpha'],
        ],
        activationGradients[name],
      ),
    expression: 'row_of(dy, y, u.alpha)',
  });
};

export const select: Kernel<WebGPUBackend, 'select'> = (backend, [condition, a, b], [y]) => {
  pointwise(backend, {
    program: 'select',
    inputs: {
      condition: broadcastView(condition!, y!),
      a: broadcastView(a!, y!),
      b: broadcastView(b!, y!),
    },
    output: y!,
    expression: 'select(b, a, condition != 0)',
  });
};

/** Truncates, and wraps modulo 2³² as a store to an Int32Array does. */
const TO_INT = `fn to_int(v: f32) -> i32 {
  if (is_nan(v) || is_inf(v)) { return 0; }
  if (abs(v) < 2147483648.0) { return i32(v); }
  return bitcast<i32>(u32(v - 4294967296.0 * floor(v * ${2 ** -32})));
}`;

export const cast: Kernel<WebGPUBackend, 'cast'> = (backend, [x], [y]) => {
  const from = typeOf(x!.dtype);
  const to = y!.dtype;
  const forms: Record<DataType, string> = {
    float32: 'f32(x)',
    int32: from === 'f32' ? 'to_int(x)' : 'x',
    bool: from === 'f32' ? 'select(0, 1, is_nan(x) || x != 0.0)' : 'select(0, 1, x != 0)',
  };
  pointwise(backend, {
    program: `cast ${from} ${to}`,
    inputs: { x: { tensor: x! } },
    output: y!,
    functions: () => TO_INT,
    expression: forms[to],
  });
};
