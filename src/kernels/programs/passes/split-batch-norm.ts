import type { Operand, Slot, Step } from '../program';
import type { Schedule, Task } from '../schedule';

/** The last axes of a shape that have `size` elements. */
function lastAxes(shape: readonly number[], size: number): readonly number[] {
  let from = shape.length;
  for (let product = 1; product < size && from > 0;) product *= shape[--from]!;
  return shape.slice(from);
}

/**
 * Takes batch normalisations apart into slopes and three elementwise steps, which can be in a chain: x − mean, · slope, + offset. The CPU's
 * kernel computes the same in the same order, so the bits are the same.
 */
export function withSplitBatchNorm(schedule: Schedule): Schedule {
  if (!schedule.tasks.some(({ kernel }) => kernel === 'batchNorm')) return schedule;
  const slots: Slot[] = [...schedule.slots];
  const newSlot = (size: number): number =>
    slots.push({ dtype: 'float32', size, origin: { kind: 'step' } }) - 1;
  const tasks = schedule.tasks.flatMap((task): Task[] => {
    if (task.kernel !== 'batchNorm') return [task];
    const { attributes, inputs, outputs, op } = task as Step<'batchNorm'>;
    const [x, mean, variance, offset, scale] = inputs as [Operand, Operand, Operand, Operand, Operand];
    const { shape } = outputs[0]!;
    const { size } = slots[mean.slot]!;
    const row = lastAxes(shape, size);
    const repeated = ({ slot }: Operand): Operand => ({ slot, shape: row });
    const slope = { slot: newSlot(size), shape: row };
    const [centred, scaled] = [slots[x.slot]!.size, slots[x.slot]!.size].map((own) => ({
      slot: newSlot(own),
      shape,
    })) as [Operand, Operand];
    const step = (name: 'sub' | 'mul' | 'add', a: Operand, b: Operand, y: Operand): Step<'binary'> => ({
      op,
      kernel: 'binary',
      attributes: { name },
      inputs: [a, b],
      outputs: [y],
    });
    return [
      { kernel: 'slopes', epsilon: attributes.epsilon, inputs: [variance, scale], outputs: [slope] },
      step('sub', { slot: x.slot, shape }, repeated(mean), centred),
      step('mul', centred, slope, scaled),
      step('add', scaled, repeated(offset), outputs[0]!),
    ];
  });
  return { ...schedule, slots, tasks };
}
