import type { TensorInfo } from '../backend';
import type { KernelAttributes, KernelName } from '../kernel-table';
import type { WebGLBackend } from './backend';
import type { TextureLayout } from './texture-layout';
import { layoutOfTranspose } from './transpose';

/**
 * Chooses the layout of a kernel's output textures, before it runs. null: the layout that `chooseLayout` gives for their shape;
 * 'own': no textures, since the kernel makes them, or computes on the host and writes the values.
 */
export type ChooseLayout<A> = (
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: A,
) => TextureLayout | null | 'own';

export type OutputLayout<K extends KernelName> = ChooseLayout<KernelAttributes[K]>;

export type OutputLayouts = { readonly [K in KernelName]?: OutputLayout<K> };

/** The layout of the first input that has the output's size: then fragments read it at their own coordinates. */
export function asInput(
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  [output]: readonly TensorInfo[],
): TextureLayout | null {
  const { size } = output!;
  if (size > 1) for (const input of inputs) if (input.size === size) return backend.textureOf(input).layout;
  return null;
}

const own = (): 'own' => 'own';

/** The kernels whose outputs do not have the layout that `chooseLayout` gives. */
export const outputLayouts: OutputLayouts = {
  activationGradient: asInput,
  binary: asInput,
  cast: asInput,
  conv2d: own,
  conv2dFilterGradient: own,
  conv2dInputGradient: own,
  custom: (backend, inputs, outputs, { glsl }) => (glsl === null ? 'own' : null),
  matMul: own,
  ramp: own,
  select: asInput,
  transpose: layoutOfTranspose,
  unary: asInput,
  // All outputs are filled by one draw, which leaves no attachments for layers.
  update: (backend, inputs, outputs) => {
    const layout = asInput(backend, inputs.slice(0, 1), outputs);
    return layout?.layers === 1 ? layout : null;
  },
};
