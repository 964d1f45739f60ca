import type { TensorInfo } from '../../backend';
import type { KernelAttributes } from '../../kernel-table';
import type { WebGLBackend } from '../../webgl/backend';
import { asInput } from '../../webgl/output-layouts';
import { chooseLayout, type TextureLayout } from '../../webgl/texture-layout';
import { update } from '../../webgl/update';
import { isUpdate } from '../passes/joined-updates';
import type { Task } from '../schedule';

/** Draws what a task does, with the attributes of a run. */
type Draw = (
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: KernelAttributes['update'],
) => void;

/** The kernel of an update, of those that {@link withJoinedUpdates} has joined too; null for another task. */
export function updatesOf(task: Task): Draw | null {
  if (!isUpdate(task)) return null;
  return (backend, inputs, outputs, attributes) =>
    backend.runOwn('update', updates, layoutOfFirst, inputs, outputs, attributes);
}

/** The layout of the first variable, which is the largest. All outputs are filled by one draw, which leaves no attachments for layers. */
function layoutOfFirst(
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): TextureLayout {
  const layout = asInput(backend, inputs.slice(0, 1), outputs);
  return layout?.layers === 1 ? layout : chooseLayout(outputs[0]!.shape, backend.maxTextureSize);
}

/** Updates the variables. The gradient of a product has layers: where its rows are as long, they are read row by row. */
function updates(
  backend: WebGLBackend,
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  attributes: KernelAttributes['update'],
): void {
  const { width } = backend.textureOf(outputs[0]!).layout;
  const byRow = inputs.map((input) => {
    const { layout } = backend.textureOf(input);
    return layout.width === width && layout.layers > 1;
  });
  update(backend, inputs, outputs, attributes, byRow);
}
