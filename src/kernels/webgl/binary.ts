import type { Kernel } from '../kernel-table';
import { binaryFunctions } from '../binary-functions';
import type { WebGLBackend } from './backend';
import { broadcastView, pointwise } from './pointwise';
import { laneTypeOf } from './textures';

export const binary: Kernel<WebGLBackend, 'binary'> = (backend, [a, b], [y], { name }) => {
  const row = binaryFunctions[name];
  const exact = a!.dtype === 'float32' ? undefined : row.int;
  const form = exact ?? row;
  const type = exact ? 'int' : 'float';
  pointwise(backend, {
    program: `binary ${name} ${type}`,
    inputs: {
      a: broadcastView(a!, y!),
      b: broadcastView(b!, y!),
    },
    output: y!,
    functions: `${form.glslFunctions ?? ''}
      ${type} row_of(${type} a, ${type} b) { return ${form.glsl}; }`,
    expression: `${laneTypeOf(y!.dtype)}(row_of(${type}(a), ${type}(b)))`,
  });
};
