import { outputSlots } from '../kernels/programs/output-slots';
import type { Program } from '../kernels/programs/program';

/**
 * The updates whose new values may be written over the old ones, as the captured tensor's position for each of the {@link outputSlots}; -1 where new storage
 * is needed. An optimizer's kernel reads an element of the variable and writes the new one in its place. After the first such step nothing may
 * need memory any more: a replay that fails must leave all variables as they were.
 */
export function inPlaceOutputs(program: Program): readonly number[] {
  const { slots, steps, results, updates } = program;
  const outputs = outputSlots(program);
  const isOutput = new Set(outputs);
  let tail = steps.length;
  while (tail > 0 && steps[tail - 1]!.outputs.every(({ slot }) => isOutput.has(slot))) tail--;
  return outputs.map((slot) => {
    const taken = updates.filter((each) => each.slot === slot);
    if (taken.length !== 1 || results.some((each) => each.slot === slot)) return -1;
    const { captured } = taken[0]!;
    const old = slots.findIndex(({ origin }) => origin.kind === 'captured' && origin.position === captured);
    const isOld = (each: { readonly slot: number }): boolean => each.slot === old;
    if (results.some(isOld) || updates.some(isOld)) return -1;
    const writer = steps.findIndex((step) => step.outputs.some((each) => each.slot === slot));
    if (writer < tail || steps[writer]!.kernel !== 'update') return -1;
    // [value, gradient, …slots] → [value, …slots]
    const place = steps[writer]!.outputs.findIndex((each) => each.slot === slot);
    const reads = steps[writer]!.inputs.flatMap((each, i) => (isOld(each) ? i : []));
    const isOwn = reads.length === 1 && reads[0] === (place === 0 ? 0 : place + 1);
    const later = steps.slice(writer + 1).some(({ inputs }) => inputs.some(isOld));
    return isOwn && !later ? captured : -1;
  });
}
