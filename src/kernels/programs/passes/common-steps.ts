import type { Operand, Program, Step } from '../program';
import { keptSlots } from '../slot-uses';
import { isPure } from './effects';

/** A text that is the same for equal attributes only. It tells −0 from 0, which JSON does not. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, of]) => `${name}:${textOf(of)}`)
      .sort()
      .join()}}`;
  }
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

const shapesOf = (operands: readonly Operand[]): string =>
  operands.map(({ shape }) => shape.join('×')).join();

/**
 * Takes equal steps (kernel, attributes, inputs, shapes of outputs) once. Steps whose outputs outlive the run stay: two results of one
 * slot would be views of each other, which they are not where the function runs unrecorded.
 */
export function withoutCommonSteps(program: Program): Program {
  const kept = keptSlots(program);
  const same = new Map<number, number>();
  const seen = new Map<string, Step>();
  const current = ({ slot, shape }: Operand): Operand => ({ slot: same.get(slot) ?? slot, shape });
  const steps: Step[] = [];
  for (const step of program.steps) {
    const inputs = step.inputs.map(current);
    const dtypes = step.outputs.map(({ slot }) => program.slots[slot]!.dtype).join();
    const slots = inputs.map(({ slot }) => slot).join();
    const key = [
      step.kernel,
      textOf(step.attributes),
      slots,
      shapesOf(inputs),
      shapesOf(step.outputs),
      dtypes,
    ].join(';');
    const before = isPure(step) && step.outputs.length > 0 ? seen.get(key) : undefined;
    if (before && !step.outputs.some(({ slot }) => kept.has(slot))) {
      step.outputs.forEach(({ slot }, i) => same.set(slot, before.outputs[i]!.slot));
      continue;
    }
    const taken = same.size > 0 ? { ...step, inputs } : step;
    if (!before) seen.set(key, taken);
    steps.push(taken);
  }
  return same.size > 0 ? { ...program, steps } : program;
}
