import type { TensorInfo } from '../backend';
import type { KernelAttributes, KernelName } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { layoutOfConv2d } from './conv2d';
import { layoutOfFilterGradient } from './conv2d-filter-gradient';
import { layoutOfInputGradient } from './conv2d-input-gradient';
import type { TextureLayout } from './texture-layout';
import { layoutOfProduct } from './mat-mul';
import { layoutOfTranspose } from './transpose';

/**
 * Chooses the layout of a kernel's output textures, before it runs. null: the layout that `chooseLayout` gives for their shape;
 * 'host': no textures, since the kernel computes on the host and writes the values.
 */
export type OutputLayout<K extends KernelName> = (
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: KernelAttributes[K],
) => TextureLayout | null | 'host';

export type OutputLayouts = { readonly [K in KernelName]?: OutputLayout<K> };

/** The layout of the first input that has the output's size: then fragments read it at their own coordinates. */
function asInput(
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  [output]: readonly TensorInfo[],
): TextureLayout | null {
  const like = output!.size > 1 ? inputs.find(({ size }) => size === output!.size) : undefined;
  return like ? backend.textureOf(like).layout : null;
}

/** The kernels whose outputs do not have the layout that `chooseLayout` gives. */
export const outputLayouts: OutputLayouts = {
  activationGradient: asInput,
  binary: asInput,
  cast: asInput,
  conv2d: layoutOfConv2d,
  conv2dFilterGradient: layoutOfFilterGradient,
  conv2dInputGradient: layoutOfInputGradient,
  custom: (backend, inputs, outputs, { glsl }) => (glsl === null ? 'host' : null),
  matMul: (backend, [a, b, bias], [y], attributes) =>
    layoutOfProduct(backend, { a: a!, b: b!, bias, y: y!, attributes }),
  ramp: () => 'host',
  select: asInput,
  transpose: layoutOfTranspose,
  unary: asInput,
  // All outputs are filled by one draw, which leaves no attachments for layers.
  update: (backend, inputs, outputs) => {
    const layout = asInput(backend, inputs.slice(0, 1), outputs);
    return layout?.layers === 1 ? layout : null;
  },
};
