import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import type { WebGLBackend } from '../../webgl/backend';
import { maxPoolGradientAt } from '../../webgl/max-pool-gradient';
import { disjointMaxPoolGradient, hasDisjointWindows } from './disjoint-max-pool-gradient';
import { hasIndicesInOneDraw, maxPoolWithIndices } from './max-pool-with-indices';
import { textOf } from '../passes/common-steps';
import type { Operand, Slot, Step } from '../program';
import type { Schedule, Task } from '../schedule';

/**
 * Lets a max-pool note where its results come from, for its gradient, which would search each window again: a second target of a draw costs less
 * than another draw.
 */
export function withPoolIndices(schedule: Schedule): Schedule {
  const slots: Slot[] = [...schedule.slots];
  const keyOf = (x: Operand, geometry: WindowGeometry): string => `${x.slot} ${textOf(geometry)}`;
  const wanted = new Set(
    schedule.tasks.flatMap((task) =>
      isOf(task, 'maxPoolGradient') ? [keyOf(task.inputs[1]!, task.attributes.geometry)] : [],
    ),
  );
  const indices = new Map<string, Operand>();
  const tasks = schedule.tasks.map((task): Task => {
    if (isOf(task, 'pool')) {
      const { geometry, mode } = task.attributes;
      const key = keyOf(task.inputs[0]!, geometry);
      if (mode !== 'max' || !wanted.has(key) || indices.has(key) || !hasIndicesInOneDraw(geometry))
        return task;
      const y = task.outputs[0]!;
      const { size } = slots[y.slot]!;
      const slot = slots.push({ dtype: 'int32', size, origin: { kind: 'step' } }) - 1;
      const own = { slot, shape: y.shape };
      indices.set(key, own);
      return { ...task, outputs: [y, own] };
    }
    if (!isOf(task, 'maxPoolGradient')) return task;
    const [dy, x] = task.inputs as [Operand, Operand];
    const own = indices.get(keyOf(x, task.attributes.geometry));
    return own ? { ...task, inputs: [dy, own] } : task;
  });
  return indices.size > 0 ? { ...schedule, slots, tasks } : schedule;
}

/** The kernel of a task that {@link withPoolIndices} has changed; null for another, which is of the table. */
export function ownKernelOf(
  task: Task,
  slots: Schedule['slots'],
): ((backend: WebGLBackend, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]) => void) | null {
  const isOwn =
    (isOf(task, 'pool') && task.outputs.length === 2) ||
    (isOf(task, 'maxPoolGradient') && slots[task.inputs[1]!.slot]!.dtype === 'int32');
  if (!isOwn) return null;
  const { kernel, attributes } = task;
  if (kernel === 'maxPoolGradient' && hasDisjointWindows(attributes.geometry))
    return (backend, inputs, outputs) =>
      backend.runOwn(kernel, disjointMaxPoolGradient, undefined, inputs, outputs, attributes);
  const draw = kernel === 'pool' ? maxPoolWithIndices : maxPoolGradientAt;
  return (backend, inputs, outputs) => backend.runOwn(kernel, draw, undefined, inputs, outputs, attributes);
}

function isOf<K extends 'pool' | 'maxPoolGradient'>(task: Task, kernel: K): task is Step<K> {
  return task.kernel === kernel && task.varying === undefined;
}
