import type { Kernel } from '../kernel-table';
import { unaryFunctions } from '../unary-functions';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';
import { laneTypeOf } from './textures';

export const unary: Kernel<WebGLBackend, 'unary'> = (backend, [x], [y], { name, p, q }) => {
  const row = unaryFunctions[name];
  const exact = x!.dtype === 'float32' ? undefined : row.int;
  const type = exact ? 'int' : 'float';
  pointwise(backend, {
    program: `unary ${name} ${type}`,
    inputs: { x: { tensor: x! } },
    output: y!,
    ints: exact ? [p, q] : [],
    floats: exact ? [] : [p, q],
    functions: `${exact ? '' : (row.glslFunctions ?? '')}
      ${type} row_of(${type} x, ${type} p, ${type} q) { return ${(exact ?? row).glsl}; }`,
    expression: `${laneTypeOf(y!.dtype)}(row_of(${type}(x), parameter0, parameter1))`,
  });
};
