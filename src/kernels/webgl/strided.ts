import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { pointwise, type View } from './pointwise';
import { laneTypeOf } from './textures';

/** Copies a strided view of a tensor to the output. */
export function copyStrided(backend: WebGLBackend, view: View, output: TensorInfo): void {
  pointwise(backend, {
    program: `copy ${laneTypeOf(output.dtype)}`,
    inputs: { x: view },
    output,
    expression: 'x',
  });
}
