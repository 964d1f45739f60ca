import type { TensorInfo } from '../backend';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';
import type { View } from './readings';
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
